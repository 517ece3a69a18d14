"""The results of a batch in a folder; `vidtag.batch.farresults` keeps them at an address."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path

from vidtag.batch.lock import locked
from vidtag.remote.addresses import Address

Say = Callable[[str], None]


class Results:
    """The results of one batch, in a folder that this machine sees. Files are named by their paths below it.

    Attributes:
        folder: where files are made on this machine; it has the name of the results.
        address: where they lie, None if in `folder`.
    """

    def __init__(self, folder: Path, address: Address | None = None) -> None:
        self.folder, self.address = folder.absolute(), address

    def held(self, say: Say) -> contextlib.AbstractContextManager[None]:
        """Keep other runs out.

        Args:
            say: called with a line before anything is waited for.

        Raises:
            LockedError: there is another run.
            OutputError: nothing can be written there.
        """
        return locked(self.folder)

    def refresh(self) -> None:
        """Look at what is there now; InputError if that cannot be told."""

    def size(self, below: str) -> int | None:
        """Give the size of a file in bytes, None if it is not there."""
        try:
            return (self.folder / below).stat().st_size
        except (OSError, ValueError):
            return None

    def fetched(self, below: str) -> Path:
        """Give the path of a file that is there, to read it; InputError if it cannot be had."""
        return self.folder / below

    def publish(self, path: Path) -> None:
        """Take note that a file in `folder` is whole, or gone; OutputError if that cannot be written."""

    def changing(self, below: str) -> contextlib.AbstractContextManager[None]:
        """Let a file be changed in the block; it is published behind it, before what was published in it."""
        return contextlib.nullcontext()

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Publish what is published in the block behind it, once."""
        return contextlib.nullcontext()

    def note(self, sizes: Mapping[str, int]) -> None:
        """Take note of files that a worker has made, with their sizes in bytes."""

    def remove(self, below: str) -> None:
        """Remove a file, if it is there; OutputError if it cannot be removed."""
        with contextlib.suppress(OSError):
            (self.folder / below).unlink(missing_ok=True)

    def __str__(self) -> str:
        return str(self.address or self.folder)
