"""Labelled video: a CSV that says who is on screen from when to when, to learn from and to measure against.

`clip,character,start,end,state`: clips count from the folder of the CSV; times are seconds (or `1:30`) from the clip's
first frame, half-open; the state is `present`, or `ignore` where nobody could tell. `*` is every character. What is
not listed is absent.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast, Character
from vidtag.errors import InputError, OptionError
from vidtag.times import parse_time

COLUMNS = ("clip", "character", "start", "end", "state")
PRESENT, IGNORE = "present", "ignore"
EVERYONE = "*"
SLACK = Fraction(1)  # seconds that a label may reach past the end of its clip: labels are good to about half of one


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledInterval:
    """One row: somebody is on screen, or may be, in `[start, end)` seconds of a clip.

    Attributes:
        clip: the video's file.
        character: an id, or `EVERYONE`.
        start, end: seconds from the clip's first frame, 0 <= start < end.
        state: `PRESENT`, or `IGNORE` where it is not known.
        place: file and line of the row, for messages.

    Raises:
        InputError: the end is not after the start, the state is neither of the two, or the id is none.
    """

    clip: Path
    character: str
    start: Fraction
    end: Fraction
    state: str
    place: str = "interval"

    def __post_init__(self) -> None:
        if self.state not in (PRESENT, IGNORE):
            raise InputError(f"{self.place}: the state must be {PRESENT} or {IGNORE}, got {self.state!r:.80}")
        if not 0 <= self.start < self.end:
            raise InputError(
                f"{self.place}: the end must lie after the start, got {float(self.start):g} to {float(self.end):g} s"
            )
        if self.character != EVERYONE:
            try:
                Character(self.character, "Somebody")
            except OptionError as error:
                raise InputError(f"{self.place}: {error}; {EVERYONE} means everyone") from None

    def check_within(self, duration: Fraction) -> None:
        """Refuse somebody present where the clip, of `duration` seconds, has no picture; `ignore` may reach past it.

        Raises:
            InputError: the interval begins after the end, or ends more than `SLACK` behind it.
        """
        if self.state == PRESENT and (self.start >= duration or self.end > duration + SLACK):
            raise InputError(
                f"{self.place}: {self.character} is present from {float(self.start):g} to {float(self.end):g} s, "
                f"but {self.clip.name} ends at {float(duration):.3f} s"
            )


def read_intervals(path: Path) -> list[LabelledInterval]:
    """Read labelled intervals, in the order of the file; empty lines are passed over.

    Raises:
        InputError: it is no CSV in UTF-8, a column is missing, a row is wrong, a clip is not there, or there is no row.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            intervals = list(_rows(path, csv.DictReader(lines)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path} cannot be read as CSV ({reason}); expected columns {','.join(COLUMNS)}") from error
    if not intervals:
        raise InputError(f"{path} holds no intervals; expected rows of {','.join(COLUMNS)}")
    return intervals


def clips_of(intervals: Sequence[LabelledInterval]) -> dict[Path, list[LabelledInterval]]:
    """Give the intervals of every clip, clips in the order in which they first come."""
    clips: dict[Path, list[LabelledInterval]] = {}
    for interval in intervals:
        clips.setdefault(interval.clip, []).append(interval)
    return clips


def named_cast(intervals: Sequence[LabelledInterval]) -> Cast:
    """Make the cast of everyone that the intervals name, sorted by id.

    Raises:
        InputError: they name nobody.
    """
    ids = sorted({interval.character for interval in intervals} - {EVERYONE})
    if not ids:
        raise InputError(f"the labelled intervals name nobody but {EVERYONE}; expected the id of a character")
    return Cast.of(*ids)


def check_cast(intervals: Sequence[LabelledInterval], cast: Cast) -> None:
    """Refuse intervals of somebody who is not in the cast.

    Raises:
        InputError: there is one; the message names the row.
    """
    for interval in intervals:
        if interval.character not in (*cast.ids, EVERYONE):
            known = ", ".join(cast.ids[:20])
            raise InputError(f"{interval.place}: {interval.character!r} is not in the cast: {known}")


def labels_at(
    intervals: Sequence[LabelledInterval], cast: Cast, seconds: Sequence[Fraction] | NDArray[np.float64]
) -> NDArray[np.float32]:
    """Say who is on screen at some instants of one clip.

    Args:
        intervals: of the clip, in any order; where one says present and another one ignore, it is ignored.
        cast: gives the columns.
        seconds: instants from the clip's first frame.

    Returns:
        (instants, characters) float32: 1 present, 0 absent, -1 ignored.
    """
    labels = np.zeros((len(seconds), len(cast)), np.float32)
    for interval in sorted(intervals, key=lambda interval: interval.state == IGNORE):
        rows = [interval.start <= instant < interval.end for instant in seconds]
        columns = [interval.character in (identity, EVERYONE) for identity in cast.ids]
        labels[np.ix_(rows, columns)] = 1 if interval.state == PRESENT else -1
    return labels


def _rows(path: Path, rows: "csv.DictReader[str]") -> Iterator[LabelledInterval]:
    found = [name.strip() for name in rows.fieldnames or ()]
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise InputError(
            f"{path}: the column {missing[0]} is missing; expected {','.join(COLUMNS)}, found {', '.join(found)}"
        )
    rows.fieldnames = found
    for row in rows:
        yield _interval(path, f"{path}, line {rows.line_num}", {name: (row[name] or "").strip() for name in COLUMNS})


def _interval(path: Path, place: str, row: dict[str, str]) -> LabelledInterval:
    clip = path.parent / row["clip"]
    if not row["clip"] or not clip.is_file():
        raise InputError(f"{place}: the clip {row['clip']!r} is not there; paths count from the folder of the CSV")
    try:
        start, end = parse_time(row["start"]), parse_time(row["end"])
    except OptionError as error:
        raise InputError(f"{place}: {error}") from None
    return LabelledInterval(
        clip=clip, character=row["character"], start=start, end=end, state=row["state"], place=place
    )
