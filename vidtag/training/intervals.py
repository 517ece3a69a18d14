"""Labelled video as examples to learn from: frames of the clips, with what the intervals say about each instant."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidtag.cast import Cast
from vidtag.media.info import Part
from vidtag.media.probe import probe
from vidtag.media.stills import read_samples
from vidtag.records.intervals import LabelledInterval, check_cast, clips_of, labels_at, named_cast, read_intervals
from vidtag.training.dataset import Example

DEFAULT_RATE = Fraction(2)


def interval_frames(
    table: Path,
    cast: Cast | None = None,
    *,
    rate: Fraction = DEFAULT_RATE,
    longest_side_px: int,
    doubtful: bool = True,
) -> list[Example]:
    """Read frames of labelled clips into memory.

    Args:
        table: CSV of `clip,character,start,end,state`, see `vidtag.records.intervals`.
        cast: gives the columns; None for everyone whom the table names, sorted by id.
        rate: frames a second of film.
        longest_side_px: larger frames are shrunk to it.
        doubtful: whether frames are taken where somebody's state is `ignore`, with -1 for the label; those where
            everyone's is are never taken.

    Returns:
        The examples, clip by clip in the order of the table and by time. The group is the clip's path as it stands
        in the table; the path is the clip's with the time, such as `clip.mkv#t=12.25`.

    Raises:
        InputError: the table or a clip cannot be read, it names somebody who is not in the cast, or somebody is present
            past the end of a clip.
        DamagedError: a clip breaks off.
    """
    intervals = read_intervals(table)
    cast = cast or named_cast(intervals)
    check_cast(intervals, cast)
    frames = (
        example
        for clip, rows in clips_of(intervals).items()
        for example in _clip_frames(clip, _group(clip, table), rows, cast, rate, longest_side_px)
    )
    return [example for example in frames if (example.labels >= 0).all() or (doubtful and (example.labels >= 0).any())]


def _clip_frames(
    clip: Path, group: str, rows: Sequence[LabelledInterval], cast: Cast, rate: Fraction, longest_side_px: int
) -> Iterator[Example]:
    info = probe(clip)
    if info.promised_duration is not None:
        for row in rows:
            row.check_within(info.promised_duration)
    end = Fraction(0)
    for sample in read_samples(info, rate=rate, part=Part(), longest_px=longest_side_px):
        labels = labels_at(rows, cast, [sample.seconds])[0]
        path = clip.with_name(f"{clip.name}#t={float(sample.seconds):g}")
        yield Example(path, np.ascontiguousarray(sample.picture), labels, np.zeros((0, 5), np.float32), group)
        end = sample.seconds + 1 / rate
    for row in rows:
        row.check_within(end)


def _group(clip: Path, table: Path) -> str:
    """Give a clip's path as it stands in the table."""
    return (clip.relative_to(table.parent) if clip.is_relative_to(table.parent) else clip).as_posix()
