"""From flags to intervals: when each character is on screen."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import ShapeError
from vidtag.timeline import Interval, Presence


def runs(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Find the stretches of True.

    Args:
        flags: (samples,) bool.

    Returns:
        (runs, 2) int64: index of the first sample of each run, and of the first one after it.

    >>> runs(np.array([True, True, False, True])).tolist()
    [[0, 2], [3, 4]]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False]))))
    return edges.reshape(-1, 2).astype(np.int64)


def presence_of(flags: NDArray[np.bool_], rate: Fraction, end: Fraction, start: Fraction = Fraction(0)) -> Presence:
    """Turn one character's flags into intervals.

    Args:
        flags: (samples,) bool, one a slot.
        rate: slots a second.
        end: end of the film in seconds; the last interval is cut there.
        start: where slot 0 begins, in seconds; the presence is of what follows.

    Raises:
        ShapeError: a slot begins at the end of the film or after it.
    """
    if len(flags) and start + (len(flags) - 1) / rate >= end:
        raise ShapeError(
            f"{len(flags)} slots at {rate} a second from {float(start)} s begin after the end, {float(end)} s"
        )
    intervals = [Interval(start + int(a) / rate, min(start + int(b) / rate, end)) for a, b in runs(flags)]
    return Presence(tuple(intervals), end, start)
