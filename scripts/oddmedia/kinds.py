"""What an odd file is, how vidtag should answer it, and how ffmpeg is asked to make one."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TONE = ("-f", "lavfi", "-i", "sine=f=330:r=48000:d={seconds}")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "14", "-pix_fmt", "yuv420p", "-g", "12")
AAC = ("-c:a", "aac", "-b:a", "64k")
EXACT = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-threads", "1")

Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One odd file.

    Attributes:
        name: of the file.
        about: what is odd about it, in a few words.
        make: writes it at a path.
        code: exit code that `vidtag annotate` should end with.
        analyze: exit code of `vidtag analyze` where it is another one.
        says: words that stderr of `annotate` must hold; empty for a film that comes out without a remark.
        kept: codes of `annotate --keep-going`, where the file is damaged but can be read in part.
        psnr: whether the picture outside the bar must be at least 42 dB like the original.
        frames: whether every frame of the original must come out at its own time.
        short: among those that the usual tests look at.
    """

    name: str
    about: str
    make: Make
    code: int = 0
    analyze: int | None = None
    says: str = ""
    psnr: bool = True
    frames: bool = True
    short: bool = False

    def __post_init__(self) -> None:
        if not self.name or "/" in self.name or "\0" in self.name:
            raise ValueError(f"an odd file needs the name of a file, got {self.name!r}")


@cache
def ffmpeg_exe() -> str:
    """Find the ffmpeg that imageio-ffmpeg brings."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def ffmpeg(*arguments: object, stdin: bytes | None = None) -> bytes:
    """Run ffmpeg and give its stdout.

    Raises:
        RuntimeError: it failed; with what it wrote.
    """
    command = [ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *map(str, arguments)]
    command = [word for word in command if stdin is None or word != "-nostdin"]
    result = subprocess.run(command, input=stdin, capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{' '.join(command[-12:])}: {result.stderr.decode(errors='replace')[-400:]}")
    return result.stdout


def drawing(size: str = "192x144", rate: str = "25", seconds: float = 2) -> str:
    """Give ffmpeg's moving test picture, slightly soft, as drawn films are."""
    return f"testsrc2=s={size}:r={rate}:d={seconds},gblur=sigma=0.8"


def film(
    *arguments: object,
    size: str = "192x144",
    rate: str = "25",
    seconds: float = 2,
    sound: bool = True,
    picture: tuple[object, ...] = X264,
    before: tuple[object, ...] = (),
) -> Make:
    """Give what makes a film of the test picture, with a tone.

    Args:
        arguments: of the output, behind those of the picture.
        size, rate, seconds: of the picture.
        sound: whether there is a tone, as AAC.
        picture: arguments of the encoder.
        before: arguments in front of the picture's input.
    """
    tone = tuple(word.format(seconds=seconds) for word in TONE) if sound else ()

    def make(path: Path) -> None:
        source = drawing(size, rate, seconds)
        coded = (*picture, *(AAC if sound else ()), *EXACT)
        ffmpeg(*before, "-f", "lavfi", "-i", source, *tone, *coded, *arguments, f"file:{path}")

    return make


def changed(make: Make, change: Callable[[bytes], bytes], suffix: str) -> Make:
    """Give what makes a file and then changes its bytes; `suffix` chooses the container it is made in."""

    def do(path: Path) -> None:
        whole = path.with_name(f".whole{suffix}")
        make(whole)
        path.write_bytes(change(whole.read_bytes()))
        whole.unlink()

    return do


def again(make: Make, suffix: str, *arguments: object, before: tuple[object, ...] = ()) -> Make:
    """Give what makes a file and lets ffmpeg write it once more with other arguments, such as `-c copy`."""

    def do(path: Path) -> None:
        whole = path.with_name(f".whole{suffix}")
        make(whole)
        ffmpeg(*before, "-i", f"file:{whole}", *arguments, f"file:{path}")
        whole.unlink()

    return do


def content(data: bytes | str) -> Make:
    """Give what writes some bytes."""
    return lambda path: path.write_bytes(data.encode() if isinstance(data, str) else data) and None
