"""Temporary files that runs have left behind which were killed."""

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path

from vidtag.hiddenfiles import PREFIX

_TEMPORARY = re.compile(re.escape(PREFIX) + r"[0-9a-f]{12}(\.\w+)*")


def remove_leftovers(folders: Iterable[Path]) -> int:
    """Remove the hidden temporary files of vidtag in some folders, and give how many there were.

    Nobody may be writing there: hold the lock of the batch, and have no worker.
    """
    removed = 0
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                if _TEMPORARY.fullmatch(path.name) and not path.is_dir():
                    path.unlink()
                    removed += 1
    return removed
