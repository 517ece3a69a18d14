"""When each character is seen first and last, and how long it stays away in between."""

from dataclasses import dataclass
from fractions import Fraction

from vidtag.season.season import Season


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant of a season.

    Attributes:
        episode: its place in the season, from 0.
        seconds: from the first frame of the episode.
    """

    episode: int
    seconds: Fraction


@dataclass(frozen=True, slots=True)
class Span:
    """A character's way through a season.

    Attributes:
        character: the id.
        first: when it is seen first; None if it never appears.
        last: when it is seen last, the end of its last interval; None if it never appears.
    """

    character: str
    first: Moment | None
    last: Moment | None


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch of film without a character, between two of its appearances.

    Attributes:
        character: the id.
        gone: when it was last seen before.
        back: when it is seen again.
        seconds: of film in between, the episodes told one after the other; those that did not look for it left out.
        missed: episodes in between in which it does not appear at all.
    """

    character: str
    gone: Moment
    back: Moment
    seconds: Fraction
    missed: int


def spans(season: Season) -> tuple[Span, ...]:
    """Say for everyone in the cast when they are seen first and last."""
    return tuple(_span(season, character) for character in season.cast.ids)


def absences(season: Season, character: str) -> tuple[Absence, ...]:
    """List the stretches without a character between its appearances, in their order; none before the first."""
    found: list[Absence] = []
    gone: Moment | None = None
    away, missed = Fraction(0), 0  # since it was last seen, up to the begin of the episode
    for number, presence in enumerate(season.presences(character)):
        if presence is None:
            continue
        seen_until = presence.start
        for interval in presence:
            if gone is not None:
                back = Moment(number, interval.start)
                found.append(Absence(character, gone, back, away + interval.start - seen_until, missed))
            gone, away, missed, seen_until = Moment(number, interval.end), Fraction(0), 0, interval.end
        away += presence.end - seen_until
        missed += not presence.intervals
    return tuple(absence for absence in found if absence.seconds > 0)


def longest_absences(season: Season) -> tuple[Absence, ...]:
    """Give the longest absence of everyone who has one, longest first; the earlier of two equally long ones."""
    longest = []
    for character in season.cast.ids:
        if stretches := absences(season, character):
            longest.append(max(stretches, key=lambda absence: absence.seconds))
    return tuple(sorted(longest, key=lambda absence: -absence.seconds))


def _span(season: Season, character: str) -> Span:
    presences = season.presences(character)
    seen = [(number, presence) for number, presence in enumerate(presences) if presence is not None and len(presence)]
    if not seen:
        return Span(character, None, None)
    (first, begin), (last, end) = seen[0], seen[-1]
    return Span(character, Moment(first, begin.intervals[0].start), Moment(last, end.intervals[-1].end))
