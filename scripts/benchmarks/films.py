"""The films that are measured on: the sample film, scaled and looped, with its sound."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from vidtag.errors import InputError
from vidtag.media.ffmpeg import ffmpeg_path
from vidtag.media.probe import probe

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples/lantern-lane.mp4"
QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")
RATE = 24  # frames a second
_PIECE_S = 60  # longer films repeat a piece of so many seconds, which is encoded once


@dataclass(frozen=True, slots=True)
class Film:
    """A film to measure on.

    Attributes:
        name: how tables call it.
        path: the file.
    """

    name: str
    path: Path


def given_film(path: Path) -> Film:
    """Take a film that is there.

    Raises:
        InputError: it cannot be read as a video.
    """
    info = probe(path)
    return Film(f"{path.name}, {info.width}x{info.height}", info.path)


def make_film(folder: Path, height: int, seconds: float) -> Film:
    """Make a film of a length out of the sample film: H.264 at 24 frames/s and AAC.

    Args:
        folder: where to put it.
        height: of the picture in px, even; it is as wide as 16:9 asks for.
        seconds: how long it is; if longer than a minute, it repeats its first one.
    """
    path = folder / f"film-{height}p-{seconds:g}s.mp4"
    if path.exists():
        return Film(f"{height}p", path)
    if seconds > _PIECE_S:
        piece = make_film(folder, height, _PIECE_S).path
        _run("-stream_loop", -1, "-i", piece, "-t", seconds, "-map", 0, "-c", "copy", path)
    else:
        picture = f"fps={RATE},scale={width_of(height)}:{height}:flags=bicubic,setsar=1,format=yuv420p"
        coded = ("-c:v", "libx264", "-preset", "medium", "-crf", 18, "-c:a", "aac", "-b:a", "128k", "-ar", 48000)
        _run("-stream_loop", -1, "-i", SAMPLE, "-t", seconds, "-vf", picture, *coded, path)
    return Film(f"{height}p", path)


def width_of(height: int) -> int:
    """Give the even width nearest to 16:9.

    >>> [width_of(height) for height in (480, 720, 1080)]
    [854, 1280, 1920]
    """
    return 2 * round(height * 8 / 9)


def _run(*arguments: object) -> None:
    command = [ffmpeg_path(), *QUIET, "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"no film could be made of {SAMPLE}: {(done.stderr.splitlines() or ['no message'])[0]}")
