"""Thumbnails of an episode's intervals, all on one sheet: one small picture tells for all intervals that hold its time."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.media.glimpses import Glimpse, glimpse_size, glimpses
from vidtag.media.probe import probe
from vidtag.season.episode import Episode
from vidtag.timeline import Interval, Timeline

BOX_PX = (128, 72)  # width and height that a picture fits into
MOST_PICTURES = 96  # of an episode
COLUMNS = 8
_BYTES_A_PICTURE = 1400  # at the first quality, of drawn film; measured on the sample film
_QUALITIES = (60, 45, 30)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Pictures of one size in rows.

    Attributes:
        times: when each is shown, in seconds from the first frame, increasing; from the top left, row by row.
        columns: pictures a row.
        width_px, height_px: of each.
        webp: the sheet as a WebP file.
    """

    times: tuple[Fraction, ...]
    columns: int
    width_px: int
    height_px: int
    webp: bytes


def choose_stretches(timeline: Timeline, most: int) -> list[Interval]:
    """Choose intervals to look into, so that as many as can be hold the middle of one; long ones come first.

    Args:
        timeline: of the episode.
        most: how many.

    Returns:
        At most so many, by time.
    """
    middles: list[Fraction] = []
    chosen: list[Interval] = []
    intervals = {interval for presence in timeline.presences for interval in presence}
    for interval in sorted(intervals, key=lambda each: (-each.duration, each.start)):
        if len(chosen) == most:
            break
        if not any(middle in interval for middle in middles):
            chosen.append(interval)
            middles.append((interval.start + interval.end) / 2)
    return sorted(chosen)


def thumbnail_sheet(episode: Episode, most_bytes: int) -> Sheet | None:
    """Decode thumbnails of an episode whose film is at hand; None without a film, without intervals, or without room.

    Args:
        episode: what to show.
        most_bytes: of the sheet.

    Raises:
        InputError: the film cannot be read; DamagedError if a place of it cannot be decoded.
    """
    most = min(MOST_PICTURES, most_bytes // _BYTES_A_PICTURE)
    stretches = choose_stretches(episode.timeline, most) if episode.source is not None and most > 0 else []
    if episode.source is None or not stretches:
        return None
    info = probe(episode.source)
    size = glimpse_size(info, *BOX_PX)
    found = {glimpse.seconds: glimpse for glimpse in glimpses(info, stretches, size)}
    return pack([found[seconds] for seconds in sorted(found)], most_bytes)


def pack(pictures: list[Glimpse], most_bytes: int) -> Sheet | None:
    """Put pictures of one size on a sheet; poorer ones, and then every other, until the file is small enough."""
    while pictures:
        grid = _laid_out([glimpse.picture for glimpse in pictures])
        for quality in _QUALITIES:
            webp = cv2.imencode(".webp", grid[..., ::-1], (cv2.IMWRITE_WEBP_QUALITY, quality))[1].tobytes()
            if len(webp) <= most_bytes:
                height, width = pictures[0].picture.shape[:2]
                return Sheet(tuple(glimpse.seconds for glimpse in pictures), COLUMNS, width, height, webp)
        pictures = pictures[: len(pictures) - 1 : 2]
    return None


def _laid_out(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    height, width = pictures[0].shape[:2]
    rows = ceil(len(pictures) / COLUMNS)
    grid = np.zeros((rows * height, min(COLUMNS, len(pictures)) * width, 3), np.uint8)
    for number, picture in enumerate(pictures):
        top, left = number // COLUMNS * height, number % COLUMNS * width
        grid[top : top + height, left : left + width] = picture
    return grid
