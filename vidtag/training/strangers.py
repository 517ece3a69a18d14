"""Makes up pictures that show nobody of the cast, out of pictures that do: other colours, other places, or mere shapes.

They teach that a face, an outline or a colour alone is nobody. Real strangers teach more; these cost nothing.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.training.augment import Picture


def make_up_stranger(picture: Picture, size: tuple[int, int], random: np.random.Generator) -> Picture:
    """Turn a picture of somebody into one of nobody, by a way that chance picks.

    Args:
        picture: (rows, columns, 3) uint8 RGB.
        size: (height, width) of pictures that are drawn from nothing.
        random: where chance comes from.

    Returns:
        (height, width, 3) uint8 RGB of any size.
    """
    way = random.choice(5, p=(0.2, 0.3, 0.2, 0.15, 0.15))
    if way == 0:
        return draw_shapes(*size, random, palette=picture if random.random() < 0.7 else None)
    if way == 1:
        mixed = shuffle_patches(picture, random, side=int(random.choice((12, 18, 24))))
        return swap_colours(mixed, random) if random.random() < 0.5 else mixed
    return (rotate_hue, swap_colours, make_pale)[way - 2](picture, random)


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


def borrow_colours(stranger: Picture, picture: Picture) -> Picture:
    """Give a stranger the colours of somebody: the means and spreads of the other picture's channels in CIE L*a*b*.

    See Reinhard et al., Color Transfer between Images (2001).
    """
    own, lent = (cv2.cvtColor(each, cv2.COLOR_RGB2LAB).astype(np.float32) for each in (stranger, picture))
    scale = lent.std((0, 1)) / np.maximum(own.std((0, 1)), 4.0)
    moved = (own - own.mean((0, 1))) * scale.clip(0.2, 4.0) + lent.mean((0, 1))
    return np.asarray(cv2.cvtColor(moved.clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB), np.uint8)


def draw_shapes(height: int, width: int, random: np.random.Generator, palette: Picture | None = None) -> Picture:
    """Draw a plain or shaded ground with ellipses, boxes and lines, (height, width, 3).

    Colours are any, or those of random pixels of the picture `palette`: somebody's colours in other shapes.
    """

    def colours(count: int) -> NDArray[np.uint8]:
        if palette is None:
            return random.integers(0, 256, (count, 3)).astype(np.uint8)
        return palette[random.integers(0, palette.shape[0], count), random.integers(0, palette.shape[1], count)]

    corners = colours(4).reshape(2, 2, 3)
    if random.random() < 0.4:
        corners[:] = corners[0, 0]
    picture = np.asarray(cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    for _ in range(random.integers(0, 25)):
        colour = tuple(int(value) for value in colours(1)[0])
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


def swap_colours(picture: Picture, random: np.random.Generator) -> Picture:
    """Move red to green, green to blue and blue to red, or the other way round; now and then take the negative."""
    swapped = np.roll(picture, random.integers(1, 3), axis=2)
    return 255 - swapped if random.random() < 0.4 else swapped


def make_pale(picture: Picture, random: np.random.Generator) -> Picture:
    """Turn strong yellows to the skin of people and of other cartoons: redder, a fifth to two fifths as saturated."""
    pale = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    pale[..., 0] = (pale[..., 0].astype(np.int64) - random.integers(8, 20)) % 180
    pale[..., 1] = (pale[..., 1] * random.uniform(0.2, 0.4)).astype(np.uint8)
    return np.asarray(cv2.cvtColor(pale, cv2.COLOR_HSV2RGB), np.uint8)
