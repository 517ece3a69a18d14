"""Which of many pictures differ most from each other: what each looks like as a point, and points far apart."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_GRID = 4


def picture_feature(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Describe a small picture by the mean colour and the strength of edges of 4 x 4 cells.

    Args:
        picture: (height, width, 3) uint8 RGB, at least 5 x 5 px.

    Returns:
        (80,) float32: 48 colours as shares of full, then 32 mean steps to the right and lower neighbour.
    """
    values = picture.astype(np.float32) / 255
    grey = values.mean(axis=2, dtype=np.float32)
    right, below = np.abs(np.diff(grey, axis=1))[:-1], np.abs(np.diff(grey, axis=0))[:, :-1]
    edges = _cell_means(np.stack((right, below), axis=2))
    return np.concatenate((_cell_means(values), 2 * edges))  # a mean step is half as large as colours differ, or less


def farthest_points(points: NDArray[np.float32], count: int) -> list[int]:
    """Choose points one after the other, each the farthest from all that are chosen already.

    The first one is the farthest from the mean of all. Points equal to a chosen one are never taken.

    Args:
        points: (n, dimensions) float32.
        count: how many are wanted, >= 1.

    Returns:
        Indices in the order of choice, at most `count` of them.

    >>> farthest_points(np.float32([[0], [1], [2], [9], [9]]), 3)
    [3, 0, 2]
    """
    if not len(points):
        return []
    chosen = [int(np.argmax(np.linalg.norm(points - points.mean(axis=0), axis=1)))]
    nearest = np.linalg.norm(points - points[chosen[0]], axis=1)
    while len(chosen) < count and nearest.max() > 0:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return chosen


def _cell_means(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Give the means of 4 x 4 cells of (height, width, channels) values, in one row."""
    rows, columns, channels = values.shape[0] // _GRID, values.shape[1] // _GRID, values.shape[2]
    even = values[: rows * _GRID, : columns * _GRID].reshape(_GRID, rows, _GRID, columns, channels)
    return np.asarray(even.mean(axis=(1, 3)).ravel(), np.float32)
