"""Say why an output cannot be written, and what to do."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from vidtag.errors import OutputError

REFUSED_WRITES = {  # what only writing ends with: disk or quota full, file too large, medium read-only or broken
    *(errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EIO),
    getattr(errno, "EDQUOT", errno.ENOSPC),  # Windows has no quota error
}


def refusal(target: Path, error: OSError) -> str:
    """Say why a file or folder cannot be written, and what to do."""
    remedy = (
        "make room or choose another folder" if error.errno in (errno.ENOSPC, errno.EFBIG) else "choose another folder"
    )
    return f"{target} cannot be written ({error.strerror or error}); {remedy}"


def exists_already(target: Path) -> str:
    """Say that an output is there, and what to do."""
    return f"{target} exists already; pass --overwrite to replace it or choose another output"


@contextlib.contextmanager
def as_output_error(target: Path) -> Iterator[None]:
    """Turn every OSError of the block into an OutputError about `target`."""
    try:
        yield
    except OSError as error:
        raise OutputError(refusal(target, error)) from error
