"""What is found in a film by going to places in it: key frames, clocks, single pictures. Runs in a child process.

Hostile files meet libav here; `cutting`, `joining` and `glimpses` are the ways in.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vidtag.media.guard import guarded_decoder, guarded_options
from vidtag.media.info import VideoInfo

MOST_FRAMES = 500  # decoded for one picture; a film whose key frames lie farther apart shows fewer pictures
_MARGINS = (0, 2, 10)  # seconds sought before the end of a stretch, until a frame before it comes out
_QUARTER_TURNS = {0: 0, 90: 3, 180: 2, 270: 1}  # of NumPy, anticlockwise, for a rotation clockwise


def find_key_frames(info: VideoInfo, instants: Sequence[Fraction]) -> list[Fraction]:
    """Give the key frame at or before each instant, or the first one behind; seconds from the first frame."""
    found = set()
    try:
        with av.open(f"file:{info.path}", options=guarded_options()) as container:
            stream = _picture_of(container, info.index)
            for instant in instants:
                container.seek(int((info.first + instant) / info.time_base), stream=stream)
                packets = (packet for packet in container.demux(stream) if packet.is_keyframe)
                if (packet := next(packets, None)) is not None and packet.pts is not None:
                    found.add(packet.pts * info.time_base - info.first)
    except av.error.FFmpegError:
        pass  # what is wrong with the file is told by those who decode it
    return sorted(found)


def read_clocks(path: Path, index: int) -> tuple[Fraction | None, list[Fraction | None]]:
    """Give the frames a second of picture `index` as ffmpeg guesses them, and the seconds a tick of every stream."""
    with av.open(f"file:{path}", options=guarded_options()) as container:
        return _picture_of(container, index).guessed_rate, [stream.time_base for stream in container.streams]


def decode_glimpses(
    info: VideoInfo, stretches: Sequence[tuple[Fraction, Fraction]], size_px: tuple[int, int]
) -> Iterator[tuple[Fraction, NDArray[np.uint8]]]:
    """Give a frame that begins within each stretch: its last key frame, or else the first frame after its begin.

    A stretch without such a frame, or that cannot be decoded, is passed over; so is the rest of a file that no longer
    opens. Holds one picture.

    Args:
        info: the episode.
        stretches: half-open, in seconds from the first frame, in order.
        size_px: width and height of the upright pictures.

    Yields:
        When it begins to be shown, in seconds from the first frame, and (height, width, 3) uint8 RGB.
    """
    try:
        with av.open(f"file:{info.path}", options=guarded_options()) as container:
            stream = _picture_of(container, info.index)
            stream.codec_context.options = guarded_decoder()
            stream.thread_type = "AUTO"
            for start, end in stretches:
                frame = _frame_within(container, stream, info, start, end)
                if frame is not None:
                    yield _seconds(frame, info), _upright(frame, info.rotation, size_px)
    except av.error.FFmpegError:
        return


def _picture_of(container: InputContainer, index: int) -> VideoStream:
    stream = container.streams[index]
    assert isinstance(stream, VideoStream)
    return stream


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


def _upright(frame: VideoFrame, rotation: int, size_px: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size_px if rotation in (0, 180) else size_px[::-1]
    pixels = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, _QUARTER_TURNS[rotation]), dtype=np.uint8)
