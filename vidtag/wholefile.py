"""Write files whole or not at all: a hidden temporary file beside the target, flushed, then renamed."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from vidtag.errors import OutputError, UsageError

PREFIX = ".vidtag-"


def check_target(target: Path, *, overwrite: bool, source: Path | None = None) -> Path:
    """Give the absolute path of an output that may be written, before any work is done.

    Args:
        target: the file to make.
        overwrite: whether it may replace a file.
        source: the input, which is never overwritten.

    Raises:
        UsageError: the target is the input.
        OutputError: its folder is missing or read-only, it is a folder, or it exists and `overwrite` is not given.
    """
    target = target.absolute()
    if source is not None and target.exists() and source.exists() and target.samefile(source):
        raise UsageError(f"{target} is the input, which is never overwritten; choose another output")
    if not target.parent.is_dir():
        raise OutputError(f"the folder {target.parent} does not exist; make it first or choose another output")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"{target} cannot be written: no permission for {target.parent}; choose another folder")
    if target.is_dir():
        raise OutputError(f"{target} is a folder; expected the name of a file to write")
    if target.exists() and not overwrite:
        raise OutputError(f"{target} exists already; pass --overwrite to replace it or choose another output")
    return target


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target` with the same suffix; rename it there if the block ends well, else delete.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    temporary = target.with_name(f"{PREFIX}{secrets.token_hex(6)}{target.suffix}")
    with _as_output_error(target):
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield temporary
        with _as_output_error(target):
            _flush(temporary)
            temporary.replace(target)
            _flush(target.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _as_output_error(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from error


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
