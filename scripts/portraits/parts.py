"""What most faces share: shoulders, eyes, noses, mouths, glasses."""

import numpy as np

from portraits.easel import INK, MIDDLE, Colour, Easel, arc, symmetric

YELLOW = (255, 216, 66)
WHITE = (255, 255, 255)
MUZZLE = (209, 178, 118)
BROWN_HAIR = (122, 74, 40)
BLUE_HAIR = (62, 92, 200)


def shoulders(easel: Easel, cloth: Colour, skin: Colour = YELLOW, top: float = 212, half_width: float = 92) -> None:
    """Draw a neck and the upper body, cut by the lower edge."""
    half = [(MIDDLE + 36, top), (MIDDLE + half_width - 14, top + 16), (MIDDLE + half_width, 272)]
    easel.polygon(symmetric([*half]), cloth)
    easel.polygon(symmetric([(MIDDLE + 24, top - 50), (MIDDLE + 26, top + 10)]), skin)


def collar(easel: Easel, cloth: Colour, top: float = 212) -> None:
    """Draw the two points of a shirt collar."""
    for side in (-1, 1):
        corner = MIDDLE + side * 30
        easel.polygon(
            [(corner, top - 6), (MIDDLE, top + 16), (MIDDLE + side * 20, top + 40), (corner + side * 12, top + 10)],
            cloth,
        )


def tie(easel: Easel, cloth: Colour, top: float = 224) -> None:
    """Draw a tie down to the lower edge."""
    easel.polygon(symmetric([(MIDDLE + 9, top), (MIDDLE + 7, top + 12), (MIDDLE + 15, 272)]), cloth)


def lapels(easel: Easel, shirt: Colour, top: float = 210) -> None:
    """Draw the opening of a jacket, filled with the shirt."""
    easel.polygon([(MIDDLE - 34, top), (MIDDLE + 34, top), (MIDDLE + 6, 272), (MIDDLE - 6, 272)], shirt)


def eyes(
    easel: Easel,
    y: float = 112,
    radius: float = 25,
    apart: float = 24,
    pupil: float = 5.5,
    lid: Colour | None = None,
    lid_share: float = 0.45,
    x: float = MIDDLE,
) -> None:
    """Draw two round eyes, `apart` from the middle; `lid` closes `lid_share` of their height in that colour."""
    for side in (-1, 1):
        centre = x + side * apart
        easel.ellipse(centre, y, radius, radius, WHITE)
        easel.ellipse(centre + 1 - side * 4, y + (4 if lid else 1), pupil, pupil, INK, None)
        if lid is not None:
            edge = float(np.degrees(np.arcsin(1 - 2 * lid_share)))
            easel.polygon(arc(centre, y, radius, radius, 180 + edge, 360 - edge), lid)


def brows(easel: Easel, colour: Colour, y: float, width: float = 8, slope: float = 0, apart: float = 24) -> None:
    """Draw two eyebrows; a positive slope looks angry."""
    for side in (-1, 1):
        inner, outer = MIDDLE + side * (apart - 18), MIDDLE + side * (apart + 20)
        easel.line([(inner, y + slope), ((inner + outer) / 2, y - 4), (outer, y - slope)], INK, width + 4)
        easel.line([(inner, y + slope), ((inner + outer) / 2, y - 4), (outer, y - slope)], colour, width - 1)


def nose(easel: Easel, y: float = 140, across: float = 14, down: float = 11, skin: Colour = YELLOW) -> None:
    """Draw a round nose."""
    easel.ellipse(MIDDLE, y, across, down, skin)


def smile(easel: Easel, y: float, half_width: float = 30, depth: float = 10, width: float = 4.5) -> None:
    """Draw a mouth line; a negative depth is a frown."""
    easel.line([(MIDDLE - half_width, y), (MIDDLE, y + depth), (MIDDLE + half_width, y)], INK, width)


def glasses(easel: Easel, colour: Colour, y: float, radius: float, apart: float, width: float = 6) -> None:
    """Draw round rims and the bridge over eyes that are there already."""
    easel.line([(MIDDLE - apart + radius, y), (MIDDLE + apart - radius, y)], colour, width)
    for side in (-1, 1):
        centre = MIDDLE + side * apart
        easel.ring(centre, y, radius, radius, colour, width)
        easel.line([(centre + side * radius, y), (centre + side * (radius + 14), y - 5)], colour, width)


def ears(easel: Easel, y: float = 140, x: float = 62, skin: Colour = YELLOW) -> None:
    """Draw two round ears, `x` from the middle."""
    for side in (-1, 1):
        easel.ellipse(MIDDLE + side * x, y, 12, 14, skin)
