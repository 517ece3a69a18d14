"""A folder that gets many files at once: written aside, put in place together, the table last."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from vidtag.errors import OutputError
from vidtag.hiddenfiles import locked_folder, remove_dead_folders


class WholeFolder:
    """Collects files beside their places; `finish` gives them their names. Leaving the `with` block early drops them.

    Args:
        folder: where they go; made if it is missing, but not the folder above it.
        overwrite: whether files of the same names are replaced. Others stay in any case.
        last: name of the file that tells what the others are; it is put in place last.
    """

    def __init__(self, folder: Path, *, overwrite: bool, last: str) -> None:
        self.folder, self._overwrite, self._last = folder.absolute(), overwrite, last
        self._made = False

    def __enter__(self) -> Self:
        """Make the folder.

        Raises:
            OutputError: it cannot be made or takes no file, or the table is there and is not to be replaced.
        """
        if not self.folder.parent.is_dir():
            raise OutputError(f"the folder {self.folder.parent} does not exist; make it first or choose another output")
        if os.path.lexists(self.folder) and not self.folder.is_dir():
            raise OutputError(f"{self.folder} is a file; expected the name of a folder for the frames")
        self._check_free(self._last)
        with self._as_output_error():
            self._made = not self.folder.exists()
            self.folder.mkdir(exist_ok=True)
            remove_dead_folders(self.folder)
            self._held = locked_folder(self.folder)
            self._aside = self._held.__enter__()
        return self

    def add(self, name: str, data: bytes) -> None:
        """Write a file aside.

        Raises:
            OutputError: the disk refuses, or a file of that name is there and is not to be replaced.
        """
        self._check_free(name)
        with self._as_output_error():
            (self._aside / name).write_bytes(data)

    def finish(self) -> None:
        """Put all files in place, the table last.

        Raises:
            OutputError: as for `add`; no file is put in place if another one has come there meanwhile.
        """
        with self._as_output_error():
            names = sorted(path.name for path in self._aside.iterdir())
        for name in names:
            self._check_free(name)
        with self._as_output_error():
            for name in sorted(names, key=lambda name: name == self._last):
                (self._aside / name).replace(self.folder / name)

    def _check_free(self, name: str) -> None:
        target = self.folder / name
        if target.is_dir():
            raise OutputError(f"{target} is a folder; expected the name of a file to write")
        if os.path.lexists(target) and not self._overwrite:
            raise OutputError(f"{target} exists already; pass --overwrite to replace it or choose another folder")

    @contextlib.contextmanager
    def _as_output_error(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise OutputError(f"{self.folder} cannot be written ({reason}); choose another folder") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.__exit__(None, None, None)
        if self._made and error is not None:
            with contextlib.suppress(OSError):
                self.folder.rmdir()  # only if it is empty
