"""One run at a time in a folder: a lock that the kernel holds, and lets go of however the run ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from vidtag.errors import LockedError, OutputError
from vidtag.refusals import refusal

NAME = ".vidtag.lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; made with all above it if it is not there, and removed again if nothing is in it.

    Raises:
        LockedError: another run holds it.
        OutputError: the folder cannot be made, or takes no file.
    """
    path = folder / NAME
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _take(path)
    except OSError as error:
        raise OutputError(refusal(folder, error)) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()  # while it is still held, so that nobody's new file is removed
        os.close(descriptor)
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _take(path: Path) -> int:
    """Give a descriptor of the file that holds the lock and that lies at `path`, and not one just removed."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode())
                return descriptor
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise LockedError(
                f"{path.parent} is being written by another run (process {holder}); wait for it, or choose another "
                "output"
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
