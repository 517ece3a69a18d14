"""Which stretches of a damaged film cannot be believed. Decodes it once more, packet by packet, in a child process.

ffmpeg conceals what it cannot decode and ends with exit code 0; here every packet is asked. From a packet on that is
missing, raises an error, or makes the decoder conceal something, frames lean on a picture that was never there, until a
key frame comes out whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet
from av.video.stream import VideoStream

from vidtag.media.guard import guarded_decoder, guarded_options

_SIGNS = ("concealing", "error while decoding", "could not find ref", "corrupt", "damaged", "invalid as first byte")
"""What decoders say (in small letters) when a picture is not what was stored. Other complaints change no picture."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A packet's ticks in order of showing, and what came of it."""

    shown: int
    until: int
    key: bool
    whole: bool


def broken_stretches(path: Path, index: int) -> list[tuple[Fraction, Fraction]]:
    """Find the stretches of stream `index` that cannot be believed.

    Frames before the first whole key frame do not count: recordings begin in the middle of a group of pictures.

    Returns:
        Seconds of the file's clock, half-open, in order and apart.
    """
    with _listening(), av.open(f"file:{path}", options=guarded_options()) as container:
        stream = container.streams[index]
        assert isinstance(stream, VideoStream)
        stream.thread_type = "NONE"  # so that what the decoder says belongs to the packet it has just been given
        stream.codec_context.options = guarded_decoder()
        base = stream.time_base or Fraction(1, 1000)
        heard = sorted(_heard(container.demux(stream), stream), key=lambda one: one.shown)
    return [(start * base, end * base) for start, end in _stretches(heard)]


@contextmanager
def _listening() -> Iterator[None]:
    """Let decoders speak, no longer than that: one whose thread speaks while Python closes it would wait for ever."""
    level = av.logging.get_level()
    av.logging.set_level(av.logging.VERBOSE)
    try:
        yield
    finally:
        av.logging.set_level(level)


def _heard(packets: "Iterator[Packet[VideoStream]]", stream: VideoStream) -> Iterator[_Heard]:
    """Decode every packet that has a time; what is wrong with a packet without one falls to the next."""
    broken_before = False
    while True:
        with av.logging.Capture() as logs:
            packet, given = _next(packets)
            decoded = packet is not None and _decoded(packet)
        if packet is None and given:
            return
        broken = broken_before or not decoded or any(_tells(message) for _, _, message in logs)
        time = None if packet is None else packet.pts if packet.pts is not None else packet.dts
        if packet is None or time is None or not packet.size:
            broken_before = broken and packet is not None and bool(packet.size)
            continue
        broken_before = False
        duration = packet.duration or 1
        yield _Heard(time, time + duration, packet.is_keyframe, not broken and not packet.is_corrupt)


def _next(packets: "Iterator[Packet[VideoStream]]") -> "tuple[Packet[VideoStream] | None, bool]":
    """Give the next packet and whether this is the end."""
    try:
        packet = next(packets, None)
    except av.error.FFmpegError:
        return None, True
    return packet, packet is None


def _decoded(packet: "Packet[VideoStream]") -> bool:
    try:
        return not any(frame.is_corrupt for frame in packet.decode())
    except av.error.FFmpegError:
        return packet.size == 0


def _tells(message: str) -> bool:
    return any(sign in message.lower() for sign in _SIGNS)


def _stretches(heard: list[_Heard]) -> Iterator[tuple[int, int]]:
    """Join what is broken up to the next whole key frame."""
    begin: int | None = None
    believed = False
    for one in heard:
        if one.whole and one.key:
            if begin is not None:
                yield begin, one.shown
            begin, believed = None, True
        elif not one.whole and believed and begin is None:
            begin = one.shown
    if begin is not None:
        yield begin, max(one.until for one in heard)
