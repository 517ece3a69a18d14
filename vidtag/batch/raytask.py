"""An episode on a machine of a Ray cluster: a task that has a worker process of its own do it.

The worker is the same as of `vidtag.batch.processes`, so that an episode that kills it or hangs is told of in the same
way, and Ray's own process stays alive: what it dies of is not the episode's fault. The worker is kept from task to
task, and with it the network. It ends as soon as Ray's process is gone.
"""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vidtag.batch.jobs import Began, Failure, Job, Lost, Made, Moved, Work, Workers
from vidtag.batch.processes import Crew
from vidtag.errors import SetupError
from vidtag.version import __version__

TOLD_EVERY_S = 1.0
OWN = "VIDTAG_"  # how variables begin that count for vidtag alone

BEGUN = "begun"
Message = str | tuple[float, float | None] | Made | Failure
"""`BEGUN`, then how far it is: seconds of film done and in all; then the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a task is sent.

    Attributes:
        job: the episode; its paths hold on every machine.
        work: does it.
        timeout_s: seconds without progress after which it is given up.
        environment: variables that count for vidtag, as they are where the batch runs.
        version: of vidtag there.
    """

    job: Job
    work: Work
    timeout_s: float
    environment: Mapping[str, str]
    version: str = __version__


class _Kept:
    """The worker process of this process of Ray, and what it was started for."""

    def __init__(self) -> None:
        self._started_for: tuple[object, ...] | None = None
        self._crew: Crew | None = None
        self._told: list[Began | Moved | Lost] = []

    def crew(self, order: Order) -> tuple[Crew, list[Began | Moved | Lost]]:
        """Give the worker, another one if it was started for something else, and the list of what it tells."""
        devices = os.environ.get("CUDA_VISIBLE_DEVICES")
        wanted = (order.work, order.timeout_s, dict(order.environment), devices)
        if self._crew is None or self._started_for != wanted:
            self.end()
            _take_over(order.environment)
            workers = Workers(timeout_s=order.timeout_s, tell=self._told.append)
            self._crew, self._started_for = Crew(order.work, workers), wanted
        self._told.clear()
        return self._crew, self._told

    def end(self) -> None:
        """End the worker and all that it has started."""
        if self._crew is not None:
            self._crew.end()
            self._crew = None


_kept = _Kept()  # of this process


def do_episode(order: Order) -> Iterator[Message]:
    """Do an episode; gives how far it is, at most once every `TOLD_EVERY_S`, and its result at the end.

    Raises:
        SetupError: this machine has another vidtag.
    """
    if order.version != __version__:
        raise SetupError(f"vidtag {__version__} is installed here, but the batch is one of {order.version}")
    yield BEGUN
    crew, told = _kept.crew(order)
    try:
        crew.begin(order.job)
        last = time.monotonic()
        while crew.is_busy():
            for outcome in crew.ended(at_most_s=TOLD_EVERY_S):  # Ray stops a task between two waits only
                yield outcome.result
            if told and isinstance(told[-1], Moved) and time.monotonic() - last >= TOLD_EVERY_S:
                last = time.monotonic()
                yield told[-1].done_s, told[-1].total_s
            del told[:-1]
    finally:
        if crew.is_busy():  # given up in the middle
            _kept.end()


def _take_over(environment: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith(OWN)]:
        del os.environ[name]
    os.environ.update(environment)
