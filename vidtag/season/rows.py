"""An episode as rows of a catalogue: whole numbers and arrays, before any database is touched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import ShapeError
from vidtag.records.reports import readable
from vidtag.season.episode import Episode
from vidtag.season.ticks import Clock

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rows:
    """What a catalogue keeps of an episode.

    Attributes:
        facts: the columns of `episodes` that need no arithmetic, by name.
        names: for people, one a character.
        samples: arrays of equal length, character by character: `position` in the cast, `sample`, `time_s`, `score`,
            `present`.
        intervals: arrays of equal length, character by character: `position`, `start_tick`, `end_tick`.
    """

    facts: dict[str, Any]
    names: list[str]
    samples: Arrays
    intervals: Arrays


def rows_of(season: str, episode: Episode) -> Rows:
    """Turn an episode into rows.

    Raises:
        ShapeError: scores and timeline are not of one cast and one part, or a name is empty.
        LimitError: its times are too fine to be counted in 64 bits.
    """
    scores, timeline = episode.scores, episode.timeline
    origin = scores.provenance
    if scores.cast.ids != timeline.cast.ids or (origin.start, origin.end) != (timeline.start, timeline.end):
        raise ShapeError(f"{episode.name}: expected scores and a timeline of one cast and one part of the episode")
    if not season or not episode.name:
        raise ShapeError(f"a catalogue needs names, got season {season!r} and episode {episode.name!r}")
    clock = Clock.of(_times(episode))
    intervals = _intervals(episode, clock)
    return Rows(
        facts=_facts(season, episode, clock),
        names=list(scores.cast.names),
        samples=_samples(episode, clock, intervals),
        intervals=intervals,
    )


def sort_key(name: str) -> str:
    """Pad the numbers in a name, so that texts sort as people count.

    >>> sorted(["E10", "E2"], key=sort_key)
    ['E2', 'E10']
    """
    return re.sub(r"\d+", lambda number: number[0].zfill(12), name)


def _times(episode: Episode) -> Iterator[Fraction]:
    """Give all times of an episode, the middles of its samples among them."""
    origin = episode.scores.provenance
    yield from (origin.start, origin.end, 1 / (2 * origin.rate))
    for presence in episode.timeline.presences:
        for interval in presence:
            yield from (interval.start, interval.end)


def _facts(season: str, episode: Episode, clock: Clock) -> dict[str, Any]:
    scores = episode.scores
    origin, name = scores.provenance, readable(episode.name)
    told = ("frames", "size", "fingerprint", "model", "digest", "backend", "version")
    return {
        "season": readable(season),
        "episode": name,
        "sort_key": sort_key(name),
        "tick_rate": clock.rate,
        "start_tick": clock.ticks(origin.start),
        "end_tick": clock.ticks(origin.end),
        "start_s": float(origin.start),
        "end_s": float(origin.end),
        "rate": str(origin.rate),
        "samples": len(scores.values),
        "characters": list(scores.cast.ids),
        "thresholds": scores.thresholds.tolist(),
        "source": readable(origin.source),
        **{key: getattr(origin, key) for key in told},
    }


def _intervals(episode: Episode, clock: Clock) -> Arrays:
    found = [
        (position, clock.ticks(interval.start), clock.ticks(interval.end))
        for position, presence in enumerate(episode.timeline.presences)
        for interval in presence
    ]
    table = np.array(found, np.int64).reshape(-1, 3)
    return {
        name: np.ascontiguousarray(table[:, column])
        for column, name in enumerate(("position", "start_tick", "end_tick"))
    }


def _samples(episode: Episode, clock: Clock, intervals: Arrays) -> Arrays:
    """Lay the samples out character by character, which packs well: most scores of one character are alike."""
    scores = episode.scores
    count, cast = scores.values.shape
    return {
        "position": np.repeat(np.arange(cast, dtype=np.int32), count),
        "sample": np.tile(np.arange(count, dtype=np.int32), cast),
        "time_s": np.tile(scores.times, cast),
        "score": np.ascontiguousarray(scores.values.T).ravel(),
        "present": np.concatenate(_present(episode, clock, intervals)),
    }


def _present(episode: Episode, clock: Clock, intervals: Arrays) -> list[NDArray[np.bool_]]:
    """Say for the instant of every sample whether a character is there: (samples,) bool, one a character.

    The instant is the middle of the slot; where that lies past the end, the last tick before the end.
    """
    origin = episode.scores.provenance
    half = clock.ticks(1 / (2 * origin.rate))
    numbers = np.arange(len(episode.scores.values), dtype=np.int64)
    instants = np.minimum(clock.ticks(origin.start) + half * (2 * numbers + 1), clock.ticks(origin.end) - 1)
    present = []
    for position in range(len(episode.timeline.cast)):
        mine = intervals["position"] == position
        edges = np.stack([intervals["start_tick"][mine], intervals["end_tick"][mine]], axis=1).ravel()
        present.append(np.searchsorted(edges, instants, side="right") % 2 == 1)
    return present
