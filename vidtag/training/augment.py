"""Changes pictures as films do: cropped, faded, brighter, blurred, compressed.

Every function takes (height, width, 3) uint8 RGB and gives the same type, as a new array or the array
itself; all chance comes from the given generator.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.fitting import Placement

Picture = NDArray[np.uint8]


def crop_randomly(picture: Picture, random: np.random.Generator, most: float) -> Picture:
    """Cut up to a share `most` (0 to below 1) off each of width and height, at random sides."""
    part = random_part(picture.shape[:2], random, most)
    return picture[part.top : part.top + part.height, part.left : part.left + part.width]


def random_part(size: tuple[int, int], random: np.random.Generator, most: float) -> Placement:
    """Choose what `crop_randomly` keeps of a picture of a size, (height, width) in px."""
    height, width = size
    kept = 1 - random.uniform(0, most, 2)
    rows, columns = max(1, round(height * kept[0])), max(1, round(width * kept[1]))
    top, left = int(random.integers(0, height - rows + 1)), int(random.integers(0, width - columns + 1))
    return Placement(columns, rows, left, top)


def fade_randomly(picture: Picture, random: np.random.Generator, share: float) -> Picture:
    """Darken a share of the pictures to 25-90 % of their light, as a fade to black does."""
    if random.random() >= share:
        return picture
    return np.asarray(cv2.convertScaleAbs(picture, alpha=float(random.uniform(0.25, 0.9))), np.uint8)


def jitter_colours(picture: Picture, random: np.random.Generator, strength: float = 1.0) -> Picture:
    """Vary contrast, brightness and saturation, and now and then tint the light as night or lamps do.

    A strength of 1 changes contrast by up to a quarter and brightness by up to 25 grey levels; 0 changes nothing.
    """
    contrast, brightness = 1 + strength * random.uniform(-0.25, 0.25), strength * random.uniform(-25, 25)
    gains = contrast * (1 + strength * random.normal(0, 0.12 if random.random() < 0.2 else 0.025, 3))
    values = np.arange(256, dtype=np.float32)
    tables = (values[:, np.newaxis] - 128) * gains + 128 + brightness
    changed = cv2.LUT(picture, np.clip(tables, 0, 255).astype(np.uint8).reshape(256, 1, 3))
    if random.random() < 0.4:
        grey = cv2.cvtColor(cv2.cvtColor(changed, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        share = 1 + strength * random.uniform(-0.4, 0.3)
        changed = cv2.addWeighted(changed, share, grey, 1 - share, 0)
    return np.asarray(changed, np.uint8)


def degrade(picture: Picture, random: np.random.Generator) -> Picture:
    """Blur, shrink and enlarge, compress or add noise, each to some of the pictures."""
    height, width = picture.shape[:2]
    if random.random() < 0.25:
        factor = random.uniform(0.45, 0.9)
        small = cv2.resize(picture, (max(1, round(width * factor)), max(1, round(height * factor))))
        picture = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    if random.random() < 0.25:
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 90))])[1]
        picture = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    if random.random() < 0.1:
        noise = random.normal(0, random.uniform(2, 8), picture.shape)
        picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    return picture
