"""One run at a time on an output: a hidden file beside it that the run holds, and that the kernel lets go of."""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from vidtag.errors import LockedError
from vidtag.hiddenfiles import PREFIX, lies_at, try_lock

SUFFIX = ".lock"
_MOMENT_S = 1.0  # for longer than it takes to look whether a file is held, which needs holding it, only a run holds one


@contextlib.contextmanager
def claimed(target: Path) -> Iterator[None]:
    """Hold an output for this process.

    Raises:
        LockedError: another run is writing it.
        OSError: the folder takes no file.
    """
    path = _lock_of(target)
    descriptor = _claim(path, target)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()  # while it is still held, so that nobody's new file is removed
        os.close(descriptor)


def _lock_of(target: Path) -> Path:
    return target.with_name(f"{PREFIX}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}{SUFFIX}")


def _claim(path: Path, target: Path) -> int:
    """Give a descriptor of the held file that lies at `path`, and not one that was removed while it was opened."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            _hold(descriptor, target)
            if lies_at(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _hold(descriptor: int, target: Path) -> None:
    last = time.monotonic() + _MOMENT_S
    while try_lock(descriptor) is False:
        if time.monotonic() > last:
            raise LockedError(f"{target} is being written by another run; wait for it, or choose another output")
        time.sleep(0.02)
