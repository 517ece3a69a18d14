"""Damaged files: cut short, bits flipped, holes, indexes missing or wrong, empty tracks, garbage."""

import random
import struct
from collections.abc import Callable

from oddmedia.kinds import Kind, Make, changed, content, film
from oddmedia.timing import piped

Change = Callable[[bytes], bytes]

_FAST = film("-movflags", "+faststart", seconds=4)
_PLAIN = film(seconds=4, sound=False)
_TS = film("-muxdelay", 0, seconds=4, sound=False)


def kept(share: float) -> Change:
    """Give what keeps the first share of a file."""
    return lambda data: data[: int(len(data) * share)]


def noise(first: float, last: float) -> Change:
    """Give what puts random bytes in place of a stretch, as shares of the file."""

    def do(data: bytes) -> bytes:
        a, b = int(len(data) * first), int(len(data) * last)
        return data[:a] + random.Random(a).randbytes(b - a) + data[b:]

    return do


def zeros(first: float, last: float) -> Change:
    """Give what puts zeros in place of a stretch, as a failing disk does."""

    def do(data: bytes) -> bytes:
        a, b = int(len(data) * first), int(len(data) * last)
        return data[:a] + bytes(b - a) + data[b:]

    return do


def flips(count: int, first: float = 0.2, last: float = 0.95) -> Change:
    """Give what flips single bits within a stretch."""

    def do(data: bytes) -> bytes:
        changed, dice = bytearray(data), random.Random(count)
        for _ in range(count):
            changed[dice.randrange(int(len(data) * first), int(len(data) * last))] ^= 1 << dice.randrange(8)
        return bytes(changed)

    return do


def lost(every: int) -> Change:
    """Give what loses one in so many packets of a transport stream, as bad reception does, behind the first 50."""

    def do(data: bytes) -> bytes:
        packets = [data[place : place + 188] for place in range(0, len(data), 188)]
        return b"".join(packet for n, packet in enumerate(packets) if n < 50 or n % every)

    return do


def put(mark: bytes, offset: int, value: bytes) -> Change:
    """Give what overwrites bytes `offset` behind the first place of `mark`."""

    def do(data: bytes) -> bytes:
        place = data.index(mark) + offset
        return data[:place] + value + data[place + len(value) :]

    return do


def damaged(make: Make, change: Change, suffix: str) -> dict[str, Make]:
    """Give the argument of a kind that is a changed file."""
    return {"make": changed(make, change, suffix)}


_BROKEN = {"code": 5, "says": "readable are", "psnr": False, "frames": False}
_NONE = {"code": 5, "says": "not one frame", "psnr": False, "frames": False}
_NO_VIDEO = {"code": 3, "says": "is not a video", "psnr": False, "frames": False}

