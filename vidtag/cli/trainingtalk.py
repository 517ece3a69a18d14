"""What a training says on stderr: lines, and how far it is, on a terminal in one line that changes."""

import shutil
import sys
import time
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vidtag.training.pace import Pace

_SECONDS_ON_TERMINAL, _SECONDS_IN_PIPE = 0.2, 10.0
_CLEAR = "\r\x1b[K"


class TrainingTalk:
    """Says what a training reports; clears the changing line at the end.

    Args:
        quiet: say nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._live = quiet, sys.stderr.isatty()
        self._next = 0.0
        self._shown = False

    def __enter__(self) -> "TrainingTalk":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._clear()

    def say(self, line: str) -> None:
        """Say a line."""
        if not self._quiet:
            self._clear()
            click.echo(line, err=True)

    def watch(self, pace: "Pace") -> None:
        """Say how far it is, every 0.2 s on a terminal and every 10 s in a pipe."""
        if self._quiet or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (_SECONDS_ON_TERMINAL if self._live else _SECONDS_IN_PIPE)
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            click.echo(f"{_CLEAR}{describe(pace)[:width]}", nl=False, err=True)
            self._shown = True
        else:
            click.echo(f"  {describe(pace)}", err=True)

    def _clear(self) -> None:
        if self._shown:
            click.echo(_CLEAR, nl=False, err=True)
            self._shown = False


def describe(pace: "Pace") -> str:
    """Give where a training is, how fast it goes and how long it will go on, as a line."""
    line = f"epoch {pace.epoch}/{pace.epochs}, step {pace.step}/{pace.steps}: loss {pace.loss:.4f}"
    if pace.seconds_left is None:
        return line
    return f"{line}, {pace.frames_per_second:.3g} frames/s, {timedelta(seconds=round(pace.seconds_left))} left"
