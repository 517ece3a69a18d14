"""How far a presence is from the truth in seconds, where part of the film is left unscored."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vidtag.timeline import Presence


@dataclass(frozen=True, slots=True)
class TimeErrors:
    """Seconds of one character over the scored part of a film; sums of several films add up.

    Attributes:
        reference: the true screen time.
        found: the screen time that was found.
        missed: of the reference, what was not found.
        false: of what was found, what is not in the reference.
        scored: length of the scored part.
    """

    reference: Fraction = Fraction(0)
    found: Fraction = Fraction(0)
    missed: Fraction = Fraction(0)
    false: Fraction = Fraction(0)
    scored: Fraction = Fraction(0)

    def __add__(self, other: "TimeErrors") -> "TimeErrors":
        return TimeErrors(
            self.reference + other.reference,
            self.found + other.found,
            self.missed + other.missed,
            self.false + other.false,
            self.scored + other.scored,
        )


@dataclass(frozen=True, slots=True)
class EdgeErrors:
    """How far found edges lie from the true ones; those of several films add up.

    Attributes:
        seconds: found less true, for each pair.
        missed: true edges without a found one.
        surplus: found edges without a true one.
    """

    seconds: tuple[float, ...] = ()
    missed: int = 0
    surplus: int = 0

    def __add__(self, other: "EdgeErrors") -> "EdgeErrors":
        return EdgeErrors(self.seconds + other.seconds, self.missed + other.missed, self.surplus + other.surplus)

    def percentile(self, percent: float) -> float:
        """Give a percentile of the distances, in seconds; NaN if there is no pair."""
        return float(np.percentile(np.abs(self.seconds), percent)) if self.seconds else float("nan")


def time_errors(found: Presence, truth: Presence, ignored: Presence) -> TimeErrors:
    """Compare two presences of the same part of a film outside the ignored stretches."""
    scored = ~ignored
    found, truth = found & scored, truth & scored
    return TimeErrors(
        truth.duration, found.duration, (truth & ~found).duration, (found & ~truth).duration, scored.duration
    )


def edge_errors(found: Presence, truth: Presence, ignored: Presence, tolerance: Fraction) -> EdgeErrors:
    """Pair found and true edges so that the distances, and half the tolerance for each edge left over, are least.

    An appearance only pairs with an appearance, a disappearance with a disappearance. Begin and end of the film are no
    edges. True edges on an ignored stretch or at its border are none either, since nobody knows when they are; found
    ones within `tolerance` seconds of such a stretch do no harm if they stay alone.

    Args:
        found: of the same part of the film as the truth.
        truth: what is right.
        ignored: stretches that are not scored.
        tolerance: seconds; edges farther apart are never a pair.
    """
    result = EdgeErrors()
    for ours, theirs in zip(_edges(found), _edges(truth), strict=True):
        known = [edge for edge in theirs if _distance(edge, ignored) > 0]
        ours = [edge for edge in ours if not any(hole.start < edge < hole.end for hole in ignored)]
        pairs = _align(ours, known, tolerance)
        left = set(range(len(ours))) - {i for i, _ in pairs}
        surplus = sum(_distance(ours[i], ignored) > tolerance for i in left)
        seconds = tuple(float(ours[i] - known[j]) for i, j in pairs)
        result += EdgeErrors(seconds, len(known) - len(pairs), surplus)
    return result


def _edges(presence: Presence) -> tuple[list[Fraction], list[Fraction]]:
    came = [interval.start for interval in presence if interval.start > presence.start]
    return came, [interval.end for interval in presence if interval.end < presence.end]


def _distance(edge: Fraction, ignored: Presence) -> Fraction | float:
    """Give the seconds from an edge to the nearest ignored stretch: 0 inside or at its border."""
    return min((max(hole.start - edge, edge - hole.end, Fraction(0)) for hole in ignored), default=float("inf"))


def _align(found: list[Fraction], truth: list[Fraction], tolerance: Fraction) -> list[tuple[int, int]]:
    """Give the cheapest pairs of indices that keep the order, by the table of all beginnings of both lists."""
    alone = tolerance / 2
    cost = [[(i + j) * alone for j in range(len(truth) + 1)] for i in range(len(found) + 1)]
    for i, ours in enumerate(found, start=1):
        for j, theirs in enumerate(truth, start=1):
            gap = abs(ours - theirs)
            together = cost[i - 1][j - 1] + gap if gap <= tolerance else cost[i][j]
            cost[i][j] = min(cost[i - 1][j] + alone, cost[i][j - 1] + alone, together)
    pairs, i, j = [], len(found), len(truth)
    while i and j:
        gap = abs(found[i - 1] - truth[j - 1])
        if gap <= tolerance and cost[i][j] == cost[i - 1][j - 1] + gap:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif cost[i][j] == cost[i - 1][j] + alone:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
