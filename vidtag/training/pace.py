"""How fast a training goes and how long it will go on."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Where a training is after a step.

    Attributes:
        epoch: number of the round, from 1.
        epochs: rounds in all.
        step: steps of the round that are done.
        steps: steps of a round.
        loss: mean of the last steps.
        frames_per_second: learned from, measuring between the rounds included; 0 while it is not known.
        seconds_left: until the last round ends, as far as can be told; None while it cannot.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    frames_per_second: float
    seconds_left: float | None


Watch = Callable[[Pace], None]


def ignore_pace(_: Pace) -> None:
    """Watch and say nothing."""


class Stopwatch:
    """Measures the steps of this process; the first one is left out, as it also prepares all others.

    Args:
        batch_size: frames a step.
        clock: gives seconds.
    """

    def __init__(self, batch_size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._batch_size, self._clock = batch_size, clock
        self._steps, self._start = -1, 0.0

    def tick(self) -> None:
        """Count a step that was done just now."""
        self._steps += 1
        if self._steps == 0:
            self._start = self._clock()

    def speed(self) -> float:
        """Give frames a second; 0 before the second step."""
        took = self._clock() - self._start
        return self._steps * self._batch_size / took if self._steps > 0 and took > 0 else 0.0

    def seconds_for(self, steps: int) -> float | None:
        """Give how long some steps will take; None before the second step."""
        speed = self.speed()
        return steps * self._batch_size / speed if speed else None
