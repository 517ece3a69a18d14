"""How a character's part changes over a season: its share of each episode, smoothed, and of each third."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from vidtag.season.season import Season

Shares = tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """One character's part over the season.

    Attributes:
        character: the id.
        shares: screen time over length of each episode, in [0, 1]; None where nobody looked for the character.
        smooth: mean of each share and its neighbours on either side, where they are known.
        thirds: share of the first, the middle and the last third of the episodes, by length of film; None if unknown.
    """

    character: str
    shares: Shares
    smooth: Shares
    thirds: Shares

    @property
    def change(self) -> Fraction | None:
        """How much larger the share of the last third is than that of the first, in [-1, 1]; None if unknown."""
        first, _, last = self.thirds
        return None if first is None or last is None else last - first


def trends(season: Season) -> tuple[Trend, ...]:
    """Say for everyone in the cast how their part changes over the season."""
    return tuple(_trend(season, character) for character in season.cast.ids)


def moving_mean(shares: Sequence[Fraction | None]) -> Shares:
    """Give the mean of each value and its neighbour on either side; unknown ones stay unknown and count for nothing.

    >>> [float(value) for value in moving_mean([Fraction(0), Fraction(3), Fraction(6)])]
    [1.5, 3.0, 4.5]
    """
    return tuple(
        None if share is None else _mean([near for near in shares[max(0, place - 1) : place + 2] if near is not None])
        for place, share in enumerate(shares)
    )


def thirds_of(count: int) -> tuple[slice, slice, slice]:
    """Cut so many episodes into three parts whose sizes differ by one at most; the first and the last are alike.

    >>> [list(range(8))[part] for part in thirds_of(8)]
    [[0, 1, 2], [3, 4], [5, 6, 7]]
    """
    outer = (count + 1) // 3
    return slice(0, outer), slice(outer, count - outer), slice(count - outer, count)


def _trend(season: Season, character: str) -> Trend:
    presences = season.presences(character)
    shares = tuple(
        None if presence is None else presence.duration / (presence.end - presence.start) for presence in presences
    )
    thirds = []
    for part in thirds_of(len(presences)):
        known = [presence for presence in presences[part] if presence is not None]
        length = sum((presence.end - presence.start for presence in known), Fraction(0))
        thirds.append(sum((presence.duration for presence in known), Fraction(0)) / length if length else None)
    return Trend(character, shares, moving_mean(shares), tuple(thirds))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
