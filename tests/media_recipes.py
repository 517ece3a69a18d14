"""Makes the media that tests need with ffmpeg and NumPy, and reads them again with PyAV. Nothing is stored.

A coded clip shows the number of its frame as 12 black or white blocks, 4 a row, too coarse for compression to confuse.
"""

import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np

WIDTH, HEIGHT, BLOCK = 128, 96, 32
INPUT_SIZE = (48, 64)  # height and width of samples of a coded clip: every block is 16 px

_CODECS = {
    ".mp4": ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"),
    ".mkv": ("-c:v", "libx264", "-preset", "ultrafast"),
    ".ts": ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"),
    ".webm": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M"),
    ".avi": ("-c:v", "mpeg4", "-q:v", "3"),
}


def ffmpeg(*arguments: object, stdin: bytes | None = None) -> bytes:
    """Run ffmpeg and give its stdout; fails with what it wrote."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y", *map(str, arguments)]
    result = subprocess.run(command, input=stdin, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


def coded(number: int, width: int, height: int, block: int) -> np.ndarray:
    """Draw a number as blocks, lowest bit at the top left: (height, width) uint8, 16 or 235."""
    columns, rows = width // block, height // block
    bits = (number >> np.arange(columns * rows)) & 1
    picture = np.zeros((height, width), np.uint8)
    picture[: rows * block, : columns * block] = np.kron(bits.reshape(rows, columns), np.ones((block, block), np.uint8))
    return 16 + 219 * picture


def read_code(picture: np.ndarray, block: int) -> int:
    """Read a number that `coded` drew, by the middle of each block; (rows, columns) uint8."""
    rows, columns = picture.shape[0] // block, picture.shape[1] // block
    blocks = picture[: rows * block, : columns * block].reshape(rows, block, columns, block)
    inner = slice(block // 4, block - block // 4)
    bits = blocks[:, inner, :, inner].mean(axis=(1, 3)).ravel() > 125
    return int((bits << np.arange(bits.size)).sum())


def make_coded_clip(
    path: Path,
    *,
    frames: int,
    rate: str = "25",
    times: str = "",
    inputs: tuple[object, ...] = (),
    extra: tuple[object, ...] = (),
) -> Path:
    """Make a clip whose frames show their number.

    Args:
        path: the suffix chooses container and codec.
        frames: how many, below 4096.
        rate: frames a second.
        times: an expression of ffmpeg's `setpts` in ms, for a variable rate; the constant one by default.
        inputs: further inputs, such as sound.
        extra: arguments of the output.
    """
    pictures = b"".join(coded(number, WIDTH, HEIGHT, BLOCK).tobytes() for number in range(frames))
    clock = ("-vf", f"settb=1/1000,setpts='{times}'", "-enc_time_base", "1/1000") if times else ()
    ffmpeg(
        *("-f", "rawvideo", "-pixel_format", "gray", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", rate),
        *("-i", "pipe:0", *inputs, "-pix_fmt", "yuv420p", *clock, "-fps_mode", "passthrough", "-g", 12),
        *(*_CODECS[path.suffix], *extra, path),
        stdin=pictures,
    )
    return path


def make_changing_clip(path: Path, change: str, frames: int = 60) -> Path:
    """Make a coded clip of 60 frames, and more that are different, as in a recording; `change` is a video filter."""
    halves = [path.with_name(f"{number}{path.suffix}") for number in range(2)]
    make_coded_clip(halves[0], frames=60, extra=("-vf", "setparams=colorspace=bt709:range=tv", "-bf", 0))
    make_coded_clip(halves[1], frames=frames, extra=("-vf", change, "-bf", 0, "-output_ts_offset", 2.4))
    path.write_bytes(b"".join(half.read_bytes() for half in halves))
    return path


def make_film(path: Path, *arguments: object, source: str = "testsrc2=s=160x120:r=25:d=2") -> Path:
    """Make a clip of one of ffmpeg's drawn test pictures; `arguments` choose the codec and the rest."""
    ffmpeg("-f", "lavfi", "-i", source, *arguments, path)
    return path


def make_still_film(path: Path, picture: np.ndarray, *arguments: object) -> Path:
    """Make a clip of three frames that all show one (rows, columns, 3) uint8 RGB picture."""
    rows, columns = picture.shape[:2]
    raw = ("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{columns}x{rows}", "-framerate", 3)
    ffmpeg(*raw, "-i", "pipe:0", *arguments, path, stdin=picture.tobytes() * 3)
    return path


def film_frames(path: Path, pixel_format: str = "gray") -> Iterator[tuple[Fraction, np.ndarray]]:
    """Decode with PyAV: seconds of the file's clock, and the picture (`gray` is the luma as it is stored)."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            yield frame.pts * stream.time_base, frame.to_ndarray(format=pixel_format)


def luma_frames(path: Path) -> Iterator[tuple[Fraction, np.ndarray]]:
    """Decode with PyAV without any conversion: seconds of the file's clock, and the stored luma plane."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            yield frame.pts * stream.time_base, plane(frame, 0)


def plane(frame: av.VideoFrame, number: int) -> np.ndarray:
    """Give one plane of a frame as stored: uint8, or uint16 for more than 8 bits."""
    data = frame.planes[number]
    kind = np.uint16 if data.line_size >= 2 * data.width and "le" in frame.format.name else np.uint8
    return np.frombuffer(data, kind).reshape(data.height, -1)[:, : data.width]


