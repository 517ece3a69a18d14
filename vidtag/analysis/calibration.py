"""Calibrated scores: a score of 0.8 shall mean that of ten such samples eight show the character.

A calibration never changes the order of one character's scores; `vidtag.analysis.calibrating` fits one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import OptionError, ShapeError

NONE, TEMPERATURE, ISOTONIC = "none", "temperature", "isotonic"
METHODS = (NONE, TEMPERATURE, ISOTONIC)
LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.05, 50.0
MOST_KNOTS = 1000
_SURE = np.float32(1e-7)  # the logit of 0 or 1 is endless; float32 still tells 1 - 1e-7 from 1

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How the scores of a network become probabilities.

    Attributes:
        method: one of `METHODS`; `none` leaves the scores as they are.
        temperature: of `temperature`: what logits are divided by, 0.05-50; above 1 the network was too sure.
        curves: of `isotonic`: for each character its knots, 2 to 1000 pairs of score and probability in [0, 1], scores
            rising, probabilities never falling; linear in between, level outside.

    Raises:
        OptionError: an unknown method, or a figure that is out of range or belongs to another method.
    """

    method: str = NONE
    temperature: float = 1.0
    curves: tuple[Curve, ...] = ()

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise OptionError(f"a calibration is one of {', '.join(METHODS)}, got {str(self.method)[:80]!r}")
        if not LEAST_TEMPERATURE <= self.temperature <= MOST_TEMPERATURE:  # NaN fails, too
            allowed = f"{LEAST_TEMPERATURE:g} to {MOST_TEMPERATURE:g}"
            raise OptionError(f"the temperature of a calibration must be {allowed}, got {self.temperature:g}")
        if self.method != TEMPERATURE and self.temperature != 1:
            raise OptionError(f"a calibration by {self.method} has no temperature, got {self.temperature:g}")
        if bool(self.curves) != (self.method == ISOTONIC):
            raise OptionError(f"a calibration has curves if it is {ISOTONIC}, and only then; this one is {self.method}")
        for curve in self.curves:
            _check_curve(curve)

    def check_fits(self, characters: int) -> None:
        """Refuse a calibration of another number of characters.

        Raises:
            OptionError: there are curves, but not one a character.
        """
        if len(self.curves) not in (0, characters):
            raise OptionError(f"the calibration must have {characters} curves, one a character, got {len(self.curves)}")

    def apply(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Turn scores into probabilities.

        Args:
            scores: (n, characters) float32 in [0, 1].

        Returns:
            (n, characters) float32 in [0, 1]; the scores themselves if the method is `none`.

        Raises:
            ShapeError: another shape, or another number of characters.

        >>> Calibration(method="temperature", temperature=2.0).apply(np.array([[0.5, 0.9]], np.float32)).tolist()
        [[0.5, 0.75]]
        """
        if scores.ndim != 2 or len(self.curves) not in (0, scores.shape[1]):
            wanted = len(self.curves) or "characters"
            raise ShapeError(f"the calibration takes scores of shape (n, {wanted}), got {scores.shape}")
        if self.method == TEMPERATURE:
            return probabilities_of(logits_of(scores) / np.float32(self.temperature))
        if self.method == ISOTONIC:
            return _interpolate(scores, self.curves)
        return scores


UNCALIBRATED = Calibration()


def logits_of(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give ln(p / (1 - p)) of scores in [0, 1] of any shape, finite at both ends."""
    inside = np.clip(scores, _SURE, 1 - _SURE)
    return np.asarray(np.log(inside) - np.log1p(-inside), np.float32)


def probabilities_of(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give 1 / (1 + exp(-x)) of logits of any shape."""
    return np.asarray(0.5 * (1 + np.tanh(logits / 2)), np.float32)


def _interpolate(scores: NDArray[np.float32], curves: Sequence[Curve]) -> NDArray[np.float32]:
    columns = []
    for column, curve in zip(scores.T, curves, strict=True):
        knots = np.array(curve)
        columns.append(np.interp(column, knots[:, 0], knots[:, 1]))
    return np.stack(columns, axis=1).astype(np.float32)


def _check_curve(curve: Curve) -> None:
    if not 2 <= len(curve) <= MOST_KNOTS:
        raise OptionError(f"a calibration's curve has 2 to {MOST_KNOTS} knots, got {len(curve)}")
    if not all(len(knot) == 2 and all(0 <= value <= 1 for value in knot) for knot in curve):
        raise OptionError("the knots of a calibration's curve must be pairs of score and probability in [0, 1]")
    for (score, probability), (next_score, next_probability) in pairwise(curve):
        if not (score < next_score and probability <= next_probability):
            raise OptionError(
                f"a calibration's curve must rise, got ({next_score:g}, {next_probability:g}) "
                f"after ({score:g}, {probability:g})"
            )
