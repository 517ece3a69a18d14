"""Who appears with whom: seconds and scenes together, and seconds alone.

A scene of two characters is an interval of `a & b`, the intersection of their presences: it begins when both are there
and ends when one leaves. Here it is counted for all pairs at once, on the stretches between two changes of anybody.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.season.season import Season
from vidtag.timeline import Timeline

Table = tuple[tuple[Fraction, ...], ...]
Counts = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Figures of every pair of a cast: row and column are places in the cast, and [a][b] equals [b][a].

    Attributes:
        seconds: with both on screen; on the diagonal the screen time of one.
        scenes: intervals with both on screen; on the diagonal the appearances of one.
        alone: seconds in which nobody else of the cast is on screen.
        episodes: in how many episodes both are on screen at once; on the diagonal, in how many one appears.
    """

    seconds: Table
    scenes: Counts
    alone: tuple[Fraction, ...]
    episodes: Counts


def together_in(timeline: Timeline) -> Together:
    """Count who is with whom in one episode, in the order of its cast.

    Holds a bool for every character and every change of anybody.
    """
    lengths, there, ticks = _stretches(timeline)
    both = there[1:] & there[:-1]  # who stays from one stretch to the next: a scene that goes on is no new one
    seconds = there.T @ (there * lengths[:, np.newaxis])
    scenes = there.astype(np.int64).T @ there - both.astype(np.int64).T @ both
    only = there & (there.sum(axis=1) == 1)[:, np.newaxis]
    alone = (only * lengths[:, np.newaxis]).sum(axis=0)
    return Together(
        seconds=tuple(tuple(Fraction(int(value), ticks) for value in row) for row in seconds),
        scenes=_counts(scenes),
        alone=tuple(Fraction(int(value), ticks) for value in alone),
        episodes=_counts(scenes > 0),
    )


def together_over(season: Season) -> Together:
    """Sum up who is with whom in all episodes, in the order of the season's cast."""
    size = len(season.cast)
    places = {identity: place for place, identity in enumerate(season.cast.ids)}
    seconds, alone = np.full((size, size), Fraction(0)), np.full(size, Fraction(0))
    scenes, episodes = np.zeros((size, size), np.int64), np.zeros((size, size), np.int64)
    for episode in season.episodes:
        found = together_in(episode.timeline)
        columns = [places[identity] for identity in episode.timeline.cast.ids]
        grid = np.ix_(columns, columns)
        seconds[grid] += np.array(found.seconds, dtype=object)
        alone[columns] += np.array(found.alone, dtype=object)
        scenes[grid] += np.array(found.scenes)
        episodes[grid] += np.array(found.episodes)
    return Together(tuple(map(tuple, seconds)), _counts(scenes), tuple(alone), _counts(episodes))


def _stretches(timeline: Timeline) -> tuple[NDArray[Any], NDArray[np.bool_], int]:
    """Cut a timeline where anybody comes or goes.

    Returns:
        (stretches,) length of each in ticks, (stretches, characters) bool who is there, and the ticks of a second.
    """
    edges = {timeline.start, timeline.end}
    edges |= {
        edge for presence in timeline.presences for interval in presence for edge in (interval.start, interval.end)
    }
    ordered = sorted(edges)
    place = {edge: number for number, edge in enumerate(ordered)}
    ticks = lcm(*(edge.denominator for edge in ordered))
    whole = [edge.numerator * (ticks // edge.denominator) for edge in ordered]
    fits = len(whole) * whole[-1] < 1 << 62  # else Python's numbers, which are slower and have no end
    there = np.zeros((len(ordered) - 1, len(timeline.cast)), np.bool_)
    for column, presence in enumerate(timeline.presences):
        for interval in presence:
            there[place[interval.start] : place[interval.end], column] = True
    return np.diff(np.array(whole, np.int64 if fits else object)), there, ticks


def _counts(table: NDArray[Any]) -> Counts:
    return tuple(tuple(int(value) for value in row) for row in table)
