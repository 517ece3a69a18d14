"""The samples of an episode as upright pictures with square pixels, each with the instant at which it is on screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.fitting import fit_inside
from vidtag.errors import DamagedError
from vidtag.media.info import Part, VideoInfo
from vidtag.media.reader import SampleReader

LARGEST_SIDE_PX = 16384  # whatever the pixel aspect claims; JPEG ends at 65535


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """A sampled frame.

    Attributes:
        index: of its slot, from 0.
        seconds: an instant at which it is on screen, from the first frame of the episode.
        picture: (height, width, 3) uint8 RGB.
    """

    index: int
    seconds: Fraction
    picture: NDArray[np.uint8]


def read_samples(info: VideoInfo, *, rate: Fraction, part: Part, longest_px: int | None) -> Iterator[Sample]:
    """Give the frame on screen at the middle of every slot of `1 / rate` seconds; holds two of them.

    A last slot whose middle lies past the end has no frame of its own and is passed over; of a part that is shorter
    than half a slot, the last frame is given.

    Args:
        info: the episode.
        rate: slots a second.
        part: what to look at.
        longest_px: larger pictures are shrunk so that their longer side has so many pixels; None for full size.

    Raises:
        DamagedError: decoding failed or ended too early; raised after the last frame that could be read.
        UsageError: the part starts after the end of the film.
    """
    size = _picture_size(info, longest_px)
    place = fit_inside(*info.upright_size, size[1], size[0], info.upright_sample_aspect)
    rows, columns = slice(place.top, place.top + place.height), slice(place.left, place.left + place.width)
    damage, held = None, None
    with SampleReader(info, input_size=size, rate=rate, batch_size=1, part=part) as reader:
        for index, picture in enumerate(_until_damage(reader)):
            if isinstance(picture, DamagedError):
                damage = picture
                break
            if held is not None:
                yield held
            held = Sample(index, part.start + (index + Fraction(1, 2)) / rate, picture[rows, columns])
        if held is not None and (held.seconds < reader.end() or held.index == 0):
            yield _within(held, reader)
    if damage is not None:
        raise damage


def _until_damage(reader: SampleReader) -> Iterator[NDArray[np.uint8] | DamagedError]:
    """Give every picture, and the error as the last item where the film is damaged."""
    try:
        for batch in reader:
            yield from batch
    except DamagedError as error:
        yield error


def _within(sample: Sample, reader: SampleReader) -> Sample:
    """Give the last sample with a time before the end: amid the last frame where its slot's middle lies past it."""
    end = reader.end()
    if sample.seconds < end:
        return sample
    span = reader.span()
    return Sample(sample.index, (span.last * span.time_base - reader.origin() + end) / 2, sample.picture)


def _picture_size(info: VideoInfo, longest_px: int | None) -> tuple[int, int]:
    """Give height and width in px once upright and with square pixels: none are thrown away to make them square."""
    width, height = info.upright_size
    aspect = info.upright_sample_aspect
    shown_width, shown_height = width * max(aspect, Fraction(1)), height / min(aspect, Fraction(1))
    longest = max(shown_width, shown_height)
    scale = min(Fraction(1), min(longest_px or LARGEST_SIDE_PX, LARGEST_SIDE_PX) / longest)
    return ceil(shown_height * scale), ceil(shown_width * scale)
