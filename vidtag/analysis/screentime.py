"""What a timeline adds up to: screen time, share and appearances of each character."""

from dataclasses import dataclass
from fractions import Fraction

from vidtag.timeline import Timeline


@dataclass(frozen=True, slots=True)
class ScreenTime:
    """One character's part in one film.

    Attributes:
        character: the id.
        seconds: sum of the intervals.
        share: seconds over the length looked at without what is not known, in [0, 1].
        appearances: number of intervals.
        first: start of the first interval in seconds, None if the character never appears.
        last: end of the last interval in seconds, or None.
        longest: length of the longest interval in seconds, 0 if there is none.
    """

    character: str
    seconds: Fraction
    share: Fraction
    appearances: int
    first: Fraction | None
    last: Fraction | None
    longest: Fraction


def screen_times(timeline: Timeline, start: Fraction = Fraction(0)) -> tuple[ScreenTime, ...]:
    """Sum a timeline up, one entry a character in cast order.

    Args:
        timeline: of a film or a part of it.
        start: shares are of what follows, in seconds; where the timeline starts later, of the whole timeline.
    """
    looked_at = timeline.known_duration - max(Fraction(0), start - timeline.start)
    return tuple(
        ScreenTime(
            character=character.id,
            seconds=presence.duration,
            share=presence.duration / looked_at if looked_at else Fraction(0),
            appearances=len(presence),
            first=presence.intervals[0].start if presence.intervals else None,
            last=presence.intervals[-1].end if presence.intervals else None,
            longest=max((interval.duration for interval in presence), default=Fraction(0)),
        )
        for character, presence in zip(timeline.cast, timeline.presences, strict=True)
    )
