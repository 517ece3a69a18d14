"""Whether scores can be taken for probabilities: the calibration error and what it is made of.

Labels and weights are as in `vidtag.analysis.classification`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.classification import Array, Labels, Scores, share_of

BINS = 15


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
        return np.asarray(share_of(gaps, self.count.sum(1)))


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
