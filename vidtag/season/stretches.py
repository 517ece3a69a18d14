"""Where to look for thumbnails: a few stretches of film, so that one picture of each shows many intervals."""

from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest

from vidtag.timeline import Interval, Timeline

_EDGE = Fraction(1, 4)  # seconds kept off the edges of an interval, which are known to an eighth; less of short ones


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of film that lies in several intervals.

    Attributes:
        start, end: half-open, in seconds.
        intervals: how many a picture of it shows.
        seconds: length of them together.
    """

    start: Fraction
    end: Fraction
    intervals: int
    seconds: Fraction


def stretches_of(timeline: Timeline, most: int) -> tuple[Stretch, ...]:
    """Choose stretches so that every interval of a timeline holds one whole, and more where there is room.

    Args:
        timeline: of an episode.
        most: how many there may be. If they do not suffice for every interval, those that show the most intervals are
            kept; if there are some left, the longest intervals get one of their own as well.

    Returns:
        The stretches in order of time.
    """
    intervals = [_inner(interval) for presence in timeline.presences for interval in presence]
    groups = _groups(intervals)
    kept = nlargest(most, map(_shared, groups), key=lambda each: (each.intervals, each.seconds))
    own = [_shared([interval]) for group in groups if len(group) > 1 for interval in group]
    kept += nlargest(most - len(kept), own, key=lambda each: each.seconds)
    return tuple(sorted(set(kept), key=lambda each: (each.start, each.end)))


def _groups(intervals: list[Interval]) -> list[list[Interval]]:
    """Put intervals into as few groups as can be so that all of a group have an instant in common."""
    groups: list[list[Interval]] = []
    for interval in sorted(intervals, key=lambda each: each.end):
        if groups and interval.start < groups[-1][0].end:  # it holds the end of the first, as all of its group do
            groups[-1].append(interval)
        else:
            groups.append([interval])
    return groups


def _shared(group: list[Interval]) -> Stretch:
    return Stretch(
        start=max(each.start for each in group),
        end=min(each.end for each in group),
        intervals=len(group),
        seconds=sum((each.duration for each in group), Fraction(0)),
    )


def _inner(interval: Interval) -> Interval:
    edge = min(_EDGE, interval.duration / 4)
    return Interval(interval.start + edge, interval.end - edge)
