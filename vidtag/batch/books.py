"""What is made over all episodes, from the score files that lie in the folder: so it is the same after any kill."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from vidtag.batch.entries import Entry
from vidtag.batch.keys import digest
from vidtag.batch.manifest import Manifest
from vidtag.batch.naming import natural
from vidtag.batch.targets import REPORTS, SCORES
from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, Row, presence_rows, save_csv, segment_rows
from vidtag.records.scorefiles import load_scores
from vidtag.season.episode import Episode

SEASON_CSV, SEGMENTS_CSV = "season.csv", "segments.csv"
BOOKS = (SEASON_CSV, SEGMENTS_CSV)

Season = Sequence[tuple[str, Entry]]


def season_of(out: Path, manifest: Manifest) -> Season:
    """List the episodes that are done and have their scores, in the order of their names."""
    season = [(name, entry) for name, entry in manifest.items() if entry.belongs_to_season(out)]
    return sorted(season, key=lambda pair: natural(pair[0]))


def load_episode(out: Path, name: str, entry: Entry) -> Episode:
    """Read an episode back from its score file, smoothed as its own reports are.

    Raises:
        InputError: the score file was damaged.
    """
    scores = load_scores(out / entry.files[SCORES][0].path)
    timeline = scores.timeline(smooth=entry.stages[REPORTS]["smooth"])
    return Episode(name=name, scores=scores, timeline=timeline, source=Path(entry.source))


def save_books(out: Path, manifest: Manifest) -> tuple[Path, ...]:
    """Write the files over all episodes, if any of them is missing or an episode has changed.

    Returns:
        What was written.

    Raises:
        InputError: a score file was damaged.
        OutputError: one cannot be written.
    """
    season = season_of(out, manifest)
    made_of = digest([[name, entry.source, entry.stages[REPORTS]] for name, entry in season])
    if made_of == manifest.books and all((out / book).is_file() for book in BOOKS):
        return ()
    written = (
        save_csv(PRESENCE_COLUMNS, _presence(out, season), out / SEASON_CSV, overwrite=True),
        save_csv(SEGMENT_COLUMNS, _segments(out, season), out / SEGMENTS_CSV, overwrite=True),
    )
    manifest.set_books(made_of)
    return written


def _presence(out: Path, season: Season) -> Iterator[Row]:
    for name, entry in season:
        episode = load_episode(out, name, entry)
        yield from presence_rows(name, episode.timeline, episode.scores.provenance.start)


def _segments(out: Path, season: Season) -> Iterator[Row]:
    for name, entry in season:
        yield from segment_rows(name, load_episode(out, name, entry).timeline)
