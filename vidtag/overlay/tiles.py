"""The pieces a bar is made of: its empty ground, and each character's place in it, away and present."""

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast, Character
from vidtag.overlay.icons import away_look, load_icon, present_look
from vidtag.overlay.layout import READABLE_TEXT_PX, BarLayout, Box
from vidtag.overlay.lettering import draw_text, fit_names

GROUND = (23, 25, 30)
LINE = (62, 66, 76)
TEXT_AWAY = (128, 132, 142)
TEXT_PRESENT = (246, 247, 250)

Picture = NDArray[np.uint8]


def draw_ground(layout: BarLayout) -> Picture:
    """Draw the empty bar: (height_px, width_px, 3) uint8 RGB, calm and dark, with a line under the picture."""
    ground = np.full((layout.height_px, layout.width_px, 3), GROUND, np.uint8)
    ground[: layout.line_px] = LINE
    return ground


def icon_tiles(character: Character, icon_px: int) -> tuple[Picture, Picture]:
    """Draw a character's icon on the bar's ground, away and present: each (icon_px, icon_px, 3) uint8 RGB."""
    icon = load_icon(character, icon_px)
    return _on_ground(away_look(icon)), _on_ground(present_look(icon, character.colour))


def caption_tiles(cast: Cast, layout: BarLayout) -> list[tuple[Picture, Picture]]:
    """Draw every name on the bar's ground, away and present: each as large as its caption, uint8 RGB."""
    if not layout.captions:
        return []
    names, text_px = fit_names(cast.names, layout.captions[0].width, layout.text_px, READABLE_TEXT_PX)
    return [_caption(name, text_px, box) for name, box in zip(names, layout.captions, strict=True)]


def _caption(name: str, text_px: int, box: Box) -> tuple[Picture, Picture]:
    letters = draw_text(name, text_px, box.width, box.height)
    away, present = (
        np.dstack([np.full((*letters.shape, 3), colour, np.uint8), letters]) for colour in (TEXT_AWAY, TEXT_PRESENT)
    )
    return _on_ground(away), _on_ground(present)


def _on_ground(rgba: Picture) -> Picture:
    """Lay an RGBA picture on the ground colour: the bar is then put together without blending."""
    opacity = rgba[..., 3:].astype(np.float32) / 255
    ground = np.array(GROUND, np.float32)
    return (ground + opacity * (rgba[..., :3] - ground)).round().astype(np.uint8)
