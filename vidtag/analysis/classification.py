"""How well scores tell who is there, character by character: the usual figures, each also for many resamplings at once.

Labels are 1 present, 0 absent, -1 unknown; what is unknown counts nowhere. Every function takes weights, (repeats, n):
how often each sample counts. Ones give the figure itself, and random ones (`vidtag.analysis.resampling`) what it might
have been for other samples. A figure that nothing stands behind, such as the recall of somebody never shown, is NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.float32]
Scores = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Answers:
    """How often each character was answered rightly and wrongly, each (repeats, characters).

    Attributes:
        right: lit and present.
        false: lit and absent.
        missed: present and not lit.
        away: neither.
    """

    right: Array
    false: Array
    missed: Array
    away: Array

    @property
    def precision(self) -> Array:
        """Share of the lit that are present."""
        return share_of(self.right, self.right + self.false)

    @property
    def recall(self) -> Array:
        """Share of those present that are lit."""
        return share_of(self.right, self.right + self.missed)

    @property
    def f1(self) -> Array:
        """Harmonic mean of precision and recall; NaN for a character who is never present."""
        both = 2 * self.right
        return np.where(self.right + self.missed > 0, share_of(both, both + self.false + self.missed), np.nan)

    @property
    def accuracy(self) -> Array:
        """Share of right answers."""
        return share_of(self.right + self.away, self.right + self.false + self.missed + self.away)

    def pooled(self) -> "Answers":
        """Add all characters up, for micro averages: each (repeats, 1)."""
        return Answers(*(part.sum(1, keepdims=True) for part in (self.right, self.false, self.missed, self.away)))


def count_answers(labels: Labels, lit: Flags, weights: Array) -> Answers:
    """Count right and wrong answers.

    Args:
        labels: (n, characters).
        lit: (n, characters) bool, scores above their thresholds.
        weights: (repeats, n).
    """
    present, absent = labels == 1, labels == 0
    parts = (present & lit, absent & lit, present & ~lit, absent & ~lit)
    return Answers(*(weights @ part.astype(np.float64) for part in parts))


def confusion(main: NDArray[np.int64], scores: Scores) -> NDArray[np.int64]:
    """Count which character scores highest in pictures of each main character.

    Args:
        main: (n,) column of the main character, -1 where there is none; such samples are left out.
        scores: (n, characters).

    Returns:
        (characters, characters): row the true one, column the one that scores highest.
    """
    characters = scores.shape[1]
    named = main >= 0
    best = scores[named].argmax(1) if named.any() else np.zeros(0, np.int64)
    return np.bincount(main[named] * characters + best, minlength=characters**2).reshape(characters, characters)


def mean_known(values: Array) -> Array:
    """Average over the characters (the last axis) those figures that are not NaN; NaN where all are."""
    counted = np.isfinite(values)
    return share_of(np.asarray(np.where(counted, values, 0).sum(-1)), np.asarray(counted.sum(-1)))


def share_of(part: Array, whole: NDArray[np.float64] | NDArray[np.int64]) -> Array:
    """Give part over whole, NaN where the whole is 0."""
    nothing = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=np.asarray(whole) > 0))
