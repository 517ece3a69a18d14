"""What is made over all episodes, from the score files that lie in the folder: so it is the same after any kill."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import overload

from vidtag.batch.entries import Entry
from vidtag.batch.keys import digest
from vidtag.batch.manifest import Manifest
from vidtag.batch.naming import natural
from vidtag.batch.targets import REPORTS, SCORES
from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, presence_rows, readable, save_csv, segment_rows
from vidtag.records.scorefiles import load_scores
from vidtag.season.episode import Episode
from vidtag.season.html import save_report


class SeasonOnDisk(Sequence[Episode]):
    """The episodes of a batch that have reports, in the order of their names; each is read when it is asked for.

    Args:
        out: folder of the batch.
        manifest: of that folder.

    Raises:
        InputError: on reading an episode whose score file was damaged.
    """

    def __init__(self, out: Path, manifest: Manifest) -> None:
        season = [(name, entry) for name, entry in manifest.items() if entry.belongs_to_season(out)]
        self._out = out
        self._entries: dict[str, Entry] = dict(sorted(season, key=lambda pair: natural(pair[0])))
        self._names = list(self._entries)

    @property
    def digests(self) -> Mapping[str, str]:
        """What everything over all episodes depends on: a digest of each by its name, in their order."""
        return {name: digest([name, entry.source, entry.stages[REPORTS]]) for name, entry in self._entries.items()}

    def named(self, name: str) -> Episode:
        """Read an episode by its name; KeyError if it does not belong to the season."""
        return self._load(name, self._entries[name])

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> Episode: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Episode]: ...
    def __getitem__(self, place: int | slice) -> Episode | Sequence[Episode]:
        if isinstance(place, slice):
            return [self.named(name) for name in self._names[place]]
        return self.named(self._names[place])

    def _load(self, name: str, entry: Entry) -> Episode:
        scores = load_scores(self._out / entry.files[SCORES][0].path)
        timeline = scores.timeline(smooth=entry.stages[REPORTS]["smooth"])
        return Episode(name=name, scores=scores, timeline=timeline, source=Path(entry.source))


Complain = Callable[[str], None]
"""Called with a line for what has to be left out."""

Book = Callable[[Sequence[Episode], Path, Complain], None]
"""Writes a file over all episodes, of which there is at least one, whole or not at all."""


def save_presence(season: Sequence[Episode], target: Path, _complain: Complain) -> None:
    """Write a row an episode and character."""
    rows = (row for each in season for row in presence_rows(each.name, each.timeline, each.scores.provenance.start))
    save_csv(PRESENCE_COLUMNS, rows, target, overwrite=True)


def save_segments(season: Sequence[Episode], target: Path, _complain: Complain) -> None:
    """Write a row an interval."""
    rows = (row for each in season for row in segment_rows(each.name, each.timeline))
    save_csv(SEGMENT_COLUMNS, rows, target, overwrite=True)


def save_page(season: Sequence[Episode], target: Path, complain: Complain) -> None:
    """Write the report as a page."""
    save_report(season, target, title=target.parent.name or "season", overwrite=True, tell=complain)


BOOKS: Mapping[str, Book] = {"season.csv": save_presence, "segments.csv": save_segments, "report.html": save_page}
"""The files over all episodes that are written anew, by name, and what writes each."""

CATALOGUE = "season.duckdb"


def save_books(out: Path, manifest: Manifest, complain: Complain) -> tuple[Path, ...]:
    """Write the files over all episodes, if any of them is missing or an episode has changed; none without episodes.

    Args:
        out: folder of the batch.
        manifest: of that folder, which is changed.
        complain: called with a line for what has to be left out.

    Returns:
        What was written.

    Raises:
        InputError: a score file was damaged.
        OutputError: one cannot be written.
    """
    season = SeasonOnDisk(out, manifest)
    made_of = digest(list(season.digests.values()))
    targets = tuple(out / name for name in (*BOOKS, CATALOGUE)) if len(season) else ()
    if made_of == manifest.books and all(target.is_file() for target in targets):
        return ()
    for target, write in zip(targets, BOOKS.values(), strict=False):
        write(season, target, complain)
    update_catalogue(out, manifest, season)
    for name in BOOKS if not targets else ():
        (out / name).unlink(missing_ok=True)
    manifest.set_books(made_of)
    return targets


def update_catalogue(out: Path, manifest: Manifest, season: SeasonOnDisk) -> None:
    """Put episodes that have changed into the catalogue, and take out those that no longer belong to the season.

    The season that an episode has there is the folder in its name, or else the folder of the batch.
    """
    from vidtag.season.catalogue import Catalogue  # imports DuckDB, which nothing else here needs

    path, wanted = out / CATALOGUE, season.digests
    known = manifest.catalogued if path.is_file() else {}
    if known == wanted and not path.with_name(f"{CATALOGUE}.wal").exists():  # a run was killed before it closed it
        return
    with Catalogue.open(path) as catalogue:
        for name in sorted(manifest.catalogued.keys() - wanted.keys()):
            catalogue.remove(_season_name(out, name), name)
            manifest.set_catalogued(name, None)
        for name, made_of in wanted.items():
            if known.get(name) != made_of:
                catalogue.put(_season_name(out, name), season.named(name))
                manifest.set_catalogued(name, made_of)


def _season_name(out: Path, name: str) -> str:
    return name.rpartition("/")[0] or readable(out.name) or "season"
