"""A batch in words: its events as lines, and how far it is."""

import time
from collections.abc import Sequence

from vidtag.batch.events import Begun, Ended, Event, Failed, Finished, Noted, Progressed, Started
from vidtag.records.reports import readable
from vidtag.times import format_time


def spoken(event: Event) -> str | None:
    """Say an event in one line, None if it is not worth one."""
    match event:
        case Started():
            episodes = "1 episode" if event.episodes == 1 else f"{event.episodes} episodes"
            return f"{episodes}, {event.to_do} to do, {event.workers} at once, into {event.output}"
        case Begun():
            return f"{event.episode}: begun ({work_in_words(event.stages, event.network)})"
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


def work_in_words(stages: Sequence[str], network: bool) -> str:
    """Say what is made of an episode."""
    return ", ".join(stages) + ("" if network else ", from scores that are there")


class Overall:
    """How far a batch is, by the sizes of its films."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._sizes: dict[str, int] = {}
        self._shares: dict[str, float] = {}
        self.size = 0

    def add(self, event: Event) -> None:
        """Count an event in."""
        match event:
            case Started():
                self.size, self._began = event.size, time.monotonic()
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
        return (time.monotonic() - self._began) * (self.size - self.done) / self.done if self.done else None

    def __str__(self) -> str:
        share = self.done / self.size if self.size else 1.0
        left = self.left_s
        return f"{share:.0%} of all" + ("" if left is None else f", {format_time(left)} left")
