"""Single small pictures out of a film, a frame of each of some stretches, found by seeking: the rest is not decoded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vidtag.analysis.fitting import fit_inside
from vidtag.errors import DamagedError
from vidtag.media.guard import guarded_decoder, guarded_options
from vidtag.media.info import VideoInfo
from vidtag.timeline import Interval

MOST_DECODED = 750  # frames from a key frame on, 30 s at 25 a second; a stretch that lies farther from one is passed over


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """A frame of a stretch.

    Attributes:
        seconds: when it is shown, from the first frame of the episode; within the stretch.
        picture: (height, width, 3) uint8 RGB, upright, with square pixels.
    """

    seconds: Fraction
    picture: NDArray[np.uint8]


def glimpse_size(info: VideoInfo, width_px: int, height_px: int) -> tuple[int, int]:
    """Give width and height in px of an episode's pictures that fit into a box."""
    place = fit_inside(*info.upright_size, width_px, height_px, info.upright_sample_aspect)
    return place.width, place.height


def glimpses(info: VideoInfo, stretches: Sequence[Interval], size: tuple[int, int]) -> Iterator[Glimpse]:
    """Give a frame of each stretch: a key frame in its first half if there is one, else the frame at its middle.

    Args:
        info: the episode.
        stretches: in seconds from the first frame.
        size: width and height of the pictures in px, as `glimpse_size` says.

    Returns:
        At most one picture a stretch, in their order; none of those in which no frame begins. Holds one frame.

    Raises:
        DamagedError: a place in the film cannot be decoded.
    """
    try:
        with av.open(f"file:{info.path}", options=guarded_options()) as container:
            stream = container.streams[info.index]
            assert isinstance(stream, VideoStream)
            stream.codec_context.options = guarded_decoder()
            stream.thread_type = "AUTO"
            for stretch in stretches:
                if (found := _frame_of(container, stream, info, stretch)) is not None:
                    frame, seconds = found
                    yield Glimpse(seconds, _picture(frame, info, size))
    except av.error.FFmpegError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DamagedError(f"{info.path} is damaged: a picture of it cannot be decoded ({reason})") from error


def _frame_of(
    container: InputContainer, stream: VideoStream, info: VideoInfo, stretch: Interval
) -> tuple[VideoFrame, Fraction] | None:
    """Decode from the key frame before the middle of a stretch on, until a frame will do."""
    middle = (stretch.start + stretch.end) / 2
    container.seek(int((info.first + middle) / info.time_base), stream=stream)
    for number, frame in enumerate(container.decode(stream)):
        if frame.pts is None:
            continue
        seconds = frame.pts * info.time_base - info.first
        if seconds >= stretch.end or number >= MOST_DECODED:
            return None
        if seconds >= stretch.start and (frame.key_frame or seconds >= middle):
            return frame, seconds
    return None


def _picture(frame: VideoFrame, info: VideoInfo, size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size[::-1] if info.rotation in (90, 270) else size
    small = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(small, -(info.rotation // 90)))
