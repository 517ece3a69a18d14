"""Give finished hidden files their names: all of them or none."""

import contextlib
import errno
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from vidtag.errors import OutputError
from vidtag.hiddenfiles import KEPT, hidden_name, try_lock
from vidtag.refusals import as_output_error, exists_already

_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EINVAL}
_LOOK = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Finished(NamedTuple):
    """A hidden file that is whole and on the disk, and the name that it is to have."""

    temporary: Path
    target: Path


def put_in_place(files: Sequence[Finished], *, overwrite: bool) -> None:
    """Name all files, in their order; if one cannot be named, or a Ctrl-C comes, what was there before comes back.

    Nothing slow lies between the first name and the last one, as the files are on the disk already.

    Args:
        files: what to name.
        overwrite: whether a target that is there is replaced. If not, the hidden names stay, beside the new ones.

    Raises:
        OutputError: a target is there and is not to be replaced, or a folder takes no name.
    """
    with ExitStack() as kept, ExitStack() as undoing:
        earlier = [_keep_earlier(file.target, kept) if overwrite else None for file in files]
        for file, before in zip(files, earlier, strict=True):
            with as_output_error(file.target):
                there = overwrite and os.path.lexists(file.target)
                undoing.callback(_take_back, file.target, file.temporary.stat(), before, there)
                _rename(file, overwrite)
        for folder in dict.fromkeys(file.target.parent for file in files):
            with as_output_error(folder):
                flush(folder)
        undoing.pop_all()


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(file: Finished, overwrite: bool) -> None:
    """Give a file its name; where it is not to replace another, by a link, which no other process can get between."""
    if not overwrite:
        try:
            os.link(file.temporary, file.target)
            return
        except FileExistsError:
            raise OutputError(exists_already(file.target)) from None
        except OSError as error:
            if error.errno not in _NO_LINKS:  # such as FAT and some network folders
                raise
        if os.path.lexists(file.target):
            raise OutputError(exists_already(file.target))
    file.temporary.replace(file.target)


def _keep_earlier(target: Path, kept: ExitStack) -> Path | None:
    """Give an earlier output a second, hidden name while it is replaced; None if there is none, or no links are."""
    name = hidden_name(target, KEPT)
    try:
        os.link(target, name, follow_symlinks=False)
        kept.callback(_forget, name)
        descriptor = os.open(name, _LOOK)
    except OSError:
        return name if os.path.lexists(name) else None
    kept.callback(os.close, descriptor)
    try_lock(descriptor)  # so that no other run takes it for one that was left
    return name


def _forget(name: Path) -> None:
    with contextlib.suppress(OSError):
        name.unlink(missing_ok=True)


def _take_back(target: Path, new: os.stat_result, earlier: Path | None, there: bool) -> None:
    """Undo a renaming, if it came to that. Without links an earlier output cannot come back; the new one is whole."""
    with contextlib.suppress(OSError):
        if not os.path.samestat(target.lstat(), new):
            return
        if earlier is not None:
            earlier.replace(target)
        elif not there:
            target.unlink()
