"""Write files whole or not at all: a hidden temporary file beside the target, flushed, then renamed."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from vidtag.errors import OutputError, UsageError
from vidtag.hiddenfiles import hidden_name, locked_file, remove_dead
from vidtag.refusals import REFUSED_WRITES, as_output_error, exists_already, refusal
from vidtag.renaming import Finished, flush, put_in_place


def check_target(target: Path, *, overwrite: bool, source: Path | None = None) -> Path:
    """Give the absolute path of an output that may be written, before any work is done.

    What dead runs have left in its folder is removed.

    Args:
        target: the file to make.
        overwrite: whether it may replace a file.
        source: the input, which is never overwritten.

    Raises:
        UsageError: the target is the input.
        OutputError: its folder is missing or takes no file, it is a folder, or it exists and `overwrite` is not given.
    """
    target = target.absolute()
    remove_dead(target)
    with as_output_error(target):  # such as a name that is too long
        _check_name(target, overwrite, source)
        _try_folder(target)
    return target


def _check_name(target: Path, overwrite: bool, source: Path | None) -> None:
    if source is not None and target.exists() and source.exists() and target.samefile(source):
        raise UsageError(f"{target} is the input, which is never overwritten; choose another output")
    if not target.parent.is_dir():
        raise OutputError(f"the folder {target.parent} does not exist; make it first or choose another output")
    if target.is_dir():
        raise OutputError(f"{target} is a folder; expected the name of a file to write")
    if os.path.lexists(target) and not overwrite:
        raise OutputError(exists_already(target))


def _try_folder(target: Path) -> None:
    """Write a block into a hidden file and remove it: asking for permission tells little to root, or of a full disk.

    Raises:
        OSError: the folder takes no file.
    """
    trial = hidden_name(target, "")
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
    with whole_files([target], overwrite=overwrite) as (temporary,):
        yield temporary


@contextlib.contextmanager
def whole_files(targets: Sequence[Path], *, overwrite: bool = True) -> Iterator[list[Path]]:
    """Do the same for several files: they get their names in their order, all of them or none.

    Raises:
        OutputError: as for `whole_file`.
    """
    with contextlib.ExitStack() as stack:
        temporaries = [stack.enter_context(hidden_file(target, target.suffix)) for target in targets]
        files = [Finished(*pair) for pair in zip(temporaries, targets, strict=True)]
        with _writing_as_output_error(files):
            yield temporaries
        for file in files:
            with as_output_error(file.target):
                flush(file.temporary)
        put_in_place(files, overwrite=overwrite)


@contextlib.contextmanager
def hidden_file(target: Path, suffix: str) -> Iterator[Path]:
    """Make an empty hidden file beside `target`, give its path, and remove it behind the block.

    Raises:
        OutputError: the folder takes no file.
    """
    with contextlib.ExitStack() as stack:
        with as_output_error(target):
            temporary = stack.enter_context(locked_file(target, suffix))
        yield temporary


@contextlib.contextmanager
def _writing_as_output_error(files: Sequence[Finished]) -> Iterator[None]:
    """Turn what goes wrong with a temporary file into an OutputError; errors about other files stay."""
    try:
        yield
    except OSError as error:
        about = [file.target for file in files if str(error.filename) == str(file.temporary)]
        nameless_write = error.filename is None and error.errno in REFUSED_WRITES
        if about or nameless_write:
            raise OutputError(refusal((about or [files[0].target])[0], error)) from error
        raise
