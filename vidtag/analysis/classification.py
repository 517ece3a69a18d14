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

BINS = 15


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
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> Array:
        """Share of those present that are lit."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> Array:
        """Harmonic mean of precision and recall; NaN for a character who is never present."""
        both = 2 * self.right
        return np.where(self.right + self.missed > 0, _share(both, both + self.false + self.missed), np.nan)

    @property
    def accuracy(self) -> Array:
        """Share of right answers."""
        return _share(self.right + self.away, self.right + self.false + self.missed + self.away)

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


@dataclass(frozen=True, eq=False, slots=True)
class Ranking:
    """What lowering the threshold past one distinct score after the other lights, for one character.

    Attributes:
        scores: (m,) distinct scores, falling.
        right, false: (repeats, m) how many are lit rightly and wrongly from that score up.
    """

    scores: Scores
    right: Array
    false: Array

    @property
    def precision(self) -> Array:
        """(repeats, m) share of the lit that are present."""
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> Array:
        """(repeats, m) share of those present that are lit."""
        return _share(self.right, self.right[:, -1:])

    @property
    def false_rate(self) -> Array:
        """(repeats, m) share of those absent that are lit."""
        return _share(self.false, self.false[:, -1:])

    def average_precision(self) -> Array:
        """(repeats,) sum over the scores of precision times the step in recall; NaN if nobody is present."""
        if not len(self.scores):
            return np.full(len(self.right), np.nan)
        steps = np.diff(self.recall, axis=1, prepend=0)
        precision = np.where(self.right + self.false > 0, self.precision, 0)
        return np.asarray((steps * precision).sum(1))

    def roc_area(self) -> Array:
        """(repeats,) chance that one present scores above one absent, ties counting half; NaN if either is lacking."""
        if not len(self.scores):
            return np.full(len(self.right), np.nan)
        steps = np.diff(self.false_rate, axis=1, prepend=0)
        middles = self.recall - np.diff(self.recall, axis=1, prepend=0) / 2
        return np.asarray((steps * middles).sum(1))


def rank(labels: Labels, scores: Scores, weights: Array) -> Ranking:
    """Rank the samples of one character: labels and scores (n,), weights (repeats, n)."""
    known = np.flatnonzero(labels >= 0)
    order = known[np.argsort(-scores[known], kind="stable")]
    ranked = scores[order]
    ends = np.flatnonzero(np.diff(ranked, append=np.float32(-1)) < 0)
    weighed = weights[:, order]
    right = np.cumsum(weighed * (labels[order] == 1), axis=1)[:, ends]
    return Ranking(ranked[ends], right, np.cumsum(weighed, axis=1)[:, ends] - right)


@dataclass(frozen=True, eq=False, slots=True)
class Reliability:
    """Scores in equal-width bins against what came true, each (repeats, bins).

    Attributes:
        count: how many scores fall into the bin.
        score: their sum.
        present: how many of them are of somebody present.
    """

    count: Array
    score: Array
    present: Array

    def error(self) -> Array:
        """(repeats,) expected calibration error: mean distance of score and truth over the bins, by their counts."""
        gaps = np.abs(self.score - self.present).sum(1)
        return np.asarray(_share(gaps, self.count.sum(1)))


def reliability(labels: Labels, scores: Scores, weights: Array, bins: int = BINS) -> Reliability:
    """Sort every known score, of whatever character, into bins of equal width.

    Args:
        labels: (n, characters).
        scores: (n, characters).
        weights: (repeats, n).
        bins: how many, of width 1 / bins; a score of 1 falls into the last.
    """
    place = np.minimum((scores * bins).astype(np.int64), bins - 1)
    rows, columns = np.nonzero(labels >= 0)
    cells = rows * bins + place[rows, columns]

    def summed(values: NDArray[np.float64] | None) -> Array:
        totals = np.bincount(cells, values, minlength=len(labels) * bins).reshape(len(labels), bins)
        return np.asarray(weights @ totals.astype(np.float64))

    known = labels[rows, columns] == 1
    return Reliability(summed(None), summed(scores[rows, columns].astype(np.float64)), summed(known.astype(np.float64)))


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
    return _share(np.asarray(np.where(counted, values, 0).sum(-1)), np.asarray(counted.sum(-1)))


def _share(part: Array, whole: NDArray[np.float64] | NDArray[np.int64]) -> Array:
    nothing = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=np.asarray(whole) > 0))
