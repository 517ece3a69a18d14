"""Icons: read from disk or drawn from initials, and their two looks, away and present."""

import warnings
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from vidtag.cast import Character
from vidtag.errors import BundleError
from vidtag.overlay.lettering import draw_text, initials

MAX_ICON_SIDE_PX = 4096

Colour = tuple[int, int, int]

_TILE = np.array([36, 39, 46], np.float32)  # ground of an icon whose character is away
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601, as OpenCV's grey
_ROUNDING = 0.2  # corner radius over the side of the icon


def load_icon(character: Character, size_px: int) -> NDArray[np.uint8]:
    """Give a character's icon at a size: its file, or initials on a disc in its colour if it has none.

    Args:
        character: whose icon; a picture that is not square is centred on a transparent square.
        size_px: side of the result, >= 1.

    Returns:
        (size_px, size_px, 4) uint8 RGBA, not premultiplied.

    Raises:
        BundleError: the file is missing, not a PNG or JPEG, broken, or larger than `MAX_ICON_SIDE_PX` a side.
    """
    if character.icon is None:
        return _initials_icon(character, size_px)
    return _resized(_squared(_read_rgba(character.icon)), size_px)


def away_look(icon: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give the look of a character who is not on screen: grey and dim on a dark rounded tile.

    Args:
        icon: (side, side, 4) uint8 RGBA.

    Returns:
        (side, side, 4) uint8 RGBA, a new array.
    """
    grey = np.repeat((icon[..., :3] @ _LUMA)[..., np.newaxis], 3, axis=2)
    opacity = icon[..., 3:].astype(np.float32) / 255
    dim = _TILE + 0.58 * opacity * (0.78 * grey + 52 - _TILE)
    return _with_opacity(dim, rounded_square(len(icon)))


def present_look(icon: NDArray[np.uint8], colour: Colour) -> NDArray[np.uint8]:
    """Give the look of a character who is on screen: full colour on a tinted tile, framed in the accent colour.

    Args:
        icon: (side, side, 4) uint8 RGBA.
        colour: RGB accent, 0-255; dark ones are lightened so that the frame stands out.

    Returns:
        (side, side, 4) uint8 RGBA, a new array.
    """
    side = len(icon)
    accent = np.array(legible(colour), np.float32)
    opacity = icon[..., 3:].astype(np.float32) / 255
    tile = 0.56 * _TILE + 0.44 * accent
    picture = tile + opacity * (icon[..., :3] - tile)
    inside = rounded_square(side, inset_px=max(1.25, side / 22))[..., np.newaxis]
    return _with_opacity(accent + inside * (picture - accent), rounded_square(side))


def legible(colour: Colour) -> Colour:
    """Mix a colour with white until it stands out from the dark bar (luma >= 120 of 255)."""
    luma = float(np.array(colour, np.float32) @ _LUMA)
    share = max(0.0, (120 - luma) / (255 - luma)) if luma < 120 else 0.0
    red, green, blue = (round(value + share * (255 - value)) for value in colour)
    return red, green, blue


def rounded_square(side_px: int, inset_px: float = 0) -> NDArray[np.float32]:
    """Draw a square with round corners and soft edges: (side_px, side_px) float32 opacity in [0, 1]."""
    radius = max(0.0, _ROUNDING * side_px - inset_px)
    centre = np.abs(np.arange(side_px, dtype=np.float32) + 0.5 - side_px / 2)
    beyond = centre - (side_px / 2 - inset_px - radius)
    across, down = beyond[np.newaxis, :], beyond[:, np.newaxis]
    outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    distance = outside + np.minimum(np.maximum(across, down), 0) - radius
    opacity: NDArray[np.float32] = np.clip(0.5 - distance, 0, 1).astype(np.float32)
    return opacity


def _with_opacity(rgb: NDArray[np.floating], opacity: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Join (h, w, 3) colours 0-255 and (h, w) opacity in [0, 1] to uint8 RGBA."""
    return np.dstack([np.clip(rgb, 0, 255), 255 * opacity]).round().astype(np.uint8)


def _initials_icon(character: Character, size_px: int) -> NDArray[np.uint8]:
    """Draw initials on a disc in the accent colour."""
    centre = np.arange(size_px, dtype=np.float32) + 0.5 - size_px / 2
    distance = np.hypot(centre[:, np.newaxis], centre[np.newaxis, :])
    disc = np.clip(0.44 * size_px - distance + 0.5, 0, 1)
    letters = draw_text(initials(character.name), max(1, round(0.42 * size_px)), size_px, size_px) / np.float32(255)
    ground = np.array(legible(character.colour), np.float32)
    ink = np.array(20 if ground @ _LUMA > 150 else 255, np.float32)
    return _with_opacity(ground + letters[..., np.newaxis] * (ink - ground), disc)


def _read_rgba(path: Path) -> NDArray[np.uint8]:
    """Read a PNG or JPEG as (height, width, 4) uint8 RGBA; its size is checked before it is decoded.

    Pillow reads it, not OpenCV: it gives the size first, refuses cut-off files, and writes nothing to stderr.
    """
    advice = f"give a PNG or JPEG of at most {MAX_ICON_SIDE_PX} px a side, or no icon for initials"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=["PNG", "JPEG"]) as picture:
                if max(picture.size) <= MAX_ICON_SIDE_PX:
                    return _rgba_pixels(picture)
                found = f"it has {picture.width}x{picture.height} px"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BundleError(f"cannot read icon {path} ({error}): {advice}") from error
    raise BundleError(f"cannot use icon {path}, {found}: {advice}")


def _rgba_pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """Decode a picture of any mode to uint8 RGBA, turned upright."""
    if picture.mode.startswith("I"):  # 16-bit grey, which Pillow would clip at 255
        picture = Image.fromarray((np.asarray(picture) // 257).astype(np.uint8))
    return np.array(ImageOps.exif_transpose(picture).convert("RGBA"))


def _squared(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Centre a picture on a transparent square."""
    height, width = picture.shape[:2]
    side = max(height, width)
    square = np.zeros((side, side, 4), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = picture
    return square


def _resized(picture: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8]:
    """Resize RGBA with premultiplied opacity, so that colours under transparent pixels never bleed in."""
    if len(picture) == size_px:
        return picture
    opacity = picture[..., 3:].astype(np.float32) / 255
    premultiplied = np.dstack([picture[..., :3] * opacity, opacity])
    method = cv2.INTER_AREA if size_px < len(picture) else cv2.INTER_LINEAR
    small = cv2.resize(premultiplied, (size_px, size_px), interpolation=method)
    rgb = small[..., :3] / np.maximum(small[..., 3:], 1e-6)
    return _with_opacity(rgb, np.clip(small[..., 3], 0, 1))