def picture_clock(path: Path) -> tuple[list[Fraction], Fraction, Fraction]:
    """Read with PyAV when each frame is shown, how long the last one is (0 if not said), and seconds a tick."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        shown = [(frame.pts, frame.duration or 0) for frame in container.decode(stream)]
        base = stream.time_base
        return [pts * base for pts, _ in shown], shown[-1][1] * base, base


def packets(path: Path, kind: str, number: int = 0) -> list[bytes]:
    """Give the packets of a stream of a kind as they stand in the file."""
    with av.open(str(path)) as container:
        stream = [stream for stream in container.streams if stream.type == kind][number]
        return [bytes(packet) for packet in container.demux(stream) if packet.size]


def everything_but_pictures(path: Path) -> list[object]:
    """Read all that a film has beside its pictures, comparable as a whole.

    These are what it says of itself and of its streams, chapters, the time of each frame, and the packets of the other
    streams with their times.
    """
    with av.open(str(path)) as container:
        said = [container.metadata, container.start_time]
        said += [(c["start"] * c["time_base"], c["end"] * c["time_base"], c["metadata"]) for c in container.chapters()]
        for stream in container.streams:
            metadata = {key: text for key, text in stream.metadata.items() if key != "DURATION"}
            said += [(stream.type, metadata, stream.disposition, stream.start_time)]
            if stream.type == "video":
                said += [
                    stream.time_base,
                    stream.sample_aspect_ratio,
                    stream.codec_context.codec_tag,
                ]
        base = [stream.time_base or 0 for stream in container.streams]
        for packet in container.demux():
            shown = (packet.pts or 0) * base[packet.stream_index], (packet.duration or 0) * base[packet.stream_index]
            if packet.size and packet.stream.type != "video":
                exact = path.suffix != ".webm"  # where new Opus falls between two ms, it goes to either
                said.append((packet.stream_index, shown if exact else None, bytes(packet)))
    return [*said, *picture_clock(path)[0]]


def length_and_rate(path: Path) -> tuple[float, float]:
    """Read how long a film says it is in seconds, and how many frames a second it says to have."""
    with av.open(str(path)) as container:
        return container.duration / 1_000_000, float(container.streams.video[0].average_rate)


def stream_kinds(path: Path) -> list[str]:
    """List kind and codec of every stream in order."""
    with av.open(str(path)) as container:
        return [
            f"{stream.type} {stream.codec_context.codec.canonical_name if stream.codec_context else ''}".strip()
            for stream in container.streams
        ]


def psnr(first: np.ndarray, second: np.ndarray, peak: int = 255) -> float:
    """Peak signal-to-noise ratio in dB of two arrays of the same shape."""
    error = np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(peak**2 / error))


_TONE = ("-f", "lavfi", "-i", "sine=d=5")
CHIRP = ("-f", "lavfi", "-i", "aevalsrc=sin(2*PI*(200+40*t)*t)/4:s=44100:d=30")  # no packet is like another
_RATES = {"film": ("24000/1001", 144), "pal": ("25", 101), "ntsc": ("30000/1001", 120), "sixty": ("60", 200)}
_RATES |= {"three": ("3", 17), "one": ("1", 7)}
_VARIABLE = {"jitter": "N*40+mod(N*7,13)*2", "gaps": "N*33+700*floor(N/20)"}

# What changes in the middle of a recording: size, colour tags, both.
CHANGES = ("scale=256:192:flags=neighbor", "setparams=colorspace=smpte170m:range=tv", "scale=64:48,setparams=range=pc")

# Arguments of `make_coded_clip` by file name: every rate in every container, and what else makes clocks difficult.
CODED_CLIPS: dict[str, dict[str, Any]] = {
    f"{name}{suffix}": {"frames": frames, "rate": rate}
    for name, (rate, frames) in _RATES.items()
    for suffix in (".mp4", ".mkv", ".webm", ".avi", ".ts")
}
CODED_CLIPS |= {
    f"{name}{suffix}": {"frames": 110, "times": times}
    for name, times in _VARIABLE.items()
    for suffix in (".mp4", ".mkv", ".webm", ".ts")
}
CODED_CLIPS |= {
    f"late{suffix}": {"frames": 100, "rate": "24000/1001", "extra": ("-output_ts_offset", "2.717")}
    for suffix in (".mp4", ".mkv", ".webm", ".ts")
}
for _suffix in (".mp4", ".mkv", ".ts"):
    CODED_CLIPS[f"sound_first{_suffix}"] = {
        "frames": 100,
        "inputs": _TONE,
        "extra": ("-vf", "setpts=PTS+1.37/TB", "-c:a", "aac"),
    }
    CODED_CLIPS[f"sound_later{_suffix}"] = {
        "frames": 100,
        "rate": "24000/1001",
        "inputs": ("-itsoffset", 1.2, *_TONE),
        "extra": ("-c:a", "aac"),
    }
# Longer than what is decoded before a part, so that reader and writer seek.
CODED_CLIPS |= {
    f"long{suffix}": {"frames": 700, "rate": "24000/1001", "inputs": CHIRP, "extra": sound}
    for suffix, sound in ((".mp4", ("-c:a", "aac")), (".mkv", ("-c:a", "ac3")), (".ts", ("-c:a", "mp2")))
}
CODED_CLIPS["long.webm"] = {"frames": 700, "rate": "24000/1001"}
CODED_CLIPS["long.avi"] = {"frames": 700, "rate": "24000/1001"}
# A container without times of its own, and frames in another order than they are shown: decoders disagree on the times.
CODED_CLIPS["long_b_frames.avi"] = {
    "frames": 700,
    "rate": "24000/1001",
    "extra": ("-c:v", "libx264", "-preset", "ultrafast", "-bf", 2),
}
