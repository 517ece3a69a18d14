"""The promises of a bar's layout, for any picture and any cast."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vidtag.errors import OptionError
from vidtag.overlay.layout import READABLE_ICON_PX, BarLayout, BarStyle, lay_out_bar
from vidtag.overlay.styles import BAR_STYLES

sizes = st.tuples(st.integers(160, 4096), st.integers(120, 4096))
casts = st.integers(1, 60)
styles = st.sampled_from(sorted(BAR_STYLES))


def rows_of(layout: BarLayout) -> list[list[int]]:
    """Give the left edges of the icons, row by row."""
    tops = sorted({top for _, top in layout.icons})
    return [[left for left, top in layout.icons if top == row] for row in tops]


def lay_out(size, characters, style) -> BarLayout:
    try:
        return lay_out_bar(*size, characters, BAR_STYLES[style])
    except OptionError:
        assume(False)
        raise


@given(sizes, casts, styles)
def test_icons_lie_inside_and_never_overlap(size, characters, style):
    layout = lay_out(size, characters, style)
    assert len(layout.icons) == characters
    assert layout.width_px == size[0]
    for left, top in layout.icons:
        assert 0 <= left <= layout.width_px - layout.icon_px
        assert layout.line_px <= top <= layout.height_px - layout.icon_px
    for a, (left, top) in enumerate(layout.icons):
        for other_left, other_top in layout.icons[:a]:
            assert max(abs(left - other_left), abs(top - other_top)) > layout.icon_px


@given(sizes, casts, styles)
def test_rows_are_centred_even_and_balanced(size, characters, style):
    layout = lay_out(size, characters, style)
    rows = rows_of(layout)
    assert [left for row in rows for left in row] == [left for left, _ in layout.icons]
    assert max(map(len, rows)) - min(map(len, rows)) <= 1
    for row in rows:
        right_margin = layout.width_px - row[-1] - layout.icon_px
        assert abs(row[0] - right_margin) <= 1
    assert len({b - a for row in rows for a, b in pairwise(row)}) <= 1


@given(sizes, casts, styles)
def test_height_is_even_and_below_half_the_picture(size, characters, style):
    layout = lay_out(size, characters, style)
    assert layout.height_px % 2 == 0
    assert layout.height_px <= size[1] / 2


@given(sizes, casts)
def test_names_lie_under_their_icons_and_never_overlap(size, characters):
    layout = lay_out(size, characters, "icons+names")
    assert len(layout.captions) == characters
    for (left, top), box in zip(layout.icons, layout.captions, strict=True):
        assert box.top == top + layout.icon_px
        assert box.top + box.height <= layout.height_px
        assert abs(2 * box.left + box.width - 2 * left - layout.icon_px) <= 1
        assert box.left >= 0
        assert box.left + box.width <= layout.width_px
        assert box.height >= layout.text_px
    for row_top in {box.top for box in layout.captions}:
        row = [box for box in layout.captions if box.top == row_top]
        assert all(a.left + a.width < b.left for a, b in pairwise(row))


@pytest.mark.parametrize(
    ("width", "height", "characters", "rows", "smallest_px", "largest_share"),
    [
        (1280, 720, 6, 1, 64, 0.14),
        (1280, 720, 19, 1, 50, 0.14),
        (426, 240, 19, 2, READABLE_ICON_PX, 0.22),
        (426, 240, 40, 3, READABLE_ICON_PX, 0.32),
        (3840, 2160, 40, 2, 140, 0.20),
        (720, 1280, 19, 2, 50, 0.14),
        (1920, 1080, 1, 1, 100, 0.14),
    ],
)
def test_usual_pictures_are_readable(width, height, characters, rows, smallest_px, largest_share):
    layout = lay_out_bar(width, height, characters, BAR_STYLES["icons"])
    assert len(rows_of(layout)) == rows
    assert layout.icon_px >= smallest_px
    assert layout.height_px <= largest_share * height


@pytest.mark.parametrize(
    ("width", "height", "characters"), [(16, 16, 40), (320, 180, 1000), (0, 720, 3), (640, 480, 0)]
)
def test_hopeless_pictures_are_refused(width, height, characters):
    with pytest.raises(OptionError, match=f"{width}x{height}"):
        lay_out_bar(width, height, characters, BAR_STYLES["icons"])


def test_style_that_would_overlap_is_refused():
    with pytest.raises(OptionError, match=r"at least 1\.2"):
        BarStyle(spread=1.0)
