"""What is made over all episodes, from the score files that lie in the folder: so it is the same after any kill."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import overload

from vidtag.batch.cataloguing import CATALOGUE, update_catalogue
from vidtag.batch.entries import Entry
from vidtag.batch.keys import digest
from vidtag.batch.manifest import Manifest
from vidtag.batch.results import Results
from vidtag.batch.targets import REPORTS, SCORES
from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, presence_rows, save_csv, segment_rows
from vidtag.records.scorefiles import load_scores
from vidtag.remote.addresses import is_address
from vidtag.season.episode import Episode
from vidtag.season.html import save_report
from vidtag.season.naming import natural


class SeasonOnDisk(Sequence[Episode]):
    """The episodes of a batch that have reports, in the order of their names; each is read when it is asked for.

    Args:
        results: of the batch.
        manifest: of these results.

    Raises:
        InputError: on reading an episode whose score file was damaged.
    """

    def __init__(self, results: Results, manifest: Manifest) -> None:
        season = [(name, entry) for name, entry in manifest.items() if entry.belongs_to_season(results.size)]
        self._results = results
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
        scores = load_scores(self._results.fetched(entry.files[SCORES][0].path))
        timeline = scores.timeline(smooth=entry.stages[REPORTS]["smooth"])
        source = None if is_address(entry.source) else Path(entry.source)  # to look again, it would have to be fetched
        return Episode(name=name, scores=scores, timeline=timeline, source=source)


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


def save_books(results: Results, manifest: Manifest, complain: Complain) -> tuple[Path, ...]:
    """Write the files over all episodes, if any of them is missing or an episode has changed; none without episodes.

    Args:
        results: of the batch.
        manifest: of these results, which is changed.
        complain: called with a line for what has to be left out.

    Returns:
        What was written.

    Raises:
        InputError: a score file was damaged.
        OutputError: one cannot be written.
    """
    out = results.folder
    season = SeasonOnDisk(results, manifest)
    made_of = digest([out.name, *season.digests.values()])  # the page and the catalogue tell the folder's name
    targets = tuple(out / name for name in (*BOOKS, CATALOGUE)) if len(season) else ()
    if made_of == manifest.books and all(results.size(target.name) is not None for target in targets):
        return ()
    for target, write in zip(targets, BOOKS.values(), strict=False):
        write(season, target, complain)
        results.publish(target)
    update_catalogue(results, manifest, season.digests, season.named)
    for name in BOOKS if not targets else ():
        results.remove(name)
    manifest.set_books(made_of)
    return targets
