"""Hidden files and folders beside outputs: locked while their run lives, removed by the next run when it is dead.

The kernel lets go of a lock however a process ends, so a hidden file that nobody holds is one that a dead run left.
Where a file system or the platform knows no locks nobody can tell, and such files stay.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PREFIX = ".vidtag-"
KEPT = ".old"  # suffix of a second name that an earlier output has while a new one takes its place

_NAME = re.compile(re.escape(PREFIX) + r"[0-9a-f]{12}(\.\w+)*")
_FOLDER_NAME = re.compile(re.escape(PREFIX) + r"[0-9a-f]{12}")
_OPEN = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # no link, and no wait for a pipe
_OPEN_FOLDER = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_DIRECTORY", 0)


def hidden_name(target: Path, suffix: str) -> Path:
    """Give a new name for a hidden file beside `target`."""
    return target.with_name(f"{PREFIX}{secrets.token_hex(6)}{suffix}")


@contextlib.contextmanager
def locked_file(target: Path, suffix: str) -> Iterator[Path]:
    """Make an empty hidden file beside `target`, hold it, give its path, and remove it behind the block.

    Raises:
        OSError: the folder takes no file.
    """
    temporary, descriptor = _make(target, suffix)
    try:
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        os.close(descriptor)


def remove_dead(target: Path) -> None:
    """Remove what dead runs left in the folder of `target`, as far as that may be removed.

    A run that died while it gave names may have named `target`, which then is still the same file as a hidden one. Such
    a target is taken back, as its run never said that it was done. Other targets keep their hidden names until a run
    that writes them looks at them.
    """
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(target.parent)):  # noqa: PTH208  # names alone, of folders with many files
            if _NAME.fullmatch(name):
                with contextlib.suppress(OSError):
                    _remove_if_dead(target.with_name(name), target)


@contextlib.contextmanager
def locked_folder(parent: Path) -> Iterator[Path]:
    """Make an empty hidden folder, hold it, give its path, and remove it behind the block if it still has that name.

    Raises:
        OSError: `parent` takes no folder.
    """
    temporary, descriptor = _make_folder(parent)
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def remove_dead_folders(parent: Path) -> None:
    """Remove the hidden folders that dead runs left in `parent`, as far as they may be removed."""
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(parent)):  # noqa: PTH208  # names alone
            if _FOLDER_NAME.fullmatch(name):
                with contextlib.suppress(OSError):
                    _remove_folder_if_dead(parent / name)


def try_lock(descriptor: int) -> bool | None:
    """Take an open file for this process; False where another one has it, None where there are no locks."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # such as some network folders
        return None
    return True


def lies_at(descriptor: int, path: Path) -> bool:
    """Say whether an open file is the one that lies at `path`."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _make(target: Path, suffix: str) -> tuple[Path, int]:
    """Make a hidden file and lock it; another one if a run that cleans up took it before it was locked."""
    while True:
        path = hidden_name(target, suffix)
        descriptor = os.open(path, _OPEN | os.O_CREAT | os.O_EXCL, 0o666)
        if try_lock(descriptor) is not False and lies_at(descriptor, path):
            return path, descriptor
        os.close(descriptor)


def _make_folder(parent: Path) -> tuple[Path, int | None]:
    """Make a hidden folder and lock it, as `_make` does; no descriptor where folders cannot be opened (Windows)."""
    while True:
        path = parent / f"{PREFIX}{secrets.token_hex(6)}"
        path.mkdir()
        if fcntl is None:
            return path, None
        descriptor = os.open(path, _OPEN_FOLDER)
        if try_lock(descriptor) is not False and lies_at(descriptor, path):
            return path, descriptor
        os.close(descriptor)


def _remove_folder_if_dead(path: Path) -> None:
    descriptor = os.open(path, _OPEN_FOLDER)
    try:
        if try_lock(descriptor) and lies_at(descriptor, path):
            shutil.rmtree(path)
    finally:
        os.close(descriptor)


def _remove_if_dead(path: Path, target: Path) -> None:
    descriptor = os.open(path, _OPEN)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not try_lock(descriptor) or not lies_at(descriptor, path):
            return
        if found.st_nlink > 1 and path.suffix != KEPT:
            if not lies_at(descriptor, target):
                return
            target.unlink()
        path.unlink()
    finally:
        os.close(descriptor)
