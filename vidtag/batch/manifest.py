"""The manifest: what was made of which film and how, and why something failed.

manifest.json      everything, written whole when a run begins and ends, and from time to time
manifest.journal   a line of JSON for every change since; folded into manifest.json, and removed when a run ends

So a change costs one flushed line, however many episodes there are, and whenever a run is killed, both together are
whole: a last line that is cut off was never said.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from vidtag.batch.entries import Entry
from vidtag.errors import InputError, OutputError
from vidtag.refusals import refusal
from vidtag.version import __version__
from vidtag.wholefile import whole_file

NAME, JOURNAL = "manifest.json", "manifest.journal"
FORMAT = 1
_CHANGES = ({"episode", "entry"}, {"books"}, {"catalogued", "held"})  # the keys of a line
_NAMES = ("episode", "catalogued")  # those of them whose values are names of episodes
LEAST_LINES = 64  # of a journal before it is folded


Held = tuple[str, str]


class Manifest:
    """The manifest of a batch. One process writes it at a time: whoever holds the lock of the folder.

    Attributes:
        books: digest of what the files over all episodes were made of; empty if they were not.
        catalogued: what the catalogue holds, by the episode's name: its season there, and a digest of what it was made
            of, empty while it is being put.

    Args:
        folder: of the batch.
        entries: by the episode's name.
        books: see above.
        catalogued: see above.
    """

    def __init__(
        self, folder: Path, entries: Mapping[str, Entry], books: str = "", catalogued: Mapping[str, Held] | None = None
    ) -> None:
        self._folder, self._entries, self.books = folder, dict(entries), books
        self.catalogued = dict(catalogued or {})
        self._publish: Callable[[Path], None] = lambda _path: None
        self._journal: BinaryIO | None = None
        self._lines = 0

    @classmethod
    def load(cls, folder: Path, publish: Callable[[Path], None] = lambda _path: None) -> "Manifest":
        """Read the manifest of a folder, empty if there is none, with what its journal adds.

        Args:
            folder: of the batch.
            publish: called with the path of each of its files whenever that has changed, or is gone.

        Raises:
            InputError: it is no manifest of a batch, or of another format.
        """
        manifest = _read(folder)
        for line in _journal_lines(folder):
            manifest._apply(line)
        manifest._publish = publish
        return manifest

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Allow for changes in the block; all of them are in manifest.json behind it.

        Raises:
            OutputError: it cannot be written.
        """
        self._fold()
        try:
            yield
        finally:
            self._fold()
            assert self._journal is not None
            self._journal.close()
            self._journal = None
            (self._folder / JOURNAL).unlink(missing_ok=True)
            self._publish(self._folder / JOURNAL)

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def get(self, name: str) -> Entry | None:
        """Give the entry of an episode, or None."""
        return self._entries.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def items(self) -> list[tuple[str, Entry]]:
        """Give names and entries."""
        return list(self._entries.items())

    def put(self, name: str, entry: Entry) -> None:
        """Add or replace an episode; it is on the disk when this returns."""
        self._write({"episode": name, "entry": entry.to_json()})

    def forget(self, name: str) -> None:
        """Take an episode out."""
        self._write({"episode": name, "entry": None})

    def set_books(self, books: str) -> None:
        """Note what the files over all episodes were made of."""
        self._write({"books": books})

    def set_catalogued(self, name: str, held: Held | None) -> None:
        """Note what the catalogue holds of an episode, None for nothing."""
        self._write({"catalogued": name, "held": held})

    def _write(self, change: Mapping[str, Any]) -> None:
        self._apply(change)
        assert self._journal is not None, "changes need `writing`"
        try:
            self._journal.write(json.dumps(change).encode() + b"\n")
            self._journal.flush()
            os.fsync(self._journal.fileno())
        except OSError as error:
            raise OutputError(refusal(self._folder / JOURNAL, error)) from error
        self._publish(self._folder / JOURNAL)
        self._lines += 1
        if self._lines > max(LEAST_LINES, len(self._entries) // 4):
            self._fold()

    def _apply(self, change: Mapping[str, Any]) -> None:
        if "books" in change:
            self.books = str(change["books"])
        elif "catalogued" in change and change["held"] is None:
            self.catalogued.pop(change["catalogued"], None)
        elif "catalogued" in change:
            self.catalogued[change["catalogued"]] = _held(change["held"])
        elif change["entry"] is None:
            self._entries.pop(change["episode"], None)
        else:
            self._entries[change["episode"]] = Entry.from_json(change["entry"])

    def _fold(self) -> None:
        """Write manifest.json, then begin the journal again: in between, the lines say what is known already."""
        episodes = {name: self._entries[name].to_json() for name in sorted(self._entries)}
        value = {"format": FORMAT, "version": __version__, "books": self.books, "episodes": episodes}
        value["catalogued"] = {name: self.catalogued[name] for name in sorted(self.catalogued)}
        with whole_file(self._folder / NAME) as temporary:
            temporary.write_text(json.dumps(value, indent=1) + "\n", encoding="ascii")
        self._publish(self._folder / NAME)
        try:
            if self._journal is not None:
                self._journal.close()
            self._journal = (self._folder / JOURNAL).open("wb")
        except OSError as error:
            raise OutputError(refusal(self._folder / JOURNAL, error)) from error
        self._publish(self._folder / JOURNAL)
        self._lines = 0


def _read(folder: Path) -> Manifest:
    path = folder / NAME
    if not path.exists():
        return Manifest(folder, {})
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["format"] != FORMAT:
            raise InputError(f"{path} has format {value['format']!r:.80}, expected {FORMAT}; choose another output")
        entries = {name: Entry.from_json(entry) for name, entry in value["episodes"].items()}
        catalogued = {name: _held(held) for name, held in value["catalogued"].items()}
        return Manifest(folder, entries, str(value["books"]), catalogued)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{path} is not the manifest of a batch ({type(error).__name__}: {error}); remove it and pass --overwrite "
            "to do everything again, or choose another output"
        ) from error


def _held(value: Sequence[str]) -> Held:
    season, made_of = value
    return str(season), str(made_of)


def _journal_lines(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Give the changes of a journal up to the first line that is not whole."""
    try:
        lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{folder / JOURNAL} cannot be read ({error.strerror}); check its permissions") from error
    for line in lines:
        try:
            change = json.loads(line)
            if not line.endswith(b"\n") or not any(keys <= set(change) for keys in _CHANGES):
                return
            if not all(isinstance(change.get(key, ""), str) for key in _NAMES):
                return
            if change.get("entry") is not None:
                Entry.from_json(change["entry"])
            if change.get("held") is not None:
                _held(change["held"])
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return
        yield change
