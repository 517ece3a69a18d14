"""Which instants of a film are looked at: slots of equal length, each sampled at its middle.

Slot k is `[k/rate, (k+1)/rate)` seconds from the first frame. Its sample is the frame on screen at the middle of
the slot (the last frame at or before it; the last frame of the film where the middle lies past the end). So an edge
that the samples show is never more than half a slot off.
"""

from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

DEFAULT_RATE = Fraction(4)


def slot_count(duration: Fraction, rate: Fraction) -> int:
    """Count the slots that begin before a film of `duration` seconds ends.

    >>> slot_count(Fraction(30), Fraction(4)), slot_count(Fraction("30.01"), Fraction(4))
    (120, 121)
    """
    return max(0, ceil(duration * rate))


def slot_middles(count: int, rate: Fraction, start: Fraction = Fraction(0)) -> NDArray[np.float64]:
    """Give the sampled instants in seconds: (count,) float64, the middle of each slot.

    Args:
        count: number of slots, >= 0.
        rate: slots a second, > 0.
        start: where slot 0 begins, in seconds.

    >>> slot_middles(3, Fraction(4)).tolist()
    [0.125, 0.375, 0.625]
    """
    doubled = 2 * np.arange(count, dtype=np.int64) + 1
    return float(start) + doubled * rate.denominator / (2 * rate.numerator)


def sampled_frames(frame_times: NDArray[np.float64], duration: Fraction, rate: Fraction) -> NDArray[np.int64]:
    """Say which frame every slot shows, by the rule: the reference that each reader is tested against.

    Args:
        frame_times: (frames,) seconds from the first frame, increasing, the first one 0.
        duration: seconds until the last frame stops being shown.
        rate: slots a second.

    Returns:
        (slots,) int64 indices of frames.
    """
    middles = slot_middles(slot_count(duration, rate), rate)
    return np.searchsorted(frame_times, middles + 1e-9, side="right") - 1
