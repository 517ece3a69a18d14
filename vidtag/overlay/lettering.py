"""Letters for the bar, in the font built into OpenCV 5: the same on every machine, and not only for ASCII.

Pillow brings a font along too, but that one has no accented letters.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.errors import SetupError

_WEIGHT = 500  # 400 is regular, 600 semibold
_CAPITALS_SHARE = 0.7  # height of capitals over letter size, to centre a line
_SMALLEST_SHARE = 0.85  # letters shrink so far before a name is cut


def text_width(text: str, text_px: int) -> int:
    """Measure a line of text in pixels."""
    left, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _font(), text_px, _WEIGHT)
    return int(left + width)


def draw_text(text: str, text_px: int, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Draw one line of text in the middle of a box; lines of one size share their baseline.

    Letters that the font lacks become question marks.

    Returns:
        (height_px, width_px) uint8, the opacity of the letters. What lies outside the box is cut off.
    """
    canvas = np.zeros((height_px, width_px), np.uint8)
    left = round((width_px - text_width(text, text_px)) / 2)
    baseline = round((height_px + _CAPITALS_SHARE * text_px) / 2)
    cv2.putText(canvas, text, (left, baseline), (255,), _font(), text_px, _WEIGHT)
    return canvas


@lru_cache(maxsize=1)
def _font() -> Any:
    """Give the built-in font; OpenCV's own type, which has no type hints."""
    if not hasattr(cv2, "FontFace"):
        raise SetupError(f"names need OpenCV 5 or later, found {cv2.__version__}: pip install 'opencv-python>=5'")
    return cv2.FontFace("sans")


def fit_names(names: Sequence[str], width_px: int, text_px: int, smallest_px: int) -> tuple[tuple[str, ...], int]:
    """Make names fit a width: first all letters shrink a little together, then the long ones are cut.

    Args:
        names: the names as people write them.
        width_px: room for each.
        text_px: wanted size of the letters.
        smallest_px: letters never get smaller than this.

    Returns:
        The names, cut ones ending in an ellipsis, and the size of all letters.
    """
    names = [unicodedata.normalize("NFC", name) for name in names]
    smallest = min(text_px, max(smallest_px, round(_SMALLEST_SHARE * text_px)))
    for size in range(text_px, smallest, -1):
        if all(text_width(name, size) <= width_px for name in names):
            return tuple(names), size
    return tuple(shorten(name, width_px, smallest) for name in names), smallest


def shorten(name: str, width_px: int, text_px: int) -> str:
    """Cut a name so that it fits a width, ending in an ellipsis; empty where not even that has room."""
    if text_width(name, text_px) <= width_px:
        return name
    for length in range(len(name) - 1, -1, -1):
        cut = name[:length].rstrip() + "…"
        if text_width(cut, text_px) <= width_px:
            return cut
    return ""


def initials(name: str) -> str:
    """Give one or two capital letters that stand for a name.

    >>> initials("Ned Flanders"), initials("Bart"), initials("Chief of the Police")
    ('NF', 'B', 'CP')
    """
    words = ["".join(filter(str.isalnum, word)) for word in unicodedata.normalize("NFC", name).split()]
    letters = [word[0].upper()[0] for word in words if word] or ["?"]
    return letters[0] if len(letters) == 1 else letters[0] + letters[-1]
