import numpy as np
import pytest

from vidtag.errors import ShapeError
from vidtag.overlay.sheets import GAP_PX, LEAST_WIDTH_PX, LINE_PX, LINES, draw_sheet

SIZE = (90, LEAST_WIDTH_PX)


def plain(*colour, size=SIZE):
    return np.full((*size, 3), colour, np.uint8)


def cell(sheet, row, column, size=SIZE):
    """Give a picture and the text below it."""
    top = GAP_PX + row * (size[0] + LINES * LINE_PX + GAP_PX)
    left = GAP_PX + column * (size[1] + GAP_PX)
    columns = slice(left, left + size[1])
    return sheet[top : top + size[0], columns], sheet[top + size[0] : top + size[0] + LINES * LINE_PX, columns]


def test_pictures_stand_in_rows_with_their_words():
    pictures = [plain(200, 10 * number, 0) for number in range(5)]
    words = ["Anna", "", "nobody", "Anna, Ben, Cleo and many others who do not fit on two lines at all", "?"]
    sheet = draw_sheet(pictures, words, columns=3)
    assert sheet.dtype == np.uint8
    for number, (picture, text) in enumerate(zip(pictures, words, strict=True)):
        drawn, below = cell(sheet, *divmod(number, 3))
        assert np.array_equal(drawn, picture)
        assert (below.max() > 200) == bool(text)
        assert (below[LINE_PX:].max() > 200) == (len(text) > 30)
    assert cell(sheet, 1, 2)[0].std() == 0  # the last row is shorter


def test_small_pictures_are_enlarged_pixel_by_pixel():
    picture = np.random.default_rng(1).integers(0, 256, (20, 60, 3)).astype(np.uint8)
    sheet = draw_sheet([picture], ["Anna"], columns=1)
    assert np.array_equal(cell(sheet, 0, 0, (60, 180))[0], np.kron(picture, np.ones((3, 3, 1), np.uint8)))


def test_what_makes_no_sheet_is_refused():
    for pictures, words in (
        ([], []),
        ([plain(0, 0, 0), plain(0, 0, 0, size=(9, 9))], ["a", "b"]),
        ([plain(0, 0, 0)], []),
    ):
        with pytest.raises(ShapeError, match="pictures of one size"):
            draw_sheet(pictures, words, columns=2)
