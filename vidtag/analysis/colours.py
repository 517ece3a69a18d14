"""How much of a picture has a given colour, or is black."""

import numpy as np
from numpy.typing import NDArray

BLACK_UP_TO = 24  # of 255; compressed black is not quite black


def colour_share(picture: NDArray[np.uint8], colour: tuple[int, int, int], tolerance: int) -> float:
    """Give the share of pixels whose red, green and blue all lie within `tolerance` of a colour's.

    Args:
        picture: (height, width, 3) uint8 RGB.
        colour: red, green and blue, 0-255.
        tolerance: 0-255.

    >>> colour_share(np.uint8([[[255, 217, 15], [250, 210, 20], [0, 0, 0], [255, 217, 90]]]), (255, 217, 15), 10)
    0.5
    """
    distances = np.abs(picture.astype(np.int16) - np.asarray(colour, np.int16))
    return float((distances <= tolerance).all(axis=2).mean())


def black_share(picture: NDArray[np.uint8]) -> float:
    """Give the share of pixels of a (height, width, 3) uint8 RGB picture that are black, or nearly."""
    return colour_share(picture, (0, 0, 0), BLACK_UP_TO)
