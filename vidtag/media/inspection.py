"""Look into a video file without reading it through: streams, rational times, rotation, colours.

Hostile files meet libav here, so this runs in a child process with limits of its own; `probe` is the way in.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidtag.errors import DamagedError, InputError, LimitError
from vidtag.limits import current_limits, how_to_raise
from vidtag.media.firstframe import first_shown
from vidtag.media.guard import check_pixels, check_readable, guarded_decoder, guarded_options
from vidtag.media.info import Chapter, StreamInfo, VideoInfo

DEFAULT_RATE = Fraction(25)
MAX_RATE = Fraction(1000)
MAX_DECODING_LAG = Fraction(1, 2)  # seconds between a frame's decoding time and its showing, and then some


def inspect(path: Path) -> VideoInfo:
    """Describe a video: opens it, reads its header and decodes one frame, once here and once with ffmpeg.

    Raises:
        InputError: missing, a folder, empty, not a video that vidtag opens, or without a picture.
        DamagedError: there is a picture stream, but not one frame of it can be decoded.
        LimitError: more pixels or streams than vidtag takes; told before anything is decoded.
    """
    path = check_readable(path)
    try:
        with av.open(f"file:{path}", options=guarded_options()) as container:
            return _describe(path, container)
    except av.error.MemoryError as error:
        raise LimitError(f"{path} needs too much memory, or has too many streams: {how_to_raise('streams')}") from error
    except av.error.FFmpegError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(f"{path} is not a video that can be opened ({reason}); expected mp4, mkv, webm, …") from error


def _describe(path: Path, container: InputContainer) -> VideoInfo:
    if len(container.streams) > current_limits().streams:
        raise LimitError(f"{path} has more than {current_limits().streams} streams; {how_to_raise('streams')}")
    others = [_stream_info(stream) for stream in container.streams]
    films = [stream for stream in others if stream.kind == "video" and not stream.attached_picture]
    if not films:
        kinds = ", ".join(sorted({stream.kind for stream in others})) or "nothing"
        raise InputError(f"{path} has no picture (only {kinds}); expected a video")
    stream = container.streams[films[0].index]
    assert isinstance(stream, VideoStream)
    frame = _first_frame(path, container, stream)
    time_base = stream.time_base or Fraction(1, 1000)
    return VideoInfo(
        path=path,
        format=container.format.name,
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        width=frame.width,
        height=frame.height,
        pixel_format=frame.format.name,
        rate=_rate(stream),
        time_base=time_base,
        first=first_shown(path, stream.index),
        promised_end=_promised_end(container, stream, len(others)),
        container_start=Fraction(container.start_time or 0, 1_000_000),
        sample_aspect=stream.sample_aspect_ratio or Fraction(1),
        rotation=(-round(frame.rotation / 90) * 90) % 360,
        colour_space=int(frame.colorspace),
        full_range=frame.color_range == 2 or frame.format.name.startswith("yuvj"),
        chapters=tuple(_chapters(container)),
        others=tuple(other for other in others if other.index != stream.index),
    )


def _stream_info(stream: Any) -> StreamInfo:
    context = getattr(stream, "codec_context", None)
    codec = context.codec.canonical_name if context is not None else getattr(stream, "name", None)
    attached = bool(stream.disposition & stream.disposition.__class__.attached_pic)
    return StreamInfo(stream.index, stream.type, codec or "unknown", stream.metadata.get("language", ""), attached)


def _chapters(container: InputContainer) -> Iterator[Chapter]:
    for chapter in container.chapters():
        base = chapter["time_base"]
        if base is not None:
            title = chapter["metadata"].get("title", "")
            yield Chapter(chapter["start"] * base, chapter["end"] * base, title)


def _first_frame(path: Path, container: InputContainer, stream: VideoStream) -> VideoFrame:
    width, height = (stream.width, stream.height) if stream.width else _said_size(path, stream.index)
    check_pixels(path, width, height)
    stream.codec_context.options = guarded_decoder()
    try:
        return next(container.decode(stream))
    except (StopIteration, av.error.FFmpegError) as error:
        raise DamagedError(f"{path} is damaged: not one frame of its picture can be decoded") from error


def _said_size(path: Path, index: int) -> tuple[int, int]:
    """Read a picture's width and height in px off the header, without any decoder (one that refused says 0)."""
    with av.open(f"file:{path}", options=guarded_options() | {"codec_whitelist": "none"}) as container:
        stream = container.streams[index]
        assert isinstance(stream, VideoStream)
        return stream.width, stream.height


def _rate(stream: VideoStream) -> Fraction:
    """Take the first believable rate: Matroska without one claims its clock, 1000 a second."""
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0 < rate < MAX_RATE:
            return Fraction(rate)
    return DEFAULT_RATE


def _promised_end(container: InputContainer, stream: VideoStream, streams: int) -> Fraction | None:
    """Read when the picture ends: of the stream itself, of its Matroska tag, or of a file that has nothing else."""
    if stream.duration and stream.time_base:
        end = ((stream.start_time or 0) + stream.duration) * stream.time_base
        return _within_index(stream, end) if "mov" in container.format.name else end
    if "DURATION" in stream.metadata:
        return _clock(stream.metadata["DURATION"])
    if streams == 1 and container.duration:
        return Fraction((container.start_time or 0) + container.duration, 1_000_000)
    return None


def _within_index(stream: VideoStream, end: Fraction) -> Fraction:
    """Take the end of the file's index where it comes well before: an edit list hides frames that the length counts.

    The index holds decoding times, which lag behind by some frames: an end that is a little earlier says nothing.
    """
    entries = stream.index_entries
    if len(entries) == 0 or stream.time_base is None:
        return end
    indexed = max(0, entries[len(entries) - 1].timestamp) * stream.time_base + 1 / _rate(stream)
    return indexed if end - indexed > MAX_DECODING_LAG else end


def _clock(text: str) -> Fraction | None:
    """Read Matroska's `hh:mm:ss.nnnnnnnnn` as seconds; None if it is something else."""
    try:
        hours, minutes, seconds = (Fraction(part) for part in text.split(":"))
    except (ValueError, ZeroDivisionError):
        return None
    return hours * 3600 + minutes * 60 + seconds
