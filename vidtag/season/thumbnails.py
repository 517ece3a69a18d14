"""Thumbnails of an episode as one small picture, a sheet: a few bytes for each interval."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.media.glimpses import Glimpse, glimpse_size, glimpses
from vidtag.media.probe import probe
from vidtag.season.episode import Episode
from vidtag.season.stretches import stretches_of

MOST_SHEET_BYTES = 600_000  # of one episode
_TYPICAL_BYTES = 1800  # of one thumbnail at the best quality
_BOX_PX, _COLUMNS = (144, 108), 10  # width and height that a thumbnail fits into; thumbnails a row
_QUALITIES = (72, 55, 38, 20)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Thumbnails side by side, row by row.

    Attributes:
        times: of each, in seconds from the first frame of the episode, rising.
        columns: thumbnails a row; the last row may be shorter.
        width_px, height_px: of one thumbnail.
        webp: the picture as a WebP file.
    """

    times: tuple[Fraction, ...]
    columns: int
    width_px: int
    height_px: int
    webp: bytes


def draw_sheet(episode: Episode, most_bytes: int) -> Sheet | None:
    """Draw thumbnails of an episode, one for as many intervals as there is room for.

    Args:
        episode: whose source is looked at.
        most_bytes: size of the sheet's picture.

    Returns:
        None if the source is not at hand or shows nobody, or there is no room.

    Raises:
        InputError: the source cannot be opened; DamagedError if nothing of it can be decoded.
    """
    most_bytes = max(0, min(most_bytes, MOST_SHEET_BYTES))
    stretches = stretches_of(episode.timeline, most_bytes // _TYPICAL_BYTES)
    if episode.source is None or not stretches:
        return None
    info = probe(episode.source)
    size = glimpse_size(info, *_BOX_PX)
    by_time = {each.seconds: each for each in glimpses(info, [(each.start, each.end) for each in stretches], size)}
    found = [by_time[seconds] for seconds in sorted(by_time)]
    while found:
        for quality in _QUALITIES:
            if (webp := _encoded(found, quality)) is not None and len(webp) <= most_bytes:
                return Sheet(tuple(each.seconds for each in found), _COLUMNS, *size, webp)
        found = found[::2] if len(found) > 1 else []
    return None


def _encoded(found: list[Glimpse], quality: int) -> bytes | None:
    """Put pictures of one size side by side and encode them; None where that fails."""
    height, width = found[0].picture.shape[:2]
    rows = ceil(len(found) / _COLUMNS)
    sheet: NDArray[np.uint8] = np.zeros((rows * height, min(_COLUMNS, len(found)) * width, 3), np.uint8)
    for number, glimpse in enumerate(found):
        top, left = number // _COLUMNS * height, number % _COLUMNS * width
        sheet[top : top + height, left : left + width] = glimpse.picture
    done, data = cv2.imencode(".webp", sheet[..., ::-1], (cv2.IMWRITE_WEBP_QUALITY, quality))
    return data.tobytes() if done else None
