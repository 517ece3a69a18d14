"""From scores to yes or no."""

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import ShapeError


def apply_thresholds(values: NDArray[np.float32], thresholds: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say where a score lies above its character's threshold.

    Args:
        values: (samples, characters) float32 in [0, 1].
        thresholds: (characters,) float32 in [0, 1].

    Returns:
        (samples, characters) bool. A score equal to its threshold counts as away.

    Raises:
        ShapeError: the numbers of characters differ.

    >>> apply_thresholds(np.array([[0.2, 0.9]], np.float32), np.array([0.5, 0.5], np.float32)).tolist()
    [[False, True]]
    """
    if values.ndim != 2 or values.shape[1:] != thresholds.shape:
        raise ShapeError(f"scores of shape {values.shape} do not fit thresholds of shape {thresholds.shape}")
    return np.greater(values, thresholds)
