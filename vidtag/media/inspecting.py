"""The child process in which a file is looked into: one task, one JSON object on stdout. See `isolated`."""

import json
import os
import sys
import threading
from collections.abc import Callable
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
        limit_inspection(whole=task == "damage")
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


TASKS: dict[str, Callable[..., Any]] = {"inspect": _inspect, "damage": _damage}
"""What a child can do; each takes the file and texts, and gives what JSON can hold."""
