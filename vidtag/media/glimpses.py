"""Small pictures of chosen stretches of an episode, by seeking: as few frames are decoded as will do."""

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
from vidtag.media.guard import guarded_decoder, guarded_options
from vidtag.media.info import VideoInfo

MOST_FRAMES = 500  # decoded for one picture; a film whose key frames lie farther apart shows fewer pictures
_MARGINS = (0, 2, 10)  # seconds sought before the end of a stretch, until a frame before it comes out
_QUARTER_TURNS = {0: 0, 90: 3, 180: 2, 270: 1}  # of NumPy, anticlockwise, for a rotation clockwise


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
) -> Iterator[Glimpse]:
    """Give a frame that begins within each stretch: its last key frame, or else the first frame after its begin.

    A stretch without such a frame, or that cannot be decoded, is passed over; so is the rest of a file that no longer
    opens. Holds one picture.

    Args:
        info: the episode.
        stretches: half-open, in seconds from the first frame, in order.
        size_px: width and height of the upright pictures.
    """
    try:
        with av.open(f"file:{info.path}", options=guarded_options()) as container:
            stream = container.streams[info.index]
            assert isinstance(stream, VideoStream)
            stream.codec_context.options = guarded_decoder()
            stream.thread_type = "AUTO"
            for start, end in stretches:
                frame = _frame_within(container, stream, info, start, end)
                if frame is not None:
                    yield Glimpse(_seconds(frame, info), _upright(frame, info.rotation, size_px))
    except av.error.FFmpegError:
        return


def _frame_within(
    container: InputContainer, stream: VideoStream, info: VideoInfo, start: Fraction, end: Fraction
) -> VideoFrame | None:
    for margin in _MARGINS:
        try:
            container.seek(max(0, int((info.first + end - margin) / info.time_base) - 1), stream=stream)
            for count, frame in enumerate(container.decode(stream)):
                if count == MOST_FRAMES or frame.pts is None:
                    return None
                seconds = _seconds(frame, info)
                if start <= seconds < end:
                    return frame
                if seconds >= end:
                    if count:
                        return None  # no frame begins within the stretch
                    break  # the file seeks behind what is meant, as MPEG-TS may
        except av.error.FFmpegError:
            continue  # a thumbnail is no reason to complain
    return None


def _seconds(frame: VideoFrame, info: VideoInfo) -> Fraction:
    assert frame.pts is not None
    return frame.pts * (frame.time_base or info.time_base) - info.first


def glimpse_size(info: VideoInfo, width_px: int, height_px: int) -> tuple[int, int]:
    """Give width and height in px of an episode's upright pictures with square pixels that fit into a box."""
    place = fit_inside(*info.upright_size, width_px, height_px, info.upright_sample_aspect)
    return place.width, place.height


def _upright(frame: VideoFrame, rotation: int, size_px: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size_px if rotation in (0, 180) else size_px[::-1]
    pixels = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, _QUARTER_TURNS[rotation]), dtype=np.uint8)
