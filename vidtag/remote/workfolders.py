"""Folders for what was fetched and is to be stored: private, and removed however their run ends.

A folder belongs to a hidden file beside it that its run holds, as all hidden files of vidtag. When that run is dead,
whoever next makes such a folder removes it.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vidtag.errors import OutputError
from vidtag.hiddenfiles import locked_file, remove_dead

_HELD, _FOLDER = ".held", ".folder"


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """Make an empty folder on this machine, below `$TMPDIR`, and remove it behind the block with all in it.

    Raises:
        OutputError: it cannot be made.
    """
    base = _base()
    remove_dead_folders()
    with contextlib.ExitStack() as stack:
        try:
            held = stack.enter_context(locked_file(base / "x", _HELD))
            folder = held.with_suffix(_FOLDER)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            folder.mkdir()
        except OSError as error:
            raise OutputError(f"{base} takes no folder ({error.strerror}); set TMPDIR to another place") from error
        yield folder


def remove_dead_folders() -> None:
    """Remove the folders of runs that are dead.

    A folder is made after the file that it belongs to, and removed before it: one without is nobody's.
    """
    base = _base()
    folders = list(base.glob(f".*{_FOLDER}"))
    remove_dead(base / "x")
    for folder in folders:
        if not folder.with_suffix(_HELD).exists():
            shutil.rmtree(folder, ignore_errors=True)


def free_bytes(folder: Path) -> int:
    """Say how much room there is."""
    return shutil.disk_usage(folder).free


def _base() -> Path:
    """Give the place for such folders of this user; nobody else can have put links there, or look in.

    Raises:
        OutputError: it cannot be made, or belongs to somebody else.
    """
    base = Path(tempfile.gettempdir(), f"vidtag-{os.getuid()}")
    try:
        base.mkdir(mode=0o700, exist_ok=True)
        found = base.lstat()
    except OSError as error:
        raise OutputError(f"{base} cannot be made ({error.strerror}); set TMPDIR to another place") from error
    if base.is_symlink() or not base.is_dir() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise OutputError(f"{base} is not a private folder of this user; remove it, or set TMPDIR to another place")
    return base
