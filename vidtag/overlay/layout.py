"""Where the icons of a bar lie: pure arithmetic in whole pixels, no drawing.

Every row holds cells of one width (the pitch); an icon is centred in its cell and a name lies under it:

```
|      .----.      .----.      .----.      |   pitch = distance of two icons
|      |icon|      |icon|      |icon|      |
|      '----'      '----'      '----'      |
|       name        name        name       |   a caption is the pitch wide, less a third of a letter
```
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from vidtag.errors import OptionError

READABLE_ICON_PX = 20
"""Below this nobody is told apart: a bar rather grows beyond its usual share of the picture."""
READABLE_TEXT_PX = 9
"""The smallest letters that stay legible once encoded."""

_COMFORTABLE_SHARE = 0.06  # icon over the shorter side of the picture: 43 px at 720p
_LARGEST_SHARE = 0.45  # bar over picture height, whatever the cast
_GAP_SHARE = 0.16  # gap over icon
_TEXT_SHARE = 0.22  # letter size over icon
_LETTERS_WANTED = 4.2  # room for a name, in letter sizes: about eight letters
_LETTERS_AT_MOST = 8  # a pitch of so many letter sizes holds "Comic Book Guy"


@dataclass(frozen=True, slots=True)
class BarStyle:
    """What a bar shows.

    Attributes:
        names: the names of the characters stand under their icons.
        spread: the widest pitch, over the size of the icon, >= 1.2; few icons stand together in the middle.
    """

    names: bool = False
    spread: float = 1.4

    def __post_init__(self) -> None:
        if not self.spread >= 1.2:
            raise OptionError(f"a bar's spread must be at least 1.2 icons, got {self.spread}")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the upper left corner of the bar."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class BarLayout:
    """A laid-out bar, all in pixels.

    Attributes:
        width_px: as wide as the picture.
        height_px: even, so that the film keeps an even height.
        line_px: thickness of the line that parts the bar from the picture, at the top.
        icon_px: side of every icon.
        text_px: size of the letters, 0 without names.
        icons: (left, top) of each icon, in the order of the cast.
        captions: where each name lies; empty without names.
    """

    width_px: int
    height_px: int
    line_px: int
    icon_px: int
    text_px: int
    icons: tuple[tuple[int, int], ...]
    captions: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """A candidate: so many rows of icons of one size."""

    rows: int
    columns: int
    icon_px: int
    line_px: int
    names: bool

    @property
    def gap_px(self) -> int:
        return max(2, round(_GAP_SHARE * self.icon_px))

    @property
    def text_px(self) -> int:
        return max(READABLE_TEXT_PX, round(_TEXT_SHARE * self.icon_px)) if self.names else 0

    @property
    def caption_px(self) -> int:
        return round(1.5 * self.text_px)

    @property
    def caption_gap_px(self) -> int:
        return max(2, round(self.text_px / 3))

    @property
    def row_px(self) -> int:
        return self.icon_px + self.caption_px + self.gap_px

    @property
    def width_px(self) -> int:
        return self.columns * (self.icon_px + self.gap_px) + self.gap_px

    @property
    def height_px(self) -> int:
        height = self.line_px + self.gap_px + self.rows * self.row_px
        return height + height % 2


def lay_out_bar(width_px: int, height_px: int, characters: int, style: BarStyle) -> BarLayout:
    """Place one icon a character under a picture.

    One row is about 13 % of the picture's shorter side, more rows take more. The fewest rows win whose icons are
    comfortable to read; if no number of rows manages that, the largest icons win.

    Args:
        width_px: width of the picture as shown, >= 1.
        height_px: its height, >= 1.
        characters: how many icons, >= 1.
        style: names or not, and how far apart.

    Returns:
        A layout in which icons never overlap; rows are centred and differ by one icon at most.

    Raises:
        OptionError: a number is below 1, or so many icons cannot be told apart in 45 % of the picture's height.
    """
    if min(width_px, height_px, characters) < 1:
        raise OptionError(f"a bar needs a picture and characters, got {width_px}x{height_px} and {characters}")
    grids = [
        _largest_grid(width_px, height_px, characters, rows, style)
        for rows in sorted({-(-characters // columns) for columns in range(1, characters + 1)})
    ]
    wanted_px = max(READABLE_ICON_PX, _COMFORTABLE_SHARE * min(width_px, height_px))
    comfortable = (grid for grid in grids if grid.icon_px >= wanted_px and _names_fit(grid, width_px, style))
    chosen = next(comfortable, max(grids, key=lambda grid: grid.icon_px))
    if chosen.icon_px < 4:
        raise OptionError(f"a picture of {width_px}x{height_px} has no room for {characters} icons: use a larger one")
    return _placed(chosen, width_px, characters, style)


def _largest_grid(width_px: int, height_px: int, characters: int, rows: int, style: BarStyle) -> _Grid:
    """Give so many rows the largest icons that the width and their share of the height allow; 0 px if none fit."""
    side = min(width_px, height_px)
    share = min(0.04 + 0.09 * rows, 0.34) * (1.25 if style.names else 1)

    def grid(icon_px: int) -> _Grid:
        return _Grid(rows, -(-characters // rows), icon_px, max(1, round(height_px / 540)), style.names)

    def fits(icon_px: int, limit_px: float) -> bool:
        return grid(icon_px).width_px <= width_px and grid(icon_px).height_px <= limit_px

    usual = _largest(side, lambda icon_px: fits(icon_px, share * side))
    tight = _largest(READABLE_ICON_PX, lambda icon_px: fits(icon_px, _LARGEST_SHARE * height_px))
    return grid(max(usual, tight))


def _largest(limit: int, fits: Callable[[int], bool]) -> int:
    """Give the largest size 0..limit that fits, where every smaller one fits too."""
    return bisect_left(range(1, limit + 1), True, key=lambda size: not fits(size))


def _pitch(grid: _Grid, width_px: int, style: BarStyle) -> int:
    """Distance of two icons in a row: as far as the width gives, at most the style's spread or a long name."""
    widest = max(grid.icon_px + grid.gap_px, round(style.spread * grid.icon_px), _LETTERS_AT_MOST * grid.text_px)
    return min((width_px - grid.gap_px) // grid.columns, widest)


def _names_fit(grid: _Grid, width_px: int, style: BarStyle) -> bool:
    """Say whether a name of usual length has room under its icon."""
    return _pitch(grid, width_px, style) - grid.caption_gap_px >= _LETTERS_WANTED * grid.text_px


def _placed(grid: _Grid, width_px: int, characters: int, style: BarStyle) -> BarLayout:
    """Turn the chosen grid into positions."""
    pitch, icon = _pitch(grid, width_px, style), grid.icon_px
    icons: list[tuple[int, int]] = []
    for row in range(grid.rows):
        count = characters // grid.rows + (row < characters % grid.rows)
        left = (width_px - (count - 1) * pitch - icon) // 2
        top = grid.line_px + grid.gap_px + row * grid.row_px
        icons += [(left + column * pitch, top) for column in range(count)]
    caption = pitch - grid.caption_gap_px
    captions = [Box(left + (icon - caption) // 2, top + icon, caption, grid.caption_px) for left, top in icons]
    return BarLayout(
        width_px=width_px,
        height_px=grid.height_px,
        line_px=grid.line_px,
        icon_px=icon,
        text_px=grid.text_px,
        icons=tuple(icons),
        captions=tuple(captions) if style.names else (),
    )
