"""What a batch says while it runs: bars on a terminal, plain lines elsewhere, or JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from vidtag.batch.events import Begun, Ended, Event, Failed, Finished, Noted, Progressed, Started
from vidtag.records.reports import readable
from vidtag.times import format_time

if TYPE_CHECKING:
    from vidtag.batch.planning import Planned

Tell = Callable[[Event], None]


@contextmanager
def talking(*, quiet: bool, as_json: bool) -> Iterator[Tell]:
    """Give what tells of a batch: failures on stderr in any case.

    Args:
        quiet: nothing else.
        as_json: everything as lines of JSON on stdout.
    """
    if as_json:
        yield _tell_json
    elif quiet:
        yield _tell_failures
    elif sys.stderr.isatty():
        from vidtag.cli.batchbars import bars

        with bars() as shown:
            yield shown
    else:
        yield PlainTalk()


def print_plan(plan: "Sequence[Planned]", episodes: int, *, as_json: bool) -> None:
    """Print what a run would do, a line an episode."""
    for planned in plan:
        stages = planned.job.stages if planned.job else ()
        network = bool(planned.job and planned.job.network)
        reason = planned.failure.reason if planned.failure else None
        if as_json:
            line = {"event": "plan", "episode": planned.name, "stages": stages, "network": network, "reason": reason}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            what = _work(stages, network) if reason is None else f"cannot be done: {reason}"
            click.echo(f"{one_line(planned.name)}: {one_line(what)}")
    if not as_json:
        click.echo(f"{len(plan)} of {episodes} episodes to do")


def spoken(event: Event) -> str | None:
    """Say an event in one line, None if it is not worth one."""
    match event:
        case Started():
            return f"{event.episodes} episodes, {event.to_do} to do, {event.workers} at once, into {event.output}"
        case Begun():
            return f"{event.episode}: begun ({_work(event.stages, event.network)})"
        case Finished():
            speed = f", {event.film_s / event.took_s:.1f} x real time" if event.took_s else ""
            return f"{event.episode}: done in {format_time(event.took_s)}{speed}"
        case Failed():
            return f"{event.episode}: failed: {event.reason}"
        case Noted():
            return f"note: {event.text}"
        case Ended():
            return (
                f"{event.done} done, {event.failed} failed, {event.unchanged} were done before, {event.left} left, "
                f"in {format_time(event.took_s)}"
            )
    return None


def one_line(text: str) -> str:
    """Keep a text on one line of a terminal, whatever a name in it holds."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in readable(text))


class PlainTalk:
    """Says lines on stderr, with how far all of it is behind every episode."""

    def __init__(self) -> None:
        self._all = Overall()

    def __call__(self, event: Event) -> None:
        """Say an event."""
        self._all.add(event)
        text = spoken(event)
        if text is not None:
            rest = f"; {self._all}" if isinstance(event, Finished) else ""
            click.echo(one_line(text + rest), err=True)
        if isinstance(event, Finished):
            for note in event.notes:
                click.echo(one_line(f"{event.episode}: note: {note}"), err=True)


class Overall:
    """How far a batch is, by the sizes of its films."""

    def __init__(self) -> None:
        import time

        self._clock = time.monotonic
        self._began = self._clock()
        self._sizes: dict[str, int] = {}
        self._shares: dict[str, float] = {}
        self.size = 0

    def add(self, event: Event) -> None:
        """Count an event in."""
        match event:
            case Started():
                self.size, self._began = event.size, self._clock()
            case Begun():
                self._sizes[event.episode] = event.size
            case Progressed() if event.total_s:
                self._shares[event.episode] = min(1.0, event.done_s / event.total_s)
            case Finished() | Failed():
                self._shares[event.episode] = 1.0

    @property
    def done(self) -> float:
        """Bytes of film done."""
        return sum(share * self._sizes.get(name, 0) for name, share in self._shares.items())

    @property
    def left_s(self) -> float | None:
        """Seconds left at the pace so far; None before there is any."""
        return (self._clock() - self._began) * (self.size - self.done) / self.done if self.done else None

    def __str__(self) -> str:
        share = self.done / self.size if self.size else 1.0
        left = self.left_s
        return f"{share:.0%} of all" + ("" if left is None else f", {format_time(left)} left")


def _tell_json(event: Event) -> None:
    click.echo(json.dumps(event.to_json()))
    if isinstance(event, Failed | Noted):
        _tell_failures(event)


def _tell_failures(event: Event) -> None:
    if isinstance(event, Failed):
        click.echo(one_line(f"{event.episode}: failed: {event.reason}"), err=True)


def _work(stages: Sequence[str], network: bool) -> str:
    return ", ".join(stages) + ("" if network else ", from scores that are there")
