"""What became of a film: frames, times, sound, colours and picture of the original and of the tagged film compared."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream
from oddmedia.kinds import ffmpeg_exe

TAGS = ("color_range", "color_primaries", "color_trc", "colorspace")
_SHORTEST_S = 1e-6


@dataclass(frozen=True, slots=True)
class Comparison:
    """A tagged film beside its original.

    Attributes:
        frames_in, frames_out: how many are decoded.
        shift_ms: how far a frame is moved at most against the first one; None if frames are missing.
        sound_ms: how far the sound is moved at most against the picture's first frame, None without sound.
        psnr: mean in dB of the picture outside the bar, infinite where it is the same; None if it cannot be told.
        lost: names of what the picture was tagged with and no longer is.
    """

    frames_in: int
    frames_out: int
    shift_ms: float | None
    sound_ms: float | None
    psnr: float | None
    lost: tuple[str, ...]


def compare(source: Path, film: Path) -> Comparison:
    """Decode both and compare them."""
    before, after = list(_frame_times(source)), list(_frame_times(film))
    shift = None
    if before and len(before) == len(after):
        pairs = zip(before, after, strict=True)
        shift = float(max(abs((a - before[0]) - (b - after[0])) for a, b in pairs)) * 1000
    return Comparison(
        len(before),
        len(after),
        shift,
        _sound_shift(source, film, before, after),
        _psnr(source, film),
        _lost(source, film),
    )


def picture_index(path: Path) -> int:
    """Give the number of the stream that is the film: the first picture that is no cover."""
    with av.open(f"file:{path}") as container:
        return next(
            stream.index
            for stream in container.streams
            if stream.type == "video" and not stream.disposition & stream.disposition.__class__.attached_pic
        )


def _frame_times(path: Path) -> Iterator[Fraction]:
    """Decode with ffmpeg and give when each frame is shown, in seconds of the file's clock."""
    form = ("-map", f"0:{picture_index(path)}", "-fps_mode", "passthrough", "-enc_time_base", "demux")
    command = [ffmpeg_exe(), "-nostdin", "-v", "quiet", "-copyts", "-i", f"file:{path}", *form]
    result = subprocess.run(
        [*command, "-c:v", "wrapped_avframe", "-f", "framecrc", "-"], capture_output=True, check=False
    )
    base = Fraction(1)
    for line in result.stdout.decode("ascii").splitlines():
        if line.startswith("#tb 0:"):
            base = Fraction(line.partition(":")[2].strip())
        elif not line.startswith("#"):
            yield int(line.split(",")[2]) * base


def _sound_shift(source: Path, film: Path, before: list[Fraction], after: list[Fraction]) -> float | None:
    """Compare when each piece of sound is heard, or where their numbers differ the first and the last ones."""
    heard, found = _sound_times(source), _sound_times(film)
    if not (before and after and heard and found):
        return None
    if len(heard) != len(found):
        heard, found = [heard[0], heard[-1]], [found[0], found[-1]]
    moved = [(b - after[0]) - (a - before[0]) for a, b in zip(heard, found, strict=True)]
    return float(max(moved, key=abs)) * 1000


def _sound_times(path: Path) -> list[Fraction]:
    """Give when each piece of sound is heard, in seconds of the file's clock."""
    with av.open(f"file:{path}") as container:
        times = []
        with suppress(av.error.FFmpegError):
            for frame in container.decode(audio=0) if container.streams.audio else ():
                if frame.pts is not None and frame.time_base is not None:
                    times.append(frame.pts * frame.time_base)
        return times


def _psnr(source: Path, film: Path) -> float | None:
    """Compare frame by frame, in the film's own pixel format, after the original is turned upright."""
    width, height = _upright_size(source)
    shown = "settb=1/25,setpts=N"
    graph = f"[1:v:0]crop={width}:{height}:0:0,{shown}[film];[0:{picture_index(source)}]{shown}[source];"
    with av.open(f"file:{film}") as container:
        graph += f"[source]format={container.streams.video[0].codec_context.pix_fmt}[same];[film][same]psnr"
    inputs = ("-i", f"file:{source}", "-i", f"file:{film}")
    command = [ffmpeg_exe(), "-nostdin", "-hide_banner", *inputs, "-lavfi", graph, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, check=False).stderr.decode(errors="replace")
    found = re.search(r"PSNR .*average:(\S+)", said)
    return float(found[1]) if found else None


def _upright_size(path: Path) -> tuple[int, int]:
    with av.open(f"file:{path}") as container:
        stream = container.streams[picture_index(path)]
        frame = next(container.decode(stream))
        turned = round(frame.rotation / 90) % 2
        return (frame.height, frame.width) if turned else (frame.width, frame.height)


def _lost(source: Path, film: Path) -> tuple[str, ...]:
    before, after = _tags(source), _tags(film)
    return tuple(name for name, value in before.items() if value and after[name] != value)


def _tags(path: Path) -> dict[str, object]:
    """Read what colours and pixels are said to be; 0 or None where nothing is said."""
    with av.open(f"file:{path}") as container:
        stream = container.streams[picture_index(path)]
        assert isinstance(stream, VideoStream)
        frame = next(container.decode(stream))
        said = {
            name: int(value) if (value := getattr(frame, name, 2) or 0) != 2 or name == "color_range" else 0
            for name in TAGS
        }
        aspect = stream.sample_aspect_ratio
        turned = round(frame.rotation / 90) % 2
        bits = frame.format.components[0].bits
        return said | {"aspect": 1 / aspect if aspect and turned else aspect, "bits": bits if bits > 8 else 0}
