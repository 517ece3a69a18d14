"""Exact times as whole numbers: a clock whose ticks all times of an episode fall on."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from vidtag.errors import LimitError

_MOST = 1 << 62  # ticks: they are stored in 64 bits


@dataclass(frozen=True, slots=True)
class Clock:
    """Counts time in ticks.

    Attributes:
        rate: ticks a second, >= 1.
    """

    rate: int

    @classmethod
    def of(cls, times: Iterable[Fraction]) -> "Clock":
        """Give the slowest clock on whose ticks all the times, in seconds, fall.

        Raises:
            LimitError: it would tick so fast that the latest time does not fit into 64 bits.

        >>> Clock.of([Fraction(1, 4), Fraction(5, 6)])
        Clock(rate=12)
        """
        given = list(times)
        rate = lcm(*(time.denominator for time in given))
        if rate * max(abs(time) for time in (Fraction(1), *given)) >= _MOST:
            raise LimitError(
                f"times are too fine for a catalogue: they need a clock of {float(rate):.2g} ticks a second; "
                "score the episode at a rate such as 4 or 24000/1001"
            )
        return cls(rate)

    def ticks(self, seconds: Fraction) -> int:
        """Give a time in ticks; it must be one that the clock was made of, or fall on a tick anyway."""
        count = seconds * self.rate
        assert count.denominator == 1, f"{seconds} s lies between two ticks of 1/{self.rate} s"
        return count.numerator
