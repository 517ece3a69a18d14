"""Fits a calibration to labelled scores: a temperature for all characters, or a rising curve for each."""

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibration import (
    ISOTONIC,
    LEAST_TEMPERATURE,
    METHODS,
    MOST_KNOTS,
    MOST_TEMPERATURE,
    NONE,
    TEMPERATURE,
    UNCALIBRATED,
    Calibration,
    Curve,
    logits_of,
    probabilities_of,
)
from vidtag.errors import OptionError

Array = NDArray[np.float64]

_KEPT = 0.01  # of the raw score, so that two different scores never become one
_HALVINGS = 50


def fit_calibration(method: str, labels: NDArray[np.float32], scores: NDArray[np.float32]) -> Calibration:
    """Fit a calibration.

    Args:
        method: one of `vidtag.analysis.calibration.METHODS`.
        labels: (n, characters) 1 present, 0 absent, -1 unknown and not used.
        scores: (n, characters) float32 in [0, 1], as the network gives them.

    Returns:
        What makes the labels likeliest; a character without examples of both kinds has no part in it and keeps the
        scores it has.

    Raises:
        OptionError: no such method, or no character has examples of both kinds.
    """
    if method not in METHODS:
        raise OptionError(f"a calibration is one of {', '.join(METHODS)}, got {method!r}")
    if method == NONE:
        return UNCALIBRATED
    usable = (labels == 1).any(0) & (labels == 0).any(0)
    if not usable.any():
        raise OptionError("no calibration can be fitted: nobody is known to be present in some pictures and not others")
    if method == ISOTONIC:
        pairs = zip(labels.T, scores.T, usable, strict=True)
        return Calibration(
            method=ISOTONIC,
            curves=tuple(_fit_curve(*pair) if both else ((0.0, 0.0), (1.0, 1.0)) for *pair, both in pairs),
        )
    return _fit_temperature(np.where(usable, labels, -1), scores)


def _fit_temperature(labels: NDArray[np.float32], scores: NDArray[np.float32]) -> Calibration:
    """Minimise the cross-entropy over one temperature for all; halving finds where its slope is 0, as it only rises.

    A bias for each character beside it did no better on held-out pictures, and would change who scores highest.
    """
    logits, truth = logits_of(scores)[labels >= 0].astype(np.float64), labels[labels >= 0]
    least, most = 1 / MOST_TEMPERATURE, 1 / LEAST_TEMPERATURE
    for _ in range(_HALVINGS):
        scale = np.sqrt(least * most)
        slope = ((probabilities_of(scale * logits) - truth) * logits).sum()
        least, most = (scale, most) if slope < 0 else (least, scale)
    return Calibration(method=TEMPERATURE, temperature=float(np.clip(1 / most, LEAST_TEMPERATURE, MOST_TEMPERATURE)))


def _fit_curve(labels: NDArray[np.float32], scores: NDArray[np.float32]) -> Curve:
    """Fit a rising curve by pooling neighbours that fall (pool adjacent violators); a knot for each pool."""
    values, places = np.unique(scores[labels >= 0].astype(np.float64), return_inverse=True)
    truth = labels[labels >= 0] == 1
    pools: list[tuple[float, float, float]] = []  # samples, of them present, sum of scores
    for samples, present, value in zip(
        np.bincount(places).tolist(), np.bincount(places, truth).tolist(), values.tolist(), strict=True
    ):
        pool = (float(samples), float(present), value * samples)
        while pools and pools[-1][1] * pool[0] >= pool[1] * pools[-1][0]:
            last = pools.pop()
            pool = (pool[0] + last[0], pool[1] + last[1], pool[2] + last[2])
        pools.append(pool)
    return _knots(np.array([total / samples for samples, _, total in pools]), np.array([p / n for n, p, _ in pools]))


def _knots(centres: Array, shares: Array) -> Curve:
    """Join the pools' middles, from score 0 to 1; a trace of the raw score keeps its order where it is level."""
    thinned = np.unique(np.linspace(0, len(centres) - 1, min(len(centres), MOST_KNOTS - 2)).round().astype(int))
    inside = [
        (centre, share)
        for centre, share in zip(centres[thinned].round(7).tolist(), shares[thinned].tolist(), strict=True)
        if 0 < centre < 1
    ]
    knots = dict([(0.0, float(shares[0])), *inside, (1.0, float(shares[-1]))])
    return tuple((score, round((1 - _KEPT) * share + _KEPT * score, 7)) for score, share in knots.items())
