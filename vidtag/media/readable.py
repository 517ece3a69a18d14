"""What of a film can be read, and what cannot: said in a line, and cut to the part that is looked at. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vidtag.timeline import Interval, Presence
from vidtag.times import format_time

_MOST_NAMED = 8  # stretches in a message


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a film.

    Attributes:
        what: in a few words.
        unknown: stretches that cannot be believed, in seconds from the first frame; in order and apart. The last one
            may reach past the last frame, to the end that the header promises.
    """

    what: str
    unknown: tuple[Interval, ...]


def joined_within(
    stretches: Iterable[tuple[Fraction, Fraction]], start: Fraction, end: Fraction
) -> tuple[Interval, ...]:
    """Sort stretches, join those that touch, and cut them to `[start, end)`, all in seconds.

    >>> joined_within([(Fraction(1), Fraction(2)), (Fraction(2), Fraction(9))], Fraction(0), Fraction(4))
    (Interval(start=Fraction(1, 1), end=Fraction(4, 1)),)
    """
    cut = ((max(start, first), min(end, last)) for first, last in stretches)
    return Presence.of((Interval(*ends) for ends in cut if ends[0] < ends[1]), max(start, end), start).intervals


def describe_damage(path: Path, damage: Damage, read_to: Fraction, start: Fraction, length: Fraction | None) -> str:
    """Say in one line what is wrong and which stretches can be read.

    Args:
        path: of the film.
        damage: of the part that was looked at.
        read_to: where the last frame that was decoded ends, in seconds from the first frame of the film.
        start: of the part, likewise.
        length: of the film as its header says, None if it does not.
    """
    known = Presence(joined_within(((i.start, i.end) for i in damage.unknown), start, read_to), read_to, start).gaps()
    of = f" of {format_time(length)}" if length else ""
    can = f"readable are {_named(known)}{of}" if known else "nothing of it can be believed"
    return f"{path} is damaged: {damage.what}; {can}; --keep-going writes what there is"


def _named(known: Sequence[Interval]) -> str:
    named = [f"{format_time(interval.start)} to {format_time(interval.end)}" for interval in known[:_MOST_NAMED]]
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return ", ".join(named) + more
