"""How a character's threshold is chosen from labelled scores: best F1, best accuracy, a wanted precision or recall."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from vidtag.analysis.thresholdcurves import HIGHEST, LOWEST, STEP, Array, ThresholdCurve
from vidtag.errors import OptionError

AS_GOOD = 0.005
LEAST_FOR_FILM = 0.4
_VALUES: Mapping[str, float | None] = {  # the value where none is given; None: it must be given, NaN: there is none
    "f1": np.nan,
    "accuracy": np.nan,
    "precision": None,
    "recall": None,
    "fixed": None,
    "film": 0.8,
}


@dataclass(frozen=True, slots=True)
class ThresholdRule:
    """What a threshold is chosen for.

    Attributes:
        kind: `f1` and `accuracy`: the highest there is; `precision` and `recall`: at least `value`, and the best of the
            other one that goes with it; `fixed`: `value` itself; `film`: the highest threshold from
            `LEAST_FOR_FILM` to `value` whose F1 is within `AS_GOOD` of the best there, because films hold more
            strangers than labelled pictures do.
        value: within (0, 1); NaN where the kind takes none.

    Raises:
        OptionError: no such kind, or a value that it does not take.
    """

    kind: str
    value: float = np.nan

    def __post_init__(self) -> None:
        if self.kind not in _VALUES:
            raise OptionError(f"thresholds are chosen by {_choices()}, got {self.kind[:80]!r}")
        takes_none = _VALUES[self.kind] is not None and np.isnan(_VALUES[self.kind] or 0)
        if takes_none != bool(np.isnan(self.value)) or not (takes_none or LOWEST <= self.value <= HIGHEST):
            wanted = "no value" if takes_none else f"a value above 0 and below 1, such as {self.kind}=0.9"
            raise OptionError(f"choosing thresholds by {self.kind} takes {wanted}, got {self.value:g}")

    @classmethod
    def parse(cls, text: str) -> "ThresholdRule":
        """Read `f1`, `accuracy`, `precision=0.9`, `recall=0.75`, `fixed=0.5`, `film` or `film=0.7`.

        Raises:
            OptionError: it is none of these.
        """
        kind, equals, number = text.partition("=")
        try:
            value = float(number) if equals else _VALUES.get(kind, np.nan)
        except ValueError:
            raise OptionError(f"expected a number after {kind}=, got {number[:80]!r}") from None
        if value is None:
            raise OptionError(f"choosing thresholds by {kind} needs a value, such as {kind}=0.9")
        return cls(kind, value)

    def __str__(self) -> str:
        return self.kind if np.isnan(self.value) else f"{self.kind}={self.value:g}"


def choose_threshold(rule: ThresholdRule, curve: ThresholdCurve) -> tuple[float, bool]:
    """Choose one character's threshold.

    Args:
        rule: what for.
        curve: of a character who is present in some samples and absent in others.

    Returns:
        The threshold, and whether it does what was wanted: a precision or recall may be out of reach, then it is the
        one that comes nearest.
    """
    if rule.kind == "fixed":
        return rule.value, True
    index, met = _RULES[rule.kind](curve, rule.value)
    return float(curve.thresholds[index]), met


def _best_f1(curve: ThresholdCurve, _value: float) -> tuple[int, bool]:
    return _farthest(curve, curve.f1), True


def _best_accuracy(curve: ThresholdCurve, _value: float) -> tuple[int, bool]:
    return _farthest(curve, curve.accuracy), True


def _wanted_precision(curve: ThresholdCurve, value: float) -> tuple[int, bool]:
    """Take the lowest threshold of that precision: it finds the most."""
    precision = np.where(curve.shown > 0, curve.precision, 0.0)
    met = bool((precision >= value).any())
    return int(np.argmax(precision >= value if met else precision)), met


def _wanted_recall(curve: ThresholdCurve, value: float) -> tuple[int, bool]:
    """Take the highest threshold of that recall: it lights the fewest wrongly."""
    good = curve.recall >= value
    return (int(np.flatnonzero(good)[-1]), True) if good.any() else (0, False)


def _highest_for_film(curve: ThresholdCurve, value: float) -> tuple[int, bool]:
    least = min(LEAST_FOR_FILM, value - STEP)
    allowed = (curve.thresholds >= np.float32(least)) & (curve.thresholds <= np.float32(value))
    best = curve.f1[allowed].max()
    return int(np.flatnonzero(allowed & (curve.f1 >= best - AS_GOOD))[-1]), True


_RULES: Mapping[str, Callable[[ThresholdCurve, float], tuple[int, bool]]] = {
    "f1": _best_f1,
    "accuracy": _best_accuracy,
    "precision": _wanted_precision,
    "recall": _wanted_recall,
    "film": _highest_for_film,
}


def _farthest(curve: ThresholdCurve, figure: Array) -> int:
    """Of the thresholds with the best figure take the one farthest from any score: new scores fall near old ones."""
    best = figure >= figure.max() - 1e-12
    return int(np.argmax(np.where(best, curve.margin, -1)))


def _choices() -> str:
    return ", ".join(kind if value is not None else f"{kind}=0.9" for kind, value in _VALUES.items())
