"""Places pictures into frames: as the video reader does, into a panel, or somewhere at random."""

from fractions import Fraction

import cv2
import numpy as np

from vidtag.analysis.fitting import Placement, fit_inside
from vidtag.training.augment import Picture

# Widths over heights of the films that frames are drawn for, and how often: 4:3, nearly 3:2, 16:9.
_ASPECTS = ((Fraction(4, 3), 0.5), (Fraction(40, 27), 0.25), (Fraction(16, 9), 0.25))


def place_picture(picture: Picture, input_size: tuple[int, int], sample_aspect: Fraction = Fraction(1)) -> Picture:
    """Scale a picture into a network's input as the video reader does: never distorted, centred, the rest black.

    Args:
        picture: (rows, columns, 3) uint8 RGB.
        input_size: (height, width) of the input in px.
        sample_aspect: width of one stored pixel over its height.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    height, width = input_size
    place = fit_inside(picture.shape[1], picture.shape[0], width, height, sample_aspect)
    frame = np.zeros((height, width, 3), np.uint8)
    scaled = scale_as_ffmpeg(picture, place.width, place.height)
    frame[place.top : place.top + place.height, place.left : place.left + place.width] = scaled
    return frame


def scale_as_ffmpeg(picture: Picture, width: int, height: int) -> Picture:
    """Scale a picture the way ffmpeg's `area` scaler does: by area where it shrinks, linearly where it grows.

    OpenCV's INTER_AREA alone enlarges in blocks, 2-3 grey levels off on average.

    Args:
        picture: (rows, columns, 3) uint8 RGB.
        width: wanted width in px, >= 1.
        height: wanted height in px, >= 1.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    rows, columns = picture.shape[:2]
    shrunk = cv2.resize(picture, (min(width, columns), min(height, rows)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(shrunk, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def film_size(input_size: tuple[int, int], random: np.random.Generator) -> tuple[int, int]:
    """Give (height, width) in px of a film of a random aspect as it stands in the input."""
    aspect = _ASPECTS[random.choice(len(_ASPECTS), p=[share for _, share in _ASPECTS])][0]
    place = fit_inside(aspect.numerator * 100, aspect.denominator * 100, input_size[1], input_size[0])
    return place.height, place.width


def panel_place(size: tuple[int, int], height: int, left: int, right: int) -> Placement:
    """Place a picture into a panel of a frame: stretched where that changes its shape by less than a quarter.

    Args:
        size: (height, width) of the picture in px.
        height: of the frame and the panel in px.
        left: first column of the panel.
        right: column after its last.
    """
    width = right - left
    if 0.75 < size[1] / size[0] * height / width < 1.33:
        return Placement(width, height, left, 0)
    place = fit_inside(size[1], size[0], width, height)
    return Placement(place.width, place.height, left + place.left, place.top)


def random_place(
    size: tuple[int, int], span: tuple[int, int, int], share: float, random: np.random.Generator
) -> Placement:
    """Scale a picture to `share` of what would fit, at a random place.

    Args:
        size: (height, width) of the picture in px.
        span: height of the frame, and the first column and the one after the last that may be used.
        share: above 0 up to 1.
        random: where chance comes from.
    """
    height, left, right = span
    place = fit_inside(size[1], size[0], max(1, int((right - left) * share)), max(1, int(height * share)))
    top = int(random.integers(0, height - place.height + 1))
    return Placement(place.width, place.height, left + int(random.integers(0, right - left - place.width + 1)), top)
