"""How well scores rank, whatever the threshold: average precision and the area under the ROC curve.

Labels and weights are as in `vidtag.analysis.classification`.
"""

from dataclasses import dataclass

import numpy as np

from vidtag.analysis.classification import Array, Labels, Scores, share_of


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
        return share_of(self.right, self.right + self.false)

    @property
    def recall(self) -> Array:
        """(repeats, m) share of those present that are lit."""
        return share_of(self.right, self.right[:, -1:])

    @property
    def false_rate(self) -> Array:
        """(repeats, m) share of those absent that are lit."""
        return share_of(self.false, self.false[:, -1:])

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