KINDS = (
    Kind(name="half.mp4", about="cut in half, index first", **damaged(_FAST, kept(0.5), ".mp4"), **_BROKEN, short=True),
    Kind(name="most.mp4", about="the last tenth is missing", **damaged(_FAST, kept(0.85), ".mp4"), **_BROKEN),
    Kind(
        name="half-index-last.mp4",
        about="cut in half, index last, so that there is none",
        **damaged(_PLAIN, kept(0.5), ".mp4"),
        **_NO_VIDEO,
    ),
    Kind(name="half.mkv", about="Matroska cut in half", **damaged(_PLAIN, kept(0.5), ".mkv"), **_BROKEN),
    Kind(
        name="half.avi",
        about="AVI cut in half",
        **damaged(film(seconds=4, sound=False, picture=("-c:v", "mpeg4", "-q:v", 2)), kept(0.5), ".avi"),
        **_BROKEN,
    ),
    Kind(
        name="half.ts",
        about="a transport stream cut in half, which promises nothing",
        **damaged(_TS, kept(0.5), ".ts"),
        psnr=False,
        frames=False,
    ),
    Kind(
        name="half.webm",
        about="WebM cut in half",
        **damaged(
            film(seconds=4, sound=False, picture=("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", 8)),
            kept(0.5),
            ".webm",
        ),
        **_BROKEN,
    ),
    Kind(
        name="header-only.mp4",
        about="index, but no data",
        **damaged(_FAST, lambda data: data[: data.index(b"mdat") + 4], ".mp4"),
        **_NONE,
    ),
    Kind(
        name="hundred-bytes.mkv",
        about="the first 100 bytes",
        **damaged(_PLAIN, lambda data: data[:100], ".mkv"),
        **_NO_VIDEO,
    ),
    Kind(name="flipped.mp4", about="30 bits flipped", **damaged(_FAST, flips(30), ".mp4"), **_BROKEN),
    Kind(
        name="flipped.ts", about="200 bits flipped in a transport stream", **damaged(_TS, flips(200), ".ts"), **_BROKEN
    ),
    Kind(
        name="hole.mp4",
        about="random bytes in the middle",
        **damaged(_FAST, noise(0.4, 0.6), ".mp4"),
        **_BROKEN,
        short=True,
    ),
    Kind(name="zeros.mp4", about="zeros in the middle", **damaged(_FAST, zeros(0.4, 0.6), ".mp4"), **_BROKEN),
    Kind(
        name="zeros.mkv", about="zeros in the middle of Matroska", **damaged(_PLAIN, zeros(0.4, 0.6), ".mkv"), **_BROKEN
    ),
    Kind(name="lost-packets.ts", about="one packet in 40 lost", **damaged(_TS, lost(40), ".ts"), **_BROKEN),
    Kind(
        name="no-index.avi",
        about="the index is cut off",
        **damaged(
            film(seconds=2, sound=False, picture=("-c:v", "mpeg4", "-q:v", 2)),
            lambda data: data[: data.index(b"idx1")],
            ".avi",
        ),
    ),
    Kind(name="no-cues.mkv", about="no index in Matroska", make=piped("matroska")),
    Kind(
        name="length-doubled.mkv",
        about="the header promises ten times as much",
        **damaged(_PLAIN, lambda data: data.replace(b"00:00:04.000000000", b"00:00:40.000000000"), ".mkv"),
        **_BROKEN,
    ),
    Kind(
        name="length-absurd.mp4",
        about="the header promises weeks",
        **damaged(_FAST, put(b"mdhd", 20, struct.pack(">I", 0x7FFFFFFF)), ".mp4"),
        psnr=False,
    ),
    Kind(
        name="box-too-long.mp4",
        about="a box that says to be larger than the file",
        **damaged(_FAST, put(b"mdat", -4, struct.pack(">I", 0x7FFFFFF0)), ".mp4"),
    ),
    Kind(
        name="box-of-nothing.mp4",
        about="a box of -1 bytes",
        **damaged(_FAST, put(b"moov", -4, b"\xff\xff\xff\xff"), ".mp4"),
    ),
    Kind(
        name="samples-endless.mp4",
        about="an index of 2^31 entries",
        **damaged(_FAST, put(b"stsz", 12, b"\x7f\xff\xff\xff"), ".mp4"),
        **_NO_VIDEO,
    ),
    Kind(
        name="empty-track.mp4",
        about="an index without entries",
        **damaged(_FAST, put(b"stsz", 12, bytes(4)), ".mp4"),
        **_NONE,
    ),
    Kind(
        name="garbage-behind.mp4",
        about="random bytes behind the film",
        **damaged(_FAST, lambda data: data + random.Random(1).randbytes(5000), ".mp4"),
    ),
    Kind(
        name="garbage-before.ts",
        about="random bytes before a transport stream",
        **damaged(_TS, lambda data: random.Random(2).randbytes(1000) + data, ".ts"),
    ),
    Kind(name="twice.mp4", about="two films one behind the other", **damaged(_FAST, lambda data: data + data, ".mp4")),
    Kind(name="wrong-suffix.mp4", about="Matroska under the name of MP4", make=changed(_PLAIN, bytes, ".mkv")),
    Kind(
        name="headless.h264",
        about="the settings of the decoder are cut off",
        **damaged(film(sound=False), lambda data: data.replace(b"\0\0\1\x67", b"\0\0\1\x6c"), ".h264"),
        **_NONE,
    ),
    Kind(
        name="complaints.m2v",
        about="a decoder that complains in megabytes",
        **damaged(
            film(sound=False, seconds=20, size="352x288", picture=("-c:v", "mpeg2video", "-q:v", 2, "-g", 10)),
            flips(60_000, 0.1, 1),
            ".m2v",
        ),
        **_BROKEN,
    ),
    Kind(name="empty.mp4", about="nothing", make=content(b""), code=3, says="is empty"),
    Kind(name="text.mp4", about="text", make=content("once upon a time\n" * 500), **_NO_VIDEO),
    Kind(name="zeros-only.mkv", about="nothing but zeros", make=content(bytes(100_000)), **_NO_VIDEO),
    Kind(name="noise.avi", about="nothing but noise", make=content(random.Random(3).randbytes(100_000)), **_NO_VIDEO),
    Kind(
        name="sound-only.mp4",
        about="no picture at all",
        make=lambda path: film(picture=("-vn",))(path),
        code=3,
        says="has no picture",
    ),
)
