"""All the figures of a scored set, with 95 % intervals."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.classification import Array, confusion, count_answers, mean_known
from vidtag.analysis.ranking import rank
from vidtag.analysis.reliability import reliability
from vidtag.analysis.resampling import REPEATS, intervals
from vidtag.evaluation.scored import ScoredSet

PER_CHARACTER = ("precision", "recall", "f1", "accuracy", "average_precision", "top1")
AVERAGED = PER_CHARACTER[:5]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Figures:
    """What a model is worth on a scored set.

    Attributes:
        values: figures by name, 0-1. (characters,) for those of `PER_CHARACTER`, `roc_area` and `calibration_errors`;
            a number for `macro_...`, `micro_...`, `top1_share`, `calibration_error`, `top1_calibration_error` and
            `nobody_lit`. NaN where nothing stands behind one.
        intervals: lower and upper ends of the 95 % interval by the same names, (2, characters) or (2,); none for
            `roc_area`, `calibration_errors` and `micro_average_precision`.
        present: (characters,) how many samples show the character.
        absent: (characters,) how many surely do not.
        confusion: (characters, characters) main characters against who scores highest.
    """

    values: Mapping[str, Array]
    intervals: Mapping[str, Array]
    present: NDArray[np.int64]
    absent: NDArray[np.int64]
    confusion: NDArray[np.int64]

    def number(self, name: str) -> float:
        """Give a figure that is a number."""
        return float(self.values[name])


def measure_set(scored: ScoredSet, repeats: int = REPEATS, seed: int = 1) -> Figures:
    """Compute all figures.

    Args:
        scored: what the model says about labelled samples.
        repeats: draws of the bootstrap, >= 1.
        seed: of the draws.
    """
    once = np.ones((1, len(scored.names)))
    values = {name: value[0] for name, value in (_resampled(scored, once) | _single(scored)).items()}
    swings = intervals(lambda weights: _resampled(scored, weights), scored.units, repeats=repeats, seed=seed)
    return Figures(
        values=values,
        intervals=swings,
        present=(scored.labels == 1).sum(0),
        absent=(scored.labels == 0).sum(0),
        confusion=confusion(scored.main, scored.scores),
    )


def _resampled(scored: ScoredSet, weights: Array) -> dict[str, Array]:
    """Give the figures that come with intervals, (repeats, ...) by name."""
    labels, scores = scored.labels, scored.scores
    answers = count_answers(labels, scored.lit, weights)
    ranks = [rank(labels[:, k], scores[:, k], weights) for k in range(len(scored.cast))]
    found = {name: getattr(answers, name) for name in PER_CHARACTER[:4]}
    found["average_precision"] = np.stack([each.average_precision() for each in ranks], axis=1)
    pooled = answers.pooled()
    micro = {f"micro_{name}": getattr(pooled, name)[:, 0] for name in PER_CHARACTER[:4]}
    macro = {f"macro_{name}": mean_known(found[name]) for name in AVERAGED}
    # Of whoever is never present there is no recall; with a precision of 0 beside it the two would not go together.
    macro["macro_precision"] = mean_known(np.where(np.isfinite(found["recall"]), found["precision"], np.nan))
    return (
        found
        | _top1(scored, weights)
        | macro
        | micro
        | {
            "calibration_error": reliability(labels, scores, weights).error(),
            "nobody_lit": _nobody_lit(scored, weights),
        }
    )


def _top1(scored: ScoredSet, weights: Array) -> dict[str, Array]:
    """Give how often the main character scores highest, for each and over all, and how calibrated its score is."""
    right = scored.scores.argmax(1) == scored.main
    mains = (scored.main[:, np.newaxis] == np.arange(len(scored.cast))).astype(np.float64)
    of, hit = weights @ mains, weights @ (mains * right[:, np.newaxis])
    with np.errstate(invalid="ignore", divide="ignore"):
        each, overall = hit / of, hit.sum(1) / of.sum(1)
    sure = np.where(scored.main >= 0, right, -1).astype(np.float32)[:, np.newaxis]
    best = scored.scores.max(1, keepdims=True)
    return {
        "top1": each,
        "top1_share": overall,
        "top1_calibration_error": reliability(sure, best, weights).error(),
    }


def _nobody_lit(scored: ScoredSet, weights: Array) -> Array:
    """Give the share of samples with somebody lit among those that surely show nobody of the cast."""
    nobody = (scored.labels == 0).all(1)
    of = weights @ nobody
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(weights @ (nobody & scored.lit.any(1)) / of)


def _single(scored: ScoredSet) -> dict[str, Array]:
    """Give the figures for which an interval tells little or takes long: (1, characters) or (1,) by name."""
    once = np.ones((1, len(scored.names)))
    columns = range(len(scored.cast))
    areas = [rank(scored.labels[:, k], scored.scores[:, k], once).roc_area() for k in columns]
    errors = [reliability(scored.labels[:, k : k + 1], scored.scores[:, k : k + 1], once).error() for k in columns]
    pooled = rank(scored.labels.ravel(), scored.scores.ravel(), np.ones((1, scored.labels.size)))
    return {
        "roc_area": np.stack(areas, axis=1),
        "calibration_errors": np.stack(errors, axis=1),
        "micro_average_precision": pooled.average_precision(),
    }
