"""The films that are measured on: the sample film, scaled and looped, with its sound."""

import subprocess
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from vidtag.errors import InputError
from vidtag.media.ffmpeg import ffmpeg_path
from vidtag.media.probe import probe

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples/lantern-lane.mp4"
QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")
RATE = 24  # frames a second
_PIECE_S = 60  # longer films repeat a piece of at most so many seconds, which is encoded once
_SOUND = ("-c:a", "aac", "-b:a", "128k", "-ar", 48000)


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
        seconds: how long it is; if longer than a minute, its picture is one piece again and again.
    """
    path = folder / f"film-{height}p-{seconds:g}s.mp4"
    if path.exists():
        return Film(f"{height}p", path)
    if seconds > _PIECE_S:
        _repeat(folder, height, seconds, path)
    else:
        picture = f"fps={RATE},scale={width_of(height)}:{height}:flags=bicubic,setsar=1,format=yuv420p"
        coded = ("-c:v", "libx264", "-preset", "medium", "-crf", 18, *_SOUND)
        _run("-stream_loop", -1, "-i", SAMPLE, "-t", seconds, "-vf", picture, *coded, path)
    return Film(f"{height}p", path)


def _repeat(folder: Path, height: int, seconds: float, path: Path) -> None:
    """Make a long film of equal pieces, end to end: the same one again and again, its sound encoded in one go."""
    pieces = ceil(seconds / _PIECE_S)
    frames = round(seconds / pieces * RATE)
    piece = make_film(folder, height, frames / RATE).path
    pictures = folder / "pictures.mp4"
    _run("-i", piece, "-map", "0:v", "-c", "copy", pictures)
    order = folder / "pieces.txt"
    order.write_text(f"file {pictures.name}\nduration {frames / RATE:.6f}\n" * pieces, "utf-8")
    sound = ("-stream_loop", -1, "-t", frames * pieces / RATE, "-i", SAMPLE)
    _run("-f", "concat", "-i", order, *sound, "-map", "0:v", "-map", "1:a", "-c:v", "copy", *_SOUND, path)


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
