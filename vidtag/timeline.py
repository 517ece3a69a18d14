"""When somebody is on screen: half-open intervals of seconds, and the timeline of a whole cast."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import ShapeError


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open stretch of film, `[start, end)` in seconds.

    >>> Interval(Fraction(1), Fraction(3)) & Interval(Fraction(2), Fraction(5))
    Interval(start=Fraction(2, 1), end=Fraction(3, 1))

    Raises:
        ShapeError: the interval is empty or starts before 0.
    """

    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ShapeError(f"an interval needs 0 <= start < end, got [{float(self.start)}, {float(self.end)})")

    @property
    def duration(self) -> Fraction:
        """Length in seconds, > 0."""
        return self.end - self.start

    def __and__(self, other: "Interval") -> "Interval | None":
        """Give the part that both share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def __contains__(self, seconds: float | Fraction) -> bool:
        return self.start <= seconds < self.end


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sort intervals and join those that touch or overlap."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return tuple(joined)


@dataclass(frozen=True, slots=True)
class Presence:
    """The intervals of one character: sorted, disjoint, not touching, within `[start, end]`, the part looked at.

    `a & b` is when both are there, `a | b` when either is, `~a` when a is not.

    Build it with `Presence.of`, which sorts and joins; the constructor only checks.

    Raises:
        ShapeError: intervals out of order, touching, or outside the part.
    """

    intervals: tuple[Interval, ...]
    end: Fraction
    start: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ShapeError(f"a part needs 0 <= start <= end, got [{float(self.start)}, {float(self.end)}]")
        if any(a.end >= b.start for a, b in zip(self.intervals, self.intervals[1:], strict=False)):
            raise ShapeError("intervals must be sorted, disjoint and not touching")
        if self.intervals and self.intervals[-1].end > self.end:
            raise ShapeError(
                f"interval ends at {float(self.intervals[-1].end)} s, after the film at {float(self.end)} s"
            )
        if self.intervals and self.intervals[0].start < self.start:
            raise ShapeError(
                f"interval starts at {float(self.intervals[0].start)} s, before the part at {float(self.start)} s"
            )

    @classmethod
    def of(cls, intervals: Iterable[Interval], end: Fraction, start: Fraction = Fraction(0)) -> "Presence":
        """Build from intervals in any order, overlapping ones joined; all must lie within `[start, end]` seconds."""
        return cls(_merged(intervals), end, start)

    @property
    def duration(self) -> Fraction:
        """Screen time: the sum of all intervals, in seconds."""
        return sum((interval.duration for interval in self.intervals), Fraction(0))

    def gaps(self) -> tuple[Interval, ...]:
        """Give the stretches without the character, from the start of the part to its end."""
        edges = [
            self.start,
            *(edge for interval in self.intervals for edge in (interval.start, interval.end)),
            self.end,
        ]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return tuple(Interval(start, end) for start, end in pairs if start < end)

    def crop(self, start: Fraction, end: Fraction) -> "Presence":
        """Keep what lies within `[start, end)`, times unchanged; the result is of the part both share.

        Raises:
            ShapeError: there is no such part.
        """
        window = Interval(max(start, self.start), min(end, self.end))
        parts = tuple(part for interval in self.intervals if (part := interval & window))
        return Presence(parts, window.end, window.start)

    def __and__(self, other: "Presence") -> "Presence":
        return ~(~self | ~other)

    def __or__(self, other: "Presence") -> "Presence":
        if (self.start, self.end) != (other.start, other.end):
            parts = (f"[{float(each.start)}, {float(each.end)}] s" for each in (self, other))
            raise ShapeError(f"presences of different parts: {' and '.join(parts)}")
        return Presence.of((*self.intervals, *other.intervals), self.end, self.start)

    def __invert__(self) -> "Presence":
        return Presence(self.gaps(), self.end, self.start)

    def __contains__(self, seconds: float | Fraction) -> bool:
        return any(seconds in interval for interval in self.intervals)

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __len__(self) -> int:
        return len(self.intervals)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Who is on screen when, for a whole cast: `presences[k]` belongs to character k.

    In `unknown`, stretches of a damaged film in order and apart, nobody is present, and nobody is known to be absent.

    Raises:
        ShapeError: not one presence a character, presences of another part than `[start, end]`, or somebody present
            where it is not known.
    """

    cast: Cast
    presences: tuple[Presence, ...]
    end: Fraction
    start: Fraction = Fraction(0)
    unknown: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        if len(self.presences) != len(self.cast):
            raise ShapeError(f"{len(self.cast)} characters need as many presences, got {len(self.presences)}")
        if any((presence.start, presence.end) != (self.start, self.end) for presence in self.presences):
            raise ShapeError(f"every presence must be of the part [{float(self.start)}, {float(self.end)}] s")
        unknown = Presence(self.unknown, self.end, self.start)
        if self.unknown and any(len(presence & unknown) for presence in self.presences):
            raise ShapeError("somebody is present in a stretch of which nothing is known")

    @property
    def known_duration(self) -> Fraction:
        """Seconds of which it is known who is there."""
        return self.end - self.start - sum((interval.duration for interval in self.unknown), Fraction(0))

    def __getitem__(self, character: str) -> Presence:
        """Give the presence of a character by id; KeyError for a stranger."""
        if character not in self.cast.ids:
            raise KeyError(character)
        return self.presences[self.cast.ids.index(character)]

    def present_at(self, seconds: float | Fraction) -> NDArray[np.bool_]:
        """Say who is on screen at an instant: (characters,) bool."""
        return np.array([seconds in presence for presence in self.presences], dtype=np.bool_)

    def crop(self, start: Fraction, end: Fraction) -> "Timeline":
        """Keep what lies within `[start, end)`, times unchanged; ShapeError if nothing of the film does."""
        presences = tuple(presence.crop(start, end) for presence in self.presences)
        unknown = Presence(self.unknown, self.end, self.start).crop(start, end)
        return Timeline(self.cast, presences, unknown.end, unknown.start, unknown.intervals)
