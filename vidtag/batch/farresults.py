"""The results of a batch at an address.

All files are made in a folder of this machine first. What is made over all episodes, and the manifest, go to the
address from here; the results of an episode go there from the machine that makes them.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from vidtag.batch.manifest import JOURNAL, NAME
from vidtag.batch.results import Results, Say
from vidtag.remote.addresses import Address, Place
from vidtag.remote.lease import Lease, leased
from vidtag.remote.objects import stored_below
from vidtag.remote.transfers import discard, fetch, store
from vidtag.remote.workfolders import remove_dead_folders, work_folder


@contextlib.contextmanager
def results_at(place: Place) -> Iterator[Results]:
    """Give the results of a batch; what is made of them here is removed behind the block, if they lie elsewhere.

    Raises:
        OutputError: there is no room for what has to be made here.
    """
    if isinstance(place, Path):
        yield Results(place)
        return
    with work_folder() as folder:
        named = folder / place.name
        named.mkdir()
        try:
            yield FarResults(place, named)
        finally:
            remove_dead_folders()  # of workers that were killed


class FarResults(Results):
    """Results at an address; one list of it is made, and kept up to date with what this run does.

    Args:
        address: of the results.
        folder: an empty one on this machine.
    """

    def __init__(self, address: Address, folder: Path) -> None:
        super().__init__(folder, address)
        self._address = address
        self._sizes: dict[str, int] = {}
        self._waiting: dict[Path, None] | None = None  # what is published later, in its order
        self._lease: Lease | None = None

    @contextlib.contextmanager
    def held(self, say: Say) -> Iterator[None]:
        """Hold a lease; see `vidtag.remote.lease`."""
        with leased(self._address, say) as self._lease:
            yield

    def refresh(self) -> None:
        """List what is there, and fetch the manifest."""
        start = len(self._address.path) + 1
        self._sizes = {stored.address.path[start:]: stored.size for stored in stored_below(self._address)}
        for name in (NAME, JOURNAL):
            if name in self._sizes:
                self.fetched(name)

    def size(self, below: str) -> int | None:
        """Look it up in the list."""
        return self._sizes.get(below)

    def fetched(self, below: str) -> Path:
        """Fetch a file, if it is not here yet."""
        path = self.folder / below
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.part")
            fetch(self._address / below, self._sizes.get(below, 0), part)
            part.rename(path)
        return path

    def publish(self, path: Path) -> None:
        """Store a file, or remove it if it is gone or empty. LockedError if another run may write there by now."""
        if self._waiting is not None:
            self._waiting[path] = None
            return
        if self._lease is not None:
            self._lease.check()
        below = str(path.relative_to(self.folder))
        if path.exists() and path.stat().st_size:
            store(path, self._address / below)
            self._sizes[below] = path.stat().st_size
        elif self._sizes.pop(below, None) is not None:
            discard(self._address / below)

    @contextlib.contextmanager
    def changing(self, below: str) -> Iterator[None]:
        """Hold the manifest back: it must not say of a file there what is true of the one here only.

        If the file cannot be published, nothing is any more, so that what lies there still goes together.
        """
        if below in self._sizes:
            self.fetched(below)
        self._waiting = {}
        try:
            yield
        finally:
            waiting, self._waiting = self._waiting, None
            try:
                self.publish(self.folder / below)
            except BaseException:
                self._waiting = waiting
                raise
            self._publish_all(waiting)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Hold back what is published in the block."""
        self._waiting = {}
        try:
            yield
        finally:
            waiting, self._waiting = self._waiting, None
            self._publish_all(waiting)

    def note(self, sizes: Mapping[str, int]) -> None:
        """Add files to the list; what was fetched of them is not what is there now."""
        for below, size in sizes.items():
            self._sizes[below] = size
            (self.folder / below).unlink(missing_ok=True)

    def remove(self, below: str) -> None:
        """Remove a file there, and what was fetched of it."""
        (self.folder / below).unlink(missing_ok=True)
        if self._sizes.pop(below, None) is not None:
            discard(self._address / below)

    def _publish_all(self, paths: Mapping[Path, None]) -> None:
        for path in paths:
            self.publish(path)
