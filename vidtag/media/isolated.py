"""Look into a hostile file in a process of its own, with limits, and take nothing but JSON from it.

The child is Python with the modules of this one, without its settings, and starts while others still load. What it
finds comes as one JSON object on its stdout; an error comes as the name of its class and its message.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vidtag import errors
from vidtag.errors import DamagedError, InputError, LimitError, VidtagError
from vidtag.limits import how_to_raise
from vidtag.media.childlimits import INSPECTION_S
from vidtag.media.ffmpeg import ffmpeg_path, own_session

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from vidtag.media.inspecting import main; main()"
_OPTIONS = ("-I", "-S", "-B", "-X", "utf8")
_HOME = Path(__file__).resolve().parents[2]  # where vidtag lies
_MAX_ANSWER = 64_000_000  # bytes
_ERRORS = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, VidtagError)
}


@contextmanager
def isolated(
    what: str, path: Path, *arguments: str, patience_s: float | None = INSPECTION_S * 2
) -> Iterator[Callable[[], Any]]:
    """Start looking into a file; call what is given to wait for the answer. Leaving the block ends the child.

    Args:
        what: a key of `vidtag.media.inspecting.TASKS`.
        path: of the file.
        arguments: further ones of the task.
        patience_s: seconds to wait for the answer, None for as long as it takes.

    Raises:
        VidtagError: as the task does, when the answer is waited for; a child that dies is a DamagedError or LimitError.
    """
    folders = [str(_HOME), *(entry for entry in sys.path if entry)]  # an empty entry is whatever folder this runs in
    words = [sys.executable, *_OPTIONS, "-c", _START, json.dumps(folders)]
    child = subprocess.Popen(
        [*words, ffmpeg_path(), what, str(path), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=own_session(),
    )
    lifeline, child.stdin = child.stdin, None  # stays open, as its end tells the child that this process is gone
    try:
        yield lambda: _answer(child, path, patience_s)
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        assert lifeline is not None
        child.stdout.close()
        lifeline.close()


def _answer(child: "subprocess.Popen[bytes]", path: Path, patience_s: float | None) -> Any:
    try:
        said, _ = child.communicate(timeout=patience_s)
    except subprocess.TimeoutExpired:
        raise LimitError(f"{path} took more than {patience_s:g} s to look into; it may be made to waste time") from None
    try:
        answer = json.loads(said[:_MAX_ANSWER])
        if "error" not in answer:
            return answer["found"]
        kind, message = _ERRORS[answer["error"]], str(answer["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _death(child.returncode, path) from None
    raise kind(message)


def _death(code: int, path: Path) -> VidtagError:
    """Say why a child gave no answer."""
    if code == -signal.SIGKILL:  # the end of processor time, or of the machine's memory, or a person
        return LimitError(
            f"looking into {path} was ended from outside, or took more than {INSPECTION_S} s of a processor"
        )
    if code < 0:
        return DamagedError(f"{path} made its decoder crash (signal {-code}); it is damaged or made to do so")
    if code == 0:
        return InputError(f"{path} cannot be described; expected a video")
    return LimitError(f"{path} could not be looked into within the limits (GB of memory: {how_to_raise('memory')})")
