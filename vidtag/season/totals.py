"""What a season adds up to: for each character over all episodes, and for each episode over all characters."""

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import or_

from vidtag.season.episode import Episode
from vidtag.season.season import Season, length_of, presence_in


@dataclass(frozen=True, slots=True)
class CharacterTotal:
    """One character's part in a season.

    Attributes:
        character: the id.
        seconds: screen time in all episodes.
        looked_at: length of the episodes in which it was looked for, in seconds.
        episodes: in how many it appears.
        appearances: number of intervals in all of them.
        longest: length of the longest interval in seconds, 0 if there is none.
    """

    character: str
    seconds: Fraction
    looked_at: Fraction
    episodes: int
    appearances: int
    longest: Fraction

    @property
    def share(self) -> Fraction:
        """Screen time over the length looked at, in [0, 1]."""
        return self.seconds / self.looked_at


@dataclass(frozen=True, slots=True)
class EpisodeTotal:
    """What one episode holds.

    Attributes:
        name: of the episode.
        length: seconds that were looked at.
        somebody: seconds with anybody of the cast on screen.
        characters: how many appear.
        appearances: number of intervals of all characters.
        most: id of who is longest on screen, the first in the cast of several; None if nobody appears.
    """

    name: str
    length: Fraction
    somebody: Fraction
    characters: int
    appearances: int
    most: str | None


def character_totals(season: Season) -> tuple[CharacterTotal, ...]:
    """Sum up every character of a season, in the order of its cast."""
    return tuple(_character_total(season, character) for character in season.cast.ids)


def episode_totals(season: Season) -> tuple[EpisodeTotal, ...]:
    """Sum up every episode of a season, in their order."""
    return tuple(_episode_total(episode) for episode in season.episodes)


def seconds_table(season: Season) -> tuple[tuple[Fraction | None, ...], ...]:
    """Give the screen time of every character (columns, as in the cast) in every episode (rows), in seconds.

    None where an episode was not looked through for the character.
    """
    return tuple(
        tuple(
            None if (presence := presence_in(episode, character)) is None else presence.duration
            for character in season.cast.ids
        )
        for episode in season.episodes
    )


def _character_total(season: Season, character: str) -> CharacterTotal:
    presences = [presence for presence in season.presences(character) if presence is not None]
    return CharacterTotal(
        character=character,
        seconds=sum((presence.duration for presence in presences), Fraction(0)),
        looked_at=sum((presence.end - presence.start for presence in presences), Fraction(0)),
        episodes=sum(bool(presence.intervals) for presence in presences),
        appearances=sum(len(presence) for presence in presences),
        longest=max((interval.duration for presence in presences for interval in presence), default=Fraction(0)),
    )


def _episode_total(episode: Episode) -> EpisodeTotal:
    timeline = episode.timeline
    seconds = [presence.duration for presence in timeline.presences]
    most = timeline.cast.ids[seconds.index(max(seconds))] if any(seconds) else None
    return EpisodeTotal(
        name=episode.name,
        length=length_of(episode),
        somebody=reduce(or_, timeline.presences).duration,
        characters=sum(bool(value) for value in seconds),
        appearances=sum(len(presence) for presence in timeline.presences),
        most=most,
    )
