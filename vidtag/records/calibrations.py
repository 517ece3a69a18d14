"""The part of bundle.toml that says what a score means: calibration, thresholds, and the choices before these."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibration import NONE, TEMPERATURE, UNCALIBRATED, Calibration, Curve
from vidtag.records.entries import MOST_LETTERS, check, is_line, is_number, take

MOST_CHOICES = 20


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ThresholdChoice:
    """Thresholds that a model once had, with the calibration they were meant for.

    Attributes:
        chosen: how they were chosen, one printable line.
        thresholds: (characters,) float32 above 0 and below 1.
        calibration: of the scores that they are for.

    Raises:
        OptionError: a value is out of range.
    """

    chosen: str
    thresholds: NDArray[np.float32]
    calibration: Calibration = UNCALIBRATED

    def __post_init__(self) -> None:
        check(is_line(self.chosen), f"chosen must be one printable line of 1-{MOST_LETTERS} letters", self.chosen)

    def check_fits(self, characters: int) -> None:
        """Refuse a choice for another number of characters; OptionError."""
        check_thresholds(self.thresholds, characters)
        self.calibration.check_fits(characters)


def check_thresholds(thresholds: NDArray[np.float32], characters: int) -> None:
    """Refuse thresholds that are not one a character, or not above 0 and below 1; OptionError."""
    fits = thresholds.shape == (characters,) and bool(((thresholds > 0) & (thresholds < 1)).all())
    check(fits, f"thresholds must be {characters} numbers above 0 and below 1", thresholds.tolist())


def thresholds_of(values: Sequence[Any]) -> NDArray[np.float32]:
    """Make an array of thresholds as TOML gives them.

    Raises:
        OptionError: one of them is no number.
    """
    for value in values:
        check(is_number(value), "every threshold must be above 0 and below 1", value)
    return np.array(values, np.float32)


def parse_calibration(table: Mapping[str, Any]) -> Calibration:
    """Make a calibration of its table in bundle.toml; an empty table is none.

    Raises:
        OptionError: an entry is of the wrong type or out of range.
    """
    temperature = take(table, "temperature", int | float, 1.0)
    check(is_number(temperature), "the temperature of a calibration must be a number", temperature)
    return Calibration(
        method=take(table, "method", str, NONE),
        temperature=float(temperature),
        curves=tuple(_parse_curve(curve) for curve in take(table, "curves", list, [])),
    )


def parse_choices(entries: Sequence[Any]) -> tuple[ThresholdChoice, ...]:
    """Make the earlier choices of thresholds of their [[before]] tables.

    Raises:
        OptionError: an entry is missing, of the wrong type or out of range.
    """
    check(all(isinstance(entry, dict) for entry in entries), "expected [[before]] tables", entries)
    return tuple(
        ThresholdChoice(
            chosen=take(entry, "chosen", str),
            thresholds=thresholds_of(take(entry, "thresholds", list)),
            calibration=parse_calibration(take(entry, "calibration", dict, {})),
        )
        for entry in entries
    )


def calibration_lines(calibration: Calibration) -> Iterator[str]:
    """Give the entries of a calibration's table, a line each; none for the method `none`."""
    if calibration.method == NONE:
        return
    yield f'method = "{calibration.method}"'
    if calibration.method == TEMPERATURE:
        yield f"temperature = {float(calibration.temperature)!r}"
    else:
        yield "curves = ["
        for curve in calibration.curves:
            yield f"  {[[float(value) for value in knot] for knot in curve]},"
        yield "]"


def _parse_curve(curve: Any) -> Curve:
    check(isinstance(curve, list), "a calibration's curve must be a list of knots", curve)
    knots = [_numbers(knot) for knot in curve]
    check(all(len(knot) == 2 for knot in knots), "the knots of a calibration's curve must be pairs", curve)
    return tuple((score, probability) for score, probability in knots)


def _numbers(values: Any) -> tuple[float, ...]:
    fits = isinstance(values, list) and all(is_number(value) for value in values)
    check(fits, "the knots of a calibration must be lists of numbers", values)
    return tuple(float(value) for value in values)
