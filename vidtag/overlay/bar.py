"""The bar under the picture: one icon a character, lit while the character is on screen."""

from collections import OrderedDict
from fractions import Fraction

import cv2
import numpy as np
from moviepy import CompositeVideoClip, ImageClip
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import OptionError, ShapeError
from vidtag.overlay.layout import lay_out_bar
from vidtag.overlay.styles import find_style
from vidtag.overlay.tiles import Picture, caption_tiles, draw_ground, icon_tiles

CACHE_BYTES = 64 * 2**20
"""How much a bar remembers of what it drew; the states used longest ago go first."""


class Bar:
    """Draws the bar of a cast for one picture size. Each state (who is lit) is put together once and remembered.

    Icons and names are MoviePy image clips that lie ready, away and present; they hold no transparency, because
    MoviePy blends a transparent clip over the whole width of the bar. Not to be shared between threads.

    Args:
        cast: whose icons, in this order.
        width_px: stored width of the picture, >= 1.
        height_px: stored height of the picture, >= 1.
        style: a name in `BAR_STYLES`.
        sample_aspect: width of one stored pixel over its height, > 0. The bar is laid out as wide as the picture is
            shown and then squeezed to the stored width, so that its icons are round on screen.

    Raises:
        OptionError: unknown style, aspect not above 0, or a picture too small for the cast.
        BundleError: an icon cannot be read.
    """

    def __init__(
        self,
        cast: Cast,
        width_px: int,
        height_px: int,
        style: str = "icons",
        sample_aspect: Fraction = Fraction(1),
    ) -> None:
        if sample_aspect <= 0:
            raise OptionError(f"a sample aspect must be above 0, got {sample_aspect}")
        shown_width = max(1, round(width_px * sample_aspect))
        layout = lay_out_bar(shown_width, height_px, len(cast), find_style(style))
        self.cast = cast
        self.size = (width_px, layout.height_px)
        self._ground = ImageClip(draw_ground(layout))
        self._icons = [
            _clips(icon_tiles(character, layout.icon_px), *position)
            for character, position in zip(cast, layout.icons, strict=True)
        ]
        self._captions = [
            _clips(tiles, box.left, box.top)
            for tiles, box in zip(caption_tiles(cast, layout), layout.captions, strict=True)
        ]
        self._drawn: OrderedDict[bytes, Picture] = OrderedDict()

    def draw(self, present: NDArray[np.bool_]) -> Picture:
        """Draw the bar with some characters lit.

        Args:
            present: (characters,) bool, in the order of the cast.

        Returns:
            (bar height, picture width, 3) uint8 RGB as stored, `size` turned around; read-only, shared by all calls.

        Raises:
            ShapeError: `present` is not one bool a character.
        """
        if present.shape != (len(self.cast),) or present.dtype != np.bool_:
            raise ShapeError(f"present must be ({len(self.cast)},) bool, got {present.shape} {present.dtype}")
        state = present.tobytes()
        if state not in self._drawn:
            self._remember(state, self._compose(present))
        self._drawn.move_to_end(state)
        return self._drawn[state]

    def _compose(self, present: NDArray[np.bool_]) -> Picture:
        """Put ready clips together and squeeze the result to the stored width."""
        lit = [clips[int(there)] for clips, there in zip(self._icons, present, strict=True)]
        lit += [clips[int(there)] for clips, there in zip(self._captions, present, strict=self._captions != [])]
        composed = CompositeVideoClip([self._ground, *lit], use_bgclip=True).get_frame(0)
        shown_width = composed.shape[1]
        if shown_width == self.size[0]:
            return np.array(composed, np.uint8)
        method = cv2.INTER_AREA if self.size[0] < shown_width else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(composed, self.size, interpolation=method), np.uint8)

    def _remember(self, state: bytes, picture: Picture) -> None:
        """Keep a state, and forget the oldest ones while they take more than `CACHE_BYTES` together."""
        picture.setflags(write=False)
        self._drawn[state] = picture
        while len(self._drawn) > 1 and len(self._drawn) * picture.nbytes > CACHE_BYTES:
            self._drawn.popitem(last=False)


def _clips(tiles: tuple[Picture, Picture], left: int, top: int) -> tuple[ImageClip, ImageClip]:
    """Make clips of the two looks of a piece, away and present, at their place in the bar."""
    away, present = (ImageClip(tile).with_position((left, top)) for tile in tiles)
    return away, present
