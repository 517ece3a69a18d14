"""Which instants of a film are looked at: slots of equal length, each sampled at its middle.

Slot k is `[k/rate, (k+1)/rate)` seconds from the first frame. Its sample is the frame on screen at the middle of
the slot (the last frame at or before it; the last frame of the film where the middle lies past the end). So an edge
that the samples show is never more than half a slot off.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray


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


def slots_to_cut(instants: Sequence[Fraction], rate: Fraction, together: int) -> tuple[int, ...]:
    """Choose slots at which the samples of a film can be cut into pieces.

    Args:
        instants: where a cut is wanted, in seconds from the begin of slot 0, increasing.
        rate: slots a second, > 0.
        together: only every so many slots may be cut, >= 1, so that batches of as many stay what they are.

    Returns:
        The slots before which to cut, increasing, > 0: at or before the instants, and fewer where these are close.

    >>> slots_to_cut((Fraction(1), Fraction("10.2"), Fraction(11)), Fraction(4), together=16)
    (32,)
    """
    slots = {floor(instant * rate) // together * together for instant in instants}
    return tuple(sorted(slot for slot in slots if slot > 0))
