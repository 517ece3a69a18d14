"""Contact sheets: pictures side by side in rows, each with a short text below, to look at many at once."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.errors import ShapeError
from vidtag.overlay.lettering import draw_text, shorten, text_width

GAP_PX, LINE_PX, TEXT_PX = 8, 17, 13
LINES = 2  # of text below a picture
LEAST_WIDTH_PX = 160  # smaller pictures are enlarged, so that there is room for words
_GROUND, _LETTERS = 24, 235


def draw_sheet(pictures: Sequence[NDArray[np.uint8]], captions: Sequence[str], columns: int) -> NDArray[np.uint8]:
    """Draw pictures of one size in rows, in order from the top left.

    Args:
        pictures: (height, width, 3) uint8 RGB each, at least one.
        captions: a text for each; those that two lines do not hold are cut.
        columns: pictures a row, >= 1; a last row may be shorter.

    Returns:
        (rows, columns, 3) uint8 RGB; small pictures are enlarged a whole number of times.

    Raises:
        ShapeError: no picture, pictures of different sizes, or not a caption for each.
    """
    shapes = {picture.shape for picture in pictures}
    if len(shapes) != 1 or len(captions) != len(pictures) or columns < 1:
        raise ShapeError(f"a sheet needs pictures of one size and a caption for each, got {len(captions)} for {shapes}")
    height, width = pictures[0].shape[:2]
    times = -(-LEAST_WIDTH_PX // width) if width < LEAST_WIDTH_PX else 1
    cell_height, cell_width = times * height + LINES * LINE_PX + GAP_PX, times * width + GAP_PX
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * cell_height + GAP_PX, columns * cell_width + GAP_PX, 3), _GROUND, np.uint8)
    for index, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        row, column = divmod(index, columns)
        cell = sheet[GAP_PX + row * cell_height :, GAP_PX + column * cell_width :]
        size = (times * width, times * height)
        cell[: size[1], : size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST)
        for number, line in enumerate(_broken(caption, size[0])):
            top = size[1] + number * LINE_PX
            _write(cell[top : top + LINE_PX, : size[0]], line)
    return sheet


def _broken(text: str, width_px: int) -> list[str]:
    """Break a text between words where a line is full; the last line takes the rest."""
    lines, words = [""], text.split()
    for number, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, TEXT_PX) <= width_px or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < LINES:
            lines.append(word)
        else:
            return [*lines[:-1], " ".join((lines[-1], *words[number:]))]
    return lines


def _write(line: NDArray[np.uint8], text: str) -> None:
    """Write into the middle of a (LINE_PX, width, 3) part of a sheet."""
    height, width = line.shape[:2]
    opacity = draw_text(shorten(text, width, TEXT_PX), TEXT_PX, width, height)[..., np.newaxis] / 255
    line[:] = np.rint(line * (1 - opacity) + _LETTERS * opacity)
