"""How much the content of a film changes from one sample to the next: a cut changes both the colours and the layout."""

import numpy as np
from numpy.typing import NDArray

DEFAULT_CUT = 0.08  # between the slowest real cuts of black-and-white and colour cartoons and their fastest motion
LEVELS = 4  # of each channel in the histogram
_ROWS, _COLUMNS = 6, 8


def content_change(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Measure how different two small pictures of one film are.

    The share of pixels that change their colour, whatever their place, times the mean change of brightness and colour
    in coarse cells, and the root of it. So a moving figure (which keeps its colours), a pan and a change of light alone
    count little, and a cut counts much.

    Args:
        before: (height, width, 3) uint8 RGB, at least 6 x 8 px.
        after: of the same shape.

    Returns:
        0 for the same picture, 1 for black against white.
    """
    colours = np.abs(_histogram(before) - _histogram(after)).sum() / 2
    layout = np.abs(_cells(before) - _cells(after)).mean() / 255
    return float(np.sqrt(colours * layout))


def motion(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Give the mean difference of two small pictures of the same shape, 0-1, to tell steady frames from moving ones."""
    return float(np.abs(np.subtract(before, after, dtype=np.int16)).mean() / 255)


def _histogram(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give the share of pixels of each of `LEVELS` cubed colours."""
    red, green, blue = np.moveaxis(picture.astype(np.int64) * LEVELS // 256, -1, 0)
    counts = np.bincount(((red * LEVELS + green) * LEVELS + blue).ravel(), minlength=LEVELS**3)
    return np.asarray(counts / red.size)


def _cells(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give the mean colour of 6 x 8 cells, as large as whole pixels make them."""
    rows, columns = picture.shape[0] // _ROWS, picture.shape[1] // _COLUMNS
    even = picture[: rows * _ROWS, : columns * _COLUMNS].reshape(_ROWS, rows, _COLUMNS, columns, 3)
    return np.asarray(even.mean(axis=(1, 3)))
