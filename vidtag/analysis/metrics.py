"""How far a timeline is from the truth: screen time, edges, and who is lit where nobody is."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import ShapeError
from vidtag.timeline import Presence, Timeline


@dataclass(frozen=True, slots=True)
class EdgeMatch:
    """How the edges of a presence fit those of the truth; see `match_edges`.

    Attributes:
        matched: pairs of a found and a true edge.
        missed: true edges without a found one.
        surplus: found edges without a true one.
    """

    matched: int
    missed: int
    surplus: int

    def __add__(self, other: "EdgeMatch") -> "EdgeMatch":
        return EdgeMatch(self.matched + other.matched, self.missed + other.missed, self.surplus + other.surplus)

    @property
    def recall(self) -> float:
        """Share of the true edges that were found; 1 if there is none."""
        true = self.matched + self.missed
        return self.matched / true if true else 1.0


def screen_time_errors(found: Timeline, truth: Timeline) -> dict[str, Fraction]:
    """Give each character's screen time found less the true one, in seconds.

    Raises:
        ShapeError: the timelines have different casts.
    """
    _check_casts(found, truth)
    pairs = zip(found.presences, truth.presences, strict=True)
    return {name: a.duration - b.duration for name, (a, b) in zip(found.cast.ids, pairs, strict=True)}


def match_edges(found: Presence, truth: Presence, tolerance: Fraction) -> EdgeMatch:
    """Pair the edges of a presence with those of the truth: as many pairs as can be, each edge in one at most.

    A pair is two appearances, or two disappearances, that lie `tolerance` seconds apart or less. A character who is
    there from the first frame has not appeared, and one who is there at the last frame has not disappeared.
    """
    (came, went), (truly_came, truly_went) = _edges(found), _edges(truth)
    return _match(came, truly_came, tolerance) + _match(went, truly_went, tolerance)


def match_all_edges(found: Timeline, truth: Timeline, tolerance: Fraction) -> EdgeMatch:
    """Pair the edges of every character, and add up.

    Raises:
        ShapeError: the timelines have different casts.
    """
    _check_casts(found, truth)
    pairs = zip(found.presences, truth.presences, strict=True)
    return sum((match_edges(a, b, tolerance) for a, b in pairs), EdgeMatch(0, 0, 0))


def false_alarm_share(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Give the share of samples with somebody lit among those where nobody of the cast is on screen.

    Args:
        found: (samples, characters) bool.
        truth: (samples, characters) bool, of the same samples.

    Returns:
        A share in [0, 1]; 0 if somebody is always on screen.

    Raises:
        ShapeError: the shapes differ.

    >>> false_alarm_share(np.array([[1, 0], [0, 0], [0, 1]], bool), np.array([[0, 0], [0, 0], [0, 1]], bool))
    0.5
    """
    if found.ndim != 2 or found.shape != truth.shape:
        raise ShapeError(f"expected two (samples, characters) arrays, got {found.shape} and {truth.shape}")
    empty = ~truth.any(axis=1)
    return float(found[empty].any(axis=1).mean()) if empty.any() else 0.0


def _edges(presence: Presence) -> tuple[list[Fraction], list[Fraction]]:
    """Give the times of the appearances and of the disappearances, in order."""
    came = [interval.start for interval in presence if interval.start > presence.start]
    return came, [interval.end for interval in presence if interval.end < presence.end]


def _match(found: list[Fraction], truth: list[Fraction], tolerance: Fraction) -> EdgeMatch:
    """Walk along both lists and pair the first two that are near enough; no pairing has more pairs."""
    i = j = matched = 0
    while i < len(found) and j < len(truth):
        if abs(found[i] - truth[j]) <= tolerance:
            i, j, matched = i + 1, j + 1, matched + 1
        elif found[i] < truth[j]:
            i += 1
        else:
            j += 1
    return EdgeMatch(matched, len(truth) - matched, len(found) - matched)


def _check_casts(found: Timeline, truth: Timeline) -> None:
    if found.cast.ids != truth.cast.ids:
        raise ShapeError(f"the timelines have different casts: {found.cast.ids} and {truth.cast.ids}")
