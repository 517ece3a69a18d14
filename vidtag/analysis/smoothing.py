"""Take out single-sample glitches: the window rule for single outliers, on an array and as a stream.

A sample is flipped if some window of n consecutive samples has it inside, but not at an edge, and it is the only one
of the n that differs. Every answer is decided from the raw flags alone, so the rule does not depend on the direction
of time or on how the samples arrive: a sample's answer rests on the n - 2 samples to either side.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.rules import DEFAULT_WINDOW, check_window
from vidtag.errors import ShapeError

Flags = NDArray[np.bool_]


def remove_single_outliers(present: Flags, window: int = DEFAULT_WINDOW) -> Flags:
    """Flip every sample that alone differs from the rest of a window around it.

    Args:
        present: (samples, characters) bool, in time order.
        window: n, samples in a window, 3 or more; 5 at 4 samples/s spans 1.25 s. 0 changes nothing.

    Returns:
        (samples, characters) bool, a new array.

    Raises:
        ShapeError: `present` is not two-dimensional.
        OptionError: the window cannot be used.

    >>> remove_single_outliers(np.array([[0], [1], [0], [0], [0]], dtype=bool)).ravel().tolist()
    [False, False, False, False, False]
    """
    if present.ndim != 2:
        raise ShapeError(f"present must be (samples, characters), got shape {present.shape}")
    if not check_window(window) or len(present) < window:
        return present.copy()
    total = np.cumsum(np.pad(present, ((1, 0), (0, 0))), axis=0, dtype=np.int64)
    lit = total[window:] - total[:-window]  # lit samples in the window that starts at each row
    outlier = np.zeros_like(present)
    for offset in range(1, window - 1):
        inside = present[offset : offset + len(lit)]
        outlier[offset : offset + len(lit)] |= np.where(inside, lit == 1, lit == window - 1)
    return present ^ outlier


def reach_of(window: int) -> int:
    """Give the samples to either side that a sample's answer rests on; raises as `check_window` does."""
    return max(0, check_window(window) - 2)


def smooth_stream(batches: Iterable[Flags], window: int = DEFAULT_WINDOW) -> Iterator[Flags]:
    """Smooth flags that arrive in batches; the batches joined give the same as the whole array at once.

    Args:
        batches: (n, characters) bool each, any n, in time order.
        window: as in `remove_single_outliers`.

    Yields:
        (m, characters) bool, in time order, as soon as it is decided. Holds one batch and 2 (n - 2) samples.
    """
    reach = reach_of(window)
    held: Flags | None = None  # `done` samples already given out, kept as context, then the undecided ones
    done = 0
    for batch in batches:
        held = batch if held is None else np.concatenate((held, batch))
        ready = len(held) - reach
        if ready > done:
            yield remove_single_outliers(held, window)[done:ready]
            keep = max(0, ready - reach)
            held, done = held[keep:], ready - keep
    if held is not None and len(held) > done:
        yield remove_single_outliers(held, window)[done:]
