"""Small pictures of chosen stretches of an episode, by seeking: as few frames are decoded as will do."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.fitting import fit_inside
from vidtag.errors import DamagedError, LimitError
from vidtag.media.info import VideoInfo
from vidtag.media.infotext import info_to_text
from vidtag.media.isolated import isolated


@dataclass(frozen=True, eq=False, slots=True)
class Glimpse:
    """A frame of an episode.

    Attributes:
        seconds: when it begins to be shown, from the first frame of the episode.
        picture: (height, width, 3) uint8 RGB.
    """

    seconds: Fraction
    picture: NDArray[np.uint8]


def glimpses(
    info: VideoInfo, stretches: Sequence[tuple[Fraction, Fraction]], size_px: tuple[int, int]
) -> list[Glimpse]:
    """Give a frame that begins within each stretch: its last key frame, or else the first frame after its begin.

    A stretch without such a frame, or that cannot be decoded, is passed over; a file that a decoder cannot bear has
    none.

    Args:
        info: the episode.
        stretches: half-open, in seconds from the first frame, in order.
        size_px: width and height of the upright pictures.
    """
    width, height = size_px
    ends = ",".join(f"{start}:{end}" for start, end in stretches)
    try:
        words = (info_to_text(info), ends, f"{width}x{height}")
        with isolated("glimpses", info.path, *words, patience_s=None) as answer:
            found = [(Fraction(seconds), b64decode(pixels)) for seconds, pixels in answer()]
    except (DamagedError, LimitError):
        return []
    return [
        Glimpse(seconds, np.frombuffer(pixels, np.uint8).reshape(height, width, 3))
        for seconds, pixels in found
        if len(pixels) == width * height * 3
    ]


def glimpse_size(info: VideoInfo, width_px: int, height_px: int) -> tuple[int, int]:
    """Give width and height in px of an episode's upright pictures with square pixels that fit into a box."""
    place = fit_inside(*info.upright_size, width_px, height_px, info.upright_sample_aspect)
    return place.width, place.height
