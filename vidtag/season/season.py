"""A season: its episodes in the order in which they are told, and everyone who is looked for in any of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vidtag.cast import Cast, Character
from vidtag.errors import UsageError
from vidtag.season.episode import Episode
from vidtag.timeline import Presence


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """Episodes of one cast, or of several that share some characters.

    Attributes:
        episodes: in the order in which they are told, at least one, each with a name of its own.
        cast: everyone whom a network looked for in any of them; their columns need not be those of an episode's cast.

    Raises:
        UsageError: no episode, or two of one name.
    """

    episodes: tuple[Episode, ...]
    cast: Cast

    def __post_init__(self) -> None:
        if not self.episodes:
            raise UsageError("a season needs at least one episode; give score files (.npz) or a folder that holds some")
        twice = [name for name, count in Counter(episode.name for episode in self.episodes).items() if count > 1]
        if twice:
            raise UsageError(f"every episode of a season needs a name of its own, got twice: {', '.join(twice[:5])}")

    @classmethod
    def of(cls, episodes: Sequence[Episode]) -> "Season":
        """Put episodes together; the cast is in the order in which they name it first."""
        return cls(tuple(episodes), joined_cast(episode.timeline.cast for episode in episodes) if episodes else _NOBODY)

    @property
    def length(self) -> Fraction:
        """Seconds of film that were looked at in all episodes together."""
        return sum((length_of(episode) for episode in self.episodes), Fraction(0))

    def presences(self, character: str) -> tuple[Presence | None, ...]:
        """Give a character's presence in each episode, None where the network did not look for it."""
        return tuple(presence_in(episode, character) for episode in self.episodes)


_NOBODY = Cast.of("nobody")


def joined_cast(casts: Iterable[Cast]) -> Cast:
    """Give everyone of several casts once, as the first one to name them does.

    >>> joined_cast([Cast.of("anna", "ben"), Cast.of("ben", "cleo")]).ids
    ('anna', 'ben', 'cleo')
    """
    known: dict[str, Character] = {}
    for character in (character for cast in casts for character in cast):
        known.setdefault(character.id, character)
    return Cast(tuple(known.values()))


def length_of(episode: Episode) -> Fraction:
    """Give the seconds of an episode that were looked at, > 0."""
    return episode.timeline.end - episode.timeline.start


def presence_in(episode: Episode, character: str) -> Presence | None:
    """Give a character's presence in an episode, None where the network did not look for it."""
    return episode.timeline[character] if character in episode.timeline.cast.ids else None
