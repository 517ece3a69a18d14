"""How well one character would be told at every threshold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LOWEST, HIGHEST = 0.0001, 0.9999
STEP = 0.05
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """How well one character does at each of some thresholds, all (candidates,) and thresholds rising.

    Attributes:
        thresholds: float32; a score above means present.
        shown: how many are lit, right or wrong.
        right: how many are lit rightly.
        present, absent: how many samples show the character, and do not.
        margin: how far the nearest score lies from the threshold.
    """

    thresholds: NDArray[np.float32]
    shown: Array
    right: Array
    present: int
    absent: int
    margin: Array

    @property
    def precision(self) -> Array:
        """Share of the lit that are right; 1 where nothing is lit."""
        return np.where(self.shown > 0, self.right / np.maximum(self.shown, 1), 1.0)

    @property
    def recall(self) -> Array:
        """Share of those present that are lit; NaN if there are none."""
        return self.right / self.present if self.present else np.full(len(self.right), np.nan)

    @property
    def f1(self) -> Array:
        """2 tp / (2 tp + fp + fn); 0 where nobody is present or lit."""
        return 2 * self.right / np.maximum(self.shown + self.present, 1)

    @property
    def accuracy(self) -> Array:
        """Share of right answers; NaN if there are no samples."""
        total = self.present + self.absent
        wrong = self.shown - self.right + self.present - self.right
        return 1 - wrong / total if total else np.full(len(self.right), np.nan)


def threshold_curve(
    labels: NDArray[np.float32], scores: NDArray[np.float32], candidates: NDArray[np.float32] | None = None
) -> ThresholdCurve:
    """Count for one character what every threshold would light.

    Args:
        labels: (n,) 1 present, 0 absent, -1 unknown and not counted.
        scores: (n,) float32 in [0, 1].
        candidates: rising thresholds; where None, between all neighbouring scores, and every twentieth.
    """
    known = np.unique(scores[labels >= 0])
    if candidates is None:
        candidates = _between(known)
    with_it, without = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    right = len(with_it) - np.searchsorted(with_it, candidates, side="right").astype(np.float64)
    false = len(without) - np.searchsorted(without, candidates, side="right").astype(np.float64)
    padded = np.concatenate(([-1.0], known, [2.0]))
    place = np.searchsorted(padded, candidates)
    margin = np.minimum(candidates - padded[place - 1], padded[place] - candidates)
    return ThresholdCurve(candidates, right + false, right, len(with_it), len(without), margin)


def _between(known: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give thresholds between neighbouring scores, and every twentieth, rounded as they are kept."""
    middles = (known[1:].astype(np.float64) + known[:-1]) / 2
    inside = np.clip(np.round([*middles, *np.arange(0, 1 + STEP, STEP)], _DIGITS), LOWEST, HIGHEST)
    return np.unique(inside.astype(np.float32))
