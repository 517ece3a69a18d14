"""Jobs as tasks of a Ray cluster: whatever machine has room does the next one. Only paths and figures travel.

Ray itself tries nothing again. An episode that fails, kills its worker or hangs has failed, as it has without Ray. If a
machine is lost under it, it is done again, but at most `MOST_LOSSES` times: it may be what takes the machines down.
"""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vidtag.batch.jobs import INTERNAL, Began, Failure, Job, Lost, Made, Moved, Outcome, Outcomes, Work, Workers
from vidtag.batch.processes import ENDING_S, STARTING_S
from vidtag.batch.raycluster import connected, has_room, import_ray
from vidtag.batch.raytask import BEGUN, OWN, Order, do_episode

MOST_LOSSES = 3
LOOK_EVERY_S = 1.0
NO_MACHINE_S = 300.0  # without any machine that could do an episode, after which they are given up


def run_in_ray(jobs: Iterable[Job], work: Work, workers: Workers) -> Outcomes:
    """Do jobs in a Ray cluster; `workers.count` are handed over at once, and it does as many as it has room for.

    Raises:
        SetupError: Ray is not installed, or there is no cluster at the address.
        OptionError: no machine of it has what an episode needs.
    """
    waiting = iter(jobs)
    with connected(workers.needs) as needs:
        tasks = _Tasks(work, replace(workers, needs=needs))
        try:
            while True:
                while tasks.has_room() and (job := next(waiting, None)) is not None:
                    tasks.begin(job)
                if not tasks.is_busy():
                    return
                yield from tasks.ended()
        finally:
            tasks.end()


@dataclass(slots=True)
class _Task:
    """A job that was handed over.

    Attributes:
        job: the episode.
        number: among those that are handed over, from 1.
        messages: Ray's handle, which gives what `do_episode` gives.
        losses: machines that were lost under it.
        is_told: whether its beginning has been told.
        heard: when something was last heard of it, on the monotonic clock; None as long as it has not begun.
    """

    job: Job
    number: int
    messages: Any
    losses: int = 0
    is_told: bool = False
    heard: float | None = field(default=None)


class _Tasks:
    """All tasks that are handed over and have not ended."""

    def __init__(self, work: Work, workers: Workers) -> None:
        self._ray, self._work, self._workers = import_ray(), work, workers
        self._tasks: list[_Task] = []
        self._had_room = time.monotonic()
        self._remote = self._ray.remote(do_episode).options(
            num_cpus=workers.needs.cpus,
            num_gpus=workers.needs.gpus,
            num_returns="streaming",
            max_retries=0,
            scheduling_strategy="SPREAD",  # films are read through the machines' own networks
        )

    def has_room(self) -> bool:
        return len(self._tasks) < self._workers.count

    def is_busy(self) -> bool:
        return bool(self._tasks)

    def begin(self, job: Job) -> None:
        """Hand a job over; it begins when a machine has room."""
        taken = {task.number for task in self._tasks}
        number = next(number for number in range(1, len(taken) + 2) if number not in taken)
        self._tasks.append(_Task(job, number, self._handed_over(job)))

    def ended(self) -> Iterator[Outcome]:
        """Wait until something happens, or a little; give the jobs that have ended."""
        by_messages = {id(task.messages): task for task in self._tasks}
        ready, _ = self._ray.wait([task.messages for task in self._tasks], num_returns=1, timeout=LOOK_EVERY_S)
        heard = [by_messages[id(messages)] for messages in ready]
        for task, result in [(task, self._listen(task)) for task in heard] if heard else self._look():
            if result is not None:
                self._tasks.remove(task)
                yield Outcome(task.job, result)

    def end(self) -> None:
        """End all that is at work: first so that the tasks end their workers with all ffmpegs, then by force."""
        left, last = list(self._tasks), time.monotonic() + ENDING_S
        for task in left:
            self._ray.cancel(task.messages)
        while left and time.monotonic() < last:
            ready, _ = self._ray.wait([task.messages for task in left], num_returns=1, timeout=LOOK_EVERY_S)
            for task in [task for task in left if any(task.messages is messages for messages in ready)]:
                try:
                    self._ray.get(next(task.messages))
                except (self._ray.exceptions.RayError, StopIteration):
                    left.remove(task)
        for task in left:
            self._ray.cancel(task.messages, force=True)

    def _handed_over(self, job: Job) -> Any:
        environment = {name: value for name, value in os.environ.items() if name.startswith(OWN)}
        job = _with_threads(_anywhere(job), self._workers.needs.cpus or 0)
        order = Order(job=job, work=self._work, timeout_s=self._workers.timeout_s, environment=environment)
        return self._remote.remote(order)

    def _listen(self, task: _Task) -> Made | Failure | None:
        """Take one message; gives the result of the job if it has ended."""
        errors = self._ray.exceptions
        try:
            message = self._ray.get(next(task.messages))
        except errors.RayTaskError as error:
            return Failure(INTERNAL, f"it could not be begun on its machine: {error.cause}")
        except (errors.RayError, StopIteration) as error:
            return self._lost(task, type(error).__name__)
        task.heard = time.monotonic()
        if isinstance(message, Made | Failure):
            return message
        if message == BEGUN and not task.is_told:
            task.is_told = True
            self._workers.tell(Began(task.job, task.number))
        elif message != BEGUN:
            self._workers.tell(Moved(task.job, *message))
        return None

    def _lost(self, task: _Task, why: str) -> Failure | None:
        """Do it again, but not for ever."""
        task.losses += 1
        if task.losses >= MOST_LOSSES:
            return Failure(INTERNAL, f"the machine that did it was lost {task.losses} times (Ray: {why})")
        self._workers.tell(Lost(task.job, why))
        task.messages, task.heard = self._handed_over(task.job), None
        return None

    def _look(self) -> list[tuple[_Task, Made | Failure | None]]:
        """Find what nothing will ever be heard of again."""
        now = time.monotonic()
        patience = self._workers.timeout_s + STARTING_S + ENDING_S  # by then the task itself gives an episode up
        for task in self._tasks:
            if task.heard is not None and now - task.heard > patience:
                self._ray.cancel(task.messages, force=True)
                return [(task, self._lost(task, "silence"))]
        if any(task.heard is not None for task in self._tasks) or has_room(self._workers.needs):
            self._had_room = now
        if now - self._had_room < NO_MACHINE_S:
            return []
        reason = f"no machine of the cluster has had {self._workers.needs} for {NO_MACHINE_S:g} s; run the batch again"
        return [(task, Failure(INTERNAL, reason)) for task in self._tasks]


def _with_threads(job: Job, count: int) -> Job:
    """Let a job use the processors that it has, unless it was told how many threads to use."""
    return replace(
        job,
        analysis=replace(job.analysis, threads=job.analysis.threads or count),
        render=replace(job.render, threads=job.render.threads or count),
    )


def _anywhere(job: Job) -> Job:
    """Make the path of a model one that does not depend on the folder that the batch runs in."""
    model = Path(job.analysis.model)
    return replace(job, analysis=replace(job.analysis, model=str(model.absolute()))) if model.is_dir() else job
