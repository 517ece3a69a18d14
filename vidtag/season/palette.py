"""Colours of characters: their own where these differ, else spread ones; each once for light and once for dark."""

import colorsys
from collections.abc import Sequence

from vidtag.cast import Cast

Colour = tuple[int, int, int]

WHITE, DARK = (255, 255, 255), (23, 27, 33)
LEAST_CONTRAST = 2.0  # of a colour against the ground; what it shows is told by letters beside it, too
_GOLDEN = 0.618_034  # a turn of this share of the circle keeps neighbours apart, however many there are
_SATURATION, _LIGHTNESS = (0.62, 0.5, 0.72), (0.5, 0.62, 0.4)


def colours_of(cast: Cast) -> tuple[Colour, ...]:
    """Give everyone a colour: the cast's own, or spread ones where two have the same."""
    own = tuple(character.colour for character in cast)
    return own if len(set(own)) == len(own) else spread_colours(len(own))


def spread_colours(count: int) -> tuple[Colour, ...]:
    """Give so many colours, neighbours far apart on the circle of hues; their lightness differs in threes."""

    def colour(number: int) -> Colour:
        hue, look = (0.58 + number * _GOLDEN) % 1, number % 3
        red, green, blue = colorsys.hls_to_rgb(hue, _LIGHTNESS[look], _SATURATION[look])
        return round(255 * red), round(255 * green), round(255 * blue)

    return tuple(map(colour, range(count)))


def on_light(colour: Colour) -> Colour:
    """Darken a colour until it stands out from white."""
    return _mixed(colour, (0, 0, 0), WHITE)


def on_dark(colour: Colour) -> Colour:
    """Lighten a colour until it stands out from the dark ground."""
    return _mixed(colour, WHITE, DARK)


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast of two colours as WCAG defines it, 1 to 21.

    >>> contrast((255, 255, 255), (0, 0, 0))
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def hexadecimal(colour: Colour) -> str:
    """Write a colour as in CSS.

    >>> hexadecimal((255, 0, 10))
    '#ff000a'
    """
    return "#" + bytes(colour).hex()


def _mixed(colour: Colour, towards: Colour, ground: Colour) -> Colour:
    """Mix in as few hundredths of another colour as it takes."""
    for share in range(101):
        red, green, blue = ((a * (100 - share) + b * share) // 100 for a, b in zip(colour, towards, strict=True))
        if contrast((red, green, blue), ground) >= LEAST_CONTRAST:
            return red, green, blue
    return towards


def _luminance(colour: Sequence[int]) -> float:
    """Give the relative luminance of sRGB, 0 to 1, by WCAG's formula."""
    parts = (value / 255 for value in colour)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
