"""The child process in which a file is looked into: one task, one JSON object on stdout. See `isolated`."""

import json
import os
import sys
import threading
from base64 import b64encode
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from vidtag.errors import LimitError, VidtagError
from vidtag.limits import how_to_raise
from vidtag.media.childlimits import limit_inspection


def main() -> None:
    """Do what the arguments ask: the modules' folders, ffmpeg, the task, the file, and what the task takes."""
    _, ffmpeg, task, path, *arguments = sys.argv[1:]
    os.environ["IMAGEIO_FFMPEG_EXE"] = ffmpeg
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        limit_inspection(whole=task in _LONG)
        answer = {"found": TASKS[task](Path(path), *arguments)}
    except VidtagError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        answer = {
            "error": LimitError.__name__,
            "message": f"{path} needs too much memory (GB): {how_to_raise('memory')}",
        }
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


def _end_with_parent() -> None:
    """Wait for the end of stdin, which the parent holds open while it lives, and end this process."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _inspect(path: Path) -> Any:
    from vidtag.media.infotext import info_to_plain
    from vidtag.media.inspection import inspect

    return info_to_plain(inspect(path))


def _damage(path: Path, index: str) -> Any:
    from vidtag.media.damage import broken_stretches

    return [[str(start), str(end)] for start, end in broken_stretches(path, int(index))]


def _key_frames(path: Path, info: str, instants: str) -> Any:
    from vidtag.media.infotext import info_from_text
    from vidtag.media.seeking import find_key_frames

    found = find_key_frames(info_from_text(info, path), [Fraction(instant) for instant in instants.split(",")])
    return [str(instant) for instant in found]


def _clocks(path: Path, index: str) -> Any:
    from vidtag.media.seeking import read_clocks

    rate, clocks = read_clocks(path, int(index))
    return [str(rate or ""), *(str(clock or "") for clock in clocks)]


def _glimpses(path: Path, info: str, stretches: str, size: str) -> Any:
    from vidtag.media.infotext import info_from_text
    from vidtag.media.seeking import decode_glimpses

    pairs = [stretch.split(":") for stretch in stretches.split(",") if stretch]
    width, height = size.split("x")
    ends = [(Fraction(start), Fraction(end)) for start, end in pairs]
    found = decode_glimpses(info_from_text(info, path), ends, (int(width), int(height)))
    return [[str(seconds), b64encode(picture.tobytes()).decode()] for seconds, picture in found]


TASKS: dict[str, Callable[..., Any]] = {
    "inspect": _inspect,
    "damage": _damage,
    "key frames": _key_frames,
    "clocks": _clocks,
    "glimpses": _glimpses,
}
"""What a child can do; each takes the file and texts, and gives what JSON can hold."""

_LONG = ("damage", "glimpses")
"""Those that decode as much as there is."""
