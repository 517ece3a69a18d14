"""Live progress on a terminal; silence in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidtag.scoring import Progress

LEAST_NAME, FIGURES = 12, 48  # columns for the name at least, and for all that stands behind it


@contextmanager
def live_progress(what: str, *, quiet: bool) -> Iterator["Progress | None"]:
    """Show percent, speed as a multiple of real time, and time left on stderr, if that is a terminal.

    Args:
        what: the name in front of the bar.
        quiet: show nothing in any case.

    Yields:
        What the pipeline calls with the seconds of film done and in all, or None if nothing is shown.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    name = _shortened(what, max(LEAST_NAME, console.width - FIGURES)).replace("[", r"\[")
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(name, total=None, pace="")

        def report(done: float, total: float | None) -> None:
            took = shown.tasks[0].elapsed or 0
            shown.update(task, completed=done, total=total, pace=f"{done / took:.1f} x real time" if took else "")

        yield report


def _shortened(name: str, columns: int) -> str:
    """Cut a name to a number of columns, or the figures behind it would be cut."""
    shown = "".join(character if character.isprintable() else "?" for character in name)
    return shown if len(shown) <= columns else shown[: columns - 1] + "…"
