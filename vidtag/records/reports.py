"""CSV for people and programs: screen time a character, and every interval. Seconds have 3 decimals, shares 4.

Where nothing is known of stretches of a film, they have a row of their own under `UNKNOWN`, which is no character's id.
"""

import csv
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TextIO

from vidtag.analysis.screentime import ScreenTime, screen_times
from vidtag.timeline import Presence, Timeline
from vidtag.wholefile import check_target, whole_file

PRESENCE_COLUMNS = ("episode", "character", "screen_time_s", "share", "appearances", "first_s", "last_s", "longest_s")
SEGMENT_COLUMNS = ("episode", "character", "start_s", "end_s")
UNKNOWN = "(unknown)"

Row = tuple[str | int, ...]


def readable(name: Path | str) -> str:
    """Give a path or a part of one as text that can be written; bytes that are no text become U+FFFD."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def episode_name(path: Path) -> str:
    """Give a file's name without its suffix, for the first column; see `readable`."""
    return readable(path.stem)


def presence_rows(episode: str, timeline: Timeline, start: Fraction = Fraction(0)) -> Iterator[Row]:
    """Give a row a character in cast order; first and last are empty for one who never appears.

    Shares are of what is known; that of what is not, in the last row, is of all that was looked at.

    Args:
        episode: name for the first column.
        timeline: of the episode.
        start: as in `screen_times`.
    """
    for entry in screen_times(timeline, start):
        yield (episode, entry.character, *_figures(entry))
    if timeline.unknown:
        yield (episode, UNKNOWN, *_unknown_figures(timeline))


def _figures(entry: ScreenTime) -> tuple[str | int, ...]:
    return (
        _seconds(entry.seconds),
        f"{float(entry.share):.4f}",
        entry.appearances,
        _seconds(entry.first),
        _seconds(entry.last),
        _seconds(entry.longest),
    )


def _unknown_figures(timeline: Timeline) -> tuple[str | int, ...]:
    gone = Presence(timeline.unknown, timeline.end, timeline.start)
    first, last, longest = gone.intervals[0].start, gone.intervals[-1].end, max(interval.duration for interval in gone)
    share = float(gone.duration / (timeline.end - timeline.start))
    return (_seconds(gone.duration), f"{share:.4f}", len(gone), _seconds(first), _seconds(last), _seconds(longest))


def segment_rows(episode: str, timeline: Timeline) -> Iterator[Row]:
    """Give a row an interval, by character in cast order and then by time; what is not known comes last."""
    for character, presence in zip(timeline.cast, timeline.presences, strict=True):
        for interval in presence:
            yield (episode, character.id, _seconds(interval.start), _seconds(interval.end))
    for interval in timeline.unknown:
        yield (episode, UNKNOWN, _seconds(interval.start), _seconds(interval.end))


def write_csv(columns: tuple[str, ...], rows: Iterable[Row], stream: TextIO) -> None:
    """Write a header and rows, lines ended by a newline alone."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def save_csv(columns: tuple[str, ...], rows: Iterable[Row], target: Path, *, overwrite: bool = False) -> Path:
    """Write a CSV file, whole or not at all, and give its absolute path.

    Raises:
        OutputError: the target exists and may not be replaced, or it cannot be written.
    """
    target = check_target(target, overwrite=overwrite)
    with (
        whole_file(target, overwrite=overwrite) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        write_csv(columns, rows, stream)
    return target


def _seconds(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):.3f}"
