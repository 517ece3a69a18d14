"""What a batch says while it runs: bars on a terminal, plain lines elsewhere, or JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from vidtag.batch.events import Event, Failed, Finished, Noted
from vidtag.cli.batchwords import Overall, one_line, spoken, work_in_words

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
            what = work_in_words(stages, network) if reason is None else f"cannot be done: {reason}"
            click.echo(f"{one_line(planned.name)}: {one_line(what)}")
    if not as_json:
        click.echo(f"{len(plan)} of {episodes} episodes to do")


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


def _tell_json(event: Event) -> None:
    click.echo(json.dumps(event.to_json()))
    if isinstance(event, Failed | Noted):
        _tell_failures(event)


def _tell_failures(event: Event) -> None:
    if isinstance(event, Failed):
        click.echo(one_line(f"{event.episode}: failed: {event.reason}"), err=True)
