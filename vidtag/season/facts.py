"""Everything that a report of a season tells, computed once."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from vidtag.cast import Cast
from vidtag.season.appearances import Absence, Span, longest_absences, spans
from vidtag.season.season import Season
from vidtag.season.together import Together, together_over
from vidtag.season.totals import CharacterTotal, EpisodeTotal, character_totals, episode_totals, seconds_table
from vidtag.season.trend import Trend, trends

MOST_IN_MATRICES = 40  # characters; more of them make a map that nobody can read


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The figures of a season. Whatever has an entry a character goes by the season's cast.

    Attributes:
        season: what they are of.
        cast: the season's cast as it is shown, with names, colours and icons.
        characters: totals of each character.
        episodes: totals of each episode.
        seconds: screen time of each character (columns) in each episode (rows).
        together: of all pairs.
        spans: first and last appearance of each character.
        absences: the longest one of each who has one, longest first.
        trends: of each character.
    """

    season: Season
    cast: Cast
    characters: tuple[CharacterTotal, ...]
    episodes: tuple[EpisodeTotal, ...]
    seconds: tuple[tuple[Fraction | None, ...], ...]
    together: Together
    spans: tuple[Span, ...]
    absences: tuple[Absence, ...]
    trends: tuple[Trend, ...]

    @property
    def ranking(self) -> tuple[int, ...]:
        """Places in the cast of those who appear at all, longest on screen first."""
        seen = [place for place, total in enumerate(self.characters) if total.appearances]
        return tuple(sorted(seen, key=lambda place: -self.characters[place].seconds))

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Places in the cast of each two who are on screen together, longest first."""
        scenes, seconds = self.together.scenes, self.together.seconds
        met = [(a, b) for a, b in combinations(self.ranking, 2) if scenes[a][b]]
        return tuple(sorted(met, key=lambda pair: -seconds[pair[0]][pair[1]]))

    @property
    def leading(self) -> tuple[int, ...]:
        """The first of the ranking, as many as a matrix has room for."""
        return self.ranking[:MOST_IN_MATRICES]


def gather(season: Season, cast: Cast) -> Facts:
    """Compute all figures of a season.

    Args:
        season: its episodes.
        cast: the season's cast with looks, in the same order.
    """
    return Facts(
        season=season,
        cast=cast,
        characters=character_totals(season),
        episodes=episode_totals(season),
        seconds=seconds_table(season),
        together=together_over(season),
        spans=spans(season),
        absences=longest_absences(season),
        trends=trends(season),
    )
