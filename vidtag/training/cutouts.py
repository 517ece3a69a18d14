"""Finds the plain ground around a drawn character, so that only the character is placed into training frames."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.training.augment import Picture

# Most difference in grey levels of a channel between neighbouring pixels of a plain ground, and from its mean colour.
_STEP, _SPREAD = 4, 18
# Shares of the border that must be plain, and of the picture that may be left as the character.
_PLAIN_BORDER, _LEAST, _MOST = 0.9, 0.03, 0.9


def cut_plain_ground(picture: Picture) -> NDArray[np.uint8] | None:
    """Find who stands before a ground of one colour.

    Args:
        picture: (height, width, 3) uint8 RGB.

    Returns:
        (height, width) uint8 opacity, 0 on the ground and 255 on the character with a soft edge of a pixel; None where
        the border is not plain, or what is left is hardly anything or nearly everything.
    """
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]).astype(np.int16)
    colour = np.median(border, axis=0)
    plain = np.abs(border - colour).max(axis=1) <= _SPREAD
    if plain.mean() < _PLAIN_BORDER:
        return None
    framed = cv2.copyMakeBorder(picture, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=colour.tolist())
    mask = np.zeros((framed.shape[0] + 2, framed.shape[1] + 2), np.uint8)
    reach = (_STEP,) * 3
    cv2.floodFill(framed, mask, (0, 0), (0, 0, 0), reach, reach, 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8))
    character = 255 - mask[2:-2, 2:-2]
    if not _LEAST < (character > 0).mean() < _MOST:
        return None
    return np.asarray(cv2.blur(cv2.erode(character, np.ones((3, 3), np.uint8)), (3, 3)), np.uint8)
