"""Write files whole or not at all: a hidden temporary file beside the target, flushed, then renamed."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from vidtag.errors import OutputError, UsageError

PREFIX = ".vidtag-"

REFUSED_WRITES = {  # what only writing ends with: disk or quota full, file too large, medium read-only or broken
    *(errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EIO),
    getattr(errno, "EDQUOT", errno.ENOSPC),  # Windows has no quota error
}
_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EINVAL}


def check_target(target: Path, *, overwrite: bool, source: Path | None = None) -> Path:
    """Give the absolute path of an output that may be written, before any work is done.

    Args:
        target: the file to make.
        overwrite: whether it may replace a file.
        source: the input, which is never overwritten.

    Raises:
        UsageError: the target is the input.
        OutputError: its folder is missing or takes no file, it is a folder, or it exists and `overwrite` is not given.
    """
    target = target.absolute()
    with _as_output_error(target):  # such as a name that is too long
        _check_name(target, overwrite, source)
        _try_folder(target.parent)
    return target


def _check_name(target: Path, overwrite: bool, source: Path | None) -> None:
    if source is not None and target.exists() and source.exists() and target.samefile(source):
        raise UsageError(f"{target} is the input, which is never overwritten; choose another output")
    if not target.parent.is_dir():
        raise OutputError(f"the folder {target.parent} does not exist; make it first or choose another output")
    if target.is_dir():
        raise OutputError(f"{target} is a folder; expected the name of a file to write")
    if os.path.lexists(target) and not overwrite:
        raise OutputError(_exists_already(target))


def _try_folder(folder: Path) -> None:
    """Write a block into a hidden file and remove it: asking for permission tells little to root, or of a full disk.

    Raises:
        OSError: the folder takes no file.
    """
    trial = folder / f"{PREFIX}{secrets.token_hex(6)}"
    try:
        with trial.open("xb") as stream:
            stream.write(bytes(4096))
    finally:
        with contextlib.suppress(OSError):
            trial.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_file(target: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Give a temporary path beside `target` with the same suffix; rename it there if the block ends well, else delete.

    Args:
        target: the file to make.
        overwrite: whether a file that is there at the end is replaced.

    Raises:
        OutputError: the folder cannot be written, the disk is full, or the target is there and is not to be replaced.
            What the block raises about reading other files stays as it is.
    """
    with hidden_file(target, target.suffix) as temporary:
        with _writing_as_output_error(target, temporary):
            yield temporary
        with _as_output_error(target):
            _flush(temporary)
            _put_in_place(temporary, target, overwrite)
            _flush(target.parent)


@contextlib.contextmanager
def hidden_file(target: Path, suffix: str) -> Iterator[Path]:
    """Make an empty hidden file beside `target`, give its path, and remove it behind the block.

    Raises:
        OutputError: the folder takes no file.
    """
    temporary = target.with_name(f"{PREFIX}{secrets.token_hex(6)}{suffix}")
    with _as_output_error(target):
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def refusal(target: Path, error: OSError) -> str:
    """Say why a file or folder cannot be written, and what to do."""
    remedy = (
        "make room or choose another folder" if error.errno in (errno.ENOSPC, errno.EFBIG) else "choose another folder"
    )
    return f"{target} cannot be written ({error.strerror or error}); {remedy}"


def _put_in_place(temporary: Path, target: Path, overwrite: bool) -> None:
    """Give a file its name; where it is not to replace another, by a link, which no other process can get between."""
    if not overwrite:
        try:
            os.link(temporary, target)
            return  # the temporary name is removed by the caller
        except FileExistsError:
            raise OutputError(_exists_already(target)) from None
        except OSError as error:
            if error.errno not in _NO_LINKS:  # such as FAT and some network folders
                raise
        if os.path.lexists(target):
            raise OutputError(_exists_already(target))
    temporary.replace(target)


def _exists_already(target: Path) -> str:
    return f"{target} exists already; pass --overwrite to replace it or choose another output"


@contextlib.contextmanager
def _as_output_error(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(refusal(target, error)) from error


@contextlib.contextmanager
def _writing_as_output_error(target: Path, temporary: Path) -> Iterator[None]:
    """Turn what goes wrong with the temporary file into an OutputError; errors about other files stay."""
    try:
        yield
    except OSError as error:
        nameless_write = error.filename is None and error.errno in REFUSED_WRITES
        if nameless_write or str(error.filename) == str(temporary):
            raise OutputError(refusal(target, error)) from error
        raise


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
