"""Look into a video file without reading it through, from outside: libav meets the file in a child process."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vidtag.errors import DamagedError, ShapeError
from vidtag.media.guard import check_readable
from vidtag.media.info import VideoInfo
from vidtag.media.infotext import info_from_plain
from vidtag.media.isolated import isolated

_BLOCK = 1 << 20


@contextmanager
def probing(path: Path) -> Iterator[Callable[[], VideoInfo]]:
    """Start to describe a video; call what is given to wait for it. Leaving the block ends the work.

    Raises:
        InputError: missing, a folder, or empty; all else that `probe` raises comes from the call.
    """
    path = check_readable(path)
    with isolated("inspect", path) as answer:
        yield lambda: _believable(path, answer())


def probe(path: Path) -> VideoInfo:
    """Describe a video: opens it, reads its header and decodes one frame, once with libav and once with ffmpeg.

    Raises:
        InputError: missing, a folder, empty, not a video that vidtag opens, or without a picture.
        DamagedError: there is a picture stream, but not one frame of it can be decoded.
        LimitError: more pixels, streams, memory or time than vidtag gives; told before much is decoded.
    """
    with probing(path) as described:
        return described()


def fingerprint(path: Path) -> str:
    """Hash what tells a file from another: its size and three blocks of 1 MiB (start, middle, end); hex SHA-256."""
    with path.open("rb") as stream:

        def read(position: int, count: int) -> bytes:
            stream.seek(position)
            return stream.read(count)

        return fingerprint_of(path.stat().st_size, read)


def fingerprint_of(size: int, read: Callable[[int, int], bytes]) -> str:
    """Hash the same of a file that lies elsewhere.

    Args:
        size: in bytes, >= 0.
        read: gives so many bytes from a position on, fewer at the end of the file.
    """
    digest = hashlib.sha256(str(size).encode())
    for position in (0, max(0, size // 2), max(0, size - _BLOCK)):
        digest.update(read(position, _BLOCK))
    return digest.hexdigest()


def _believable(path: Path, plain: Any) -> VideoInfo:
    """Build the description; a figure that no video has means that the file is damaged."""
    try:
        return info_from_plain(plain, path)
    except (ShapeError, TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise DamagedError(f"{path} is damaged: its header makes no sense ({error})") from error
