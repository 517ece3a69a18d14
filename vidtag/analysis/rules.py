"""The usual choices of sampling and smoothing, known before anything is calculated: NumPy is not needed for them."""

from fractions import Fraction

from vidtag.errors import OptionError

DEFAULT_RATE = Fraction(4)
"""Samples a second."""

DEFAULT_WINDOW = 5
MAX_WINDOW = 99


def check_window(window: int) -> int:
    """Give the window length back if it can be used: 0 (none) or 3 to `MAX_WINDOW` samples; else OptionError."""
    if window != 0 and not 3 <= window <= MAX_WINDOW:
        raise OptionError(f"smoothing takes 'off' or a window of 3 to {MAX_WINDOW} samples, got {window}")
    return window
