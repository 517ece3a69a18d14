"""Changes pictures as films do: mirrored, cropped, brighter, blurred, compressed; and makes some up that show nobody.

Every function takes (height, width, 3) uint8 RGB and gives the same type, as a new array or the array
itself; all chance comes from the given generator.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def crop_randomly(picture: Picture, random: np.random.Generator, most: float) -> Picture:
    """Cut up to a share `most` (0 to below 1) off each of width and height, at random sides."""
    height, width = picture.shape[:2]
    kept = 1 - random.uniform(0, most, 2)
    rows, columns = max(1, round(height * kept[0])), max(1, round(width * kept[1]))
    top, left = random.integers(0, height - rows + 1), random.integers(0, width - columns + 1)
    return picture[top : top + rows, left : left + columns]


def mirror_randomly(picture: Picture, random: np.random.Generator) -> Picture:
    """Mirror every second picture left to right."""
    return picture[:, ::-1] if random.random() < 0.5 else picture


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


def rotate_hue(picture: Picture, random: np.random.Generator) -> Picture:
    """Turn all hues by 60 to 300 degrees, so that a character loses its colours."""
    turned = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    turned[..., 0] = (turned[..., 0].astype(np.int64) + random.integers(30, 150)) % 180
    return np.asarray(cv2.cvtColor(turned, cv2.COLOR_HSV2RGB), np.uint8)


def shuffle_patches(picture: Picture, random: np.random.Generator, side: int = 24) -> Picture:
    """Cut the picture into squares of `side` px and put them back in a random order: colours and lines, but nobody."""
    rows, columns = max(1, picture.shape[0] // side), max(1, picture.shape[1] // side)
    even = cv2.resize(picture, (columns * side, rows * side))
    patches = even.reshape(rows, side, columns, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    mixed = random.permutation(patches).reshape(rows, columns, side, side, 3).swapaxes(1, 2)
    return np.asarray(mixed.reshape(rows * side, columns * side, 3), np.uint8)


def draw_shapes(height: int, width: int, random: np.random.Generator) -> Picture:
    """Draw a plain or shaded ground with ellipses, boxes and lines of random colours, (height, width, 3)."""
    corners = random.integers(0, 256, (2, 2, 3)).astype(np.uint8)
    if random.random() < 0.4:
        corners[:] = corners[0, 0]
    picture = np.asarray(cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    for _ in range(random.integers(0, 25)):
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        a, b = (int(side) for side in random.integers(2, max(3, min(height, width) // 2), 2))
        thickness = -1 if random.random() < 0.7 else int(random.integers(1, 5))
        shape = random.integers(0, 3)
        if shape == 0:
            cv2.ellipse(picture, (x, y), (a, b), float(random.uniform(0, 180)), 0, 360, colour, thickness)
        elif shape == 1:
            cv2.rectangle(picture, (x, y), (x + a, y + b), colour, thickness)
        else:
            cv2.line(picture, (x, y), (x + a, y - b), colour, abs(thickness) + 1)
    return picture
