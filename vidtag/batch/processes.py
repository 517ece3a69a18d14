"""Jobs in processes of their own, a job at a time each. A worker that dies or hangs costs its job and nothing else.

One death breaks Python's own pools of processes, and they cannot end a worker that hangs; so each worker here has a
pipe, and one loop waits on all of them.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from vidtag.batch.jobs import INTERNAL, Began, Failure, Job, Made, Moved, Outcome, Outcomes, Work, Workers
from vidtag.batch.worker import READY, serve

STARTING_S = 120.0  # for Python and vidtag to be loaded, however short the timeout is
ENDING_S = 10.0
HUNG = 124  # as of the command `timeout`


def run_in_processes(jobs: Iterable[Job], work: Work, workers: Workers) -> Outcomes:
    """Do jobs in spawned processes, `workers.count` at once; a process lives as long as it does its jobs."""
    waiting = iter(jobs)
    with Crew(work, workers) as crew:
        while True:
            while crew.has_room() and (job := next(waiting, None)) is not None:
                crew.begin(job)
            if not crew.is_busy():
                return
            yield from crew.ended()


class Crew:
    """The workers that are alive; leaving the `with` block ends them all, as `end` does."""

    def __init__(self, work: Work, workers: Workers) -> None:
        self._work, self._workers = work, workers
        self._members: list[_Member] = []

    def has_room(self) -> bool:
        """Say whether another job can begin."""
        return sum(member.job is not None for member in self._members) < self._workers.count

    def is_busy(self) -> bool:
        """Say whether any job is at work."""
        return any(member.job is not None for member in self._members)

    def begin(self, job: Job) -> None:
        """Give a job to a worker that has none, or to a new one."""
        idle = next((member for member in self._members if member.job is None), None)
        if idle is None:
            idle = _Member(self._free_number(), self._work, self._workers)
            self._members.append(idle)
        self._workers.tell(Began(job, idle.number))
        idle.begin(job)

    def ended(self, at_most_s: float = 3600.0) -> Iterator[Outcome]:
        """Wait until something happens, or for so long; give the jobs that have ended by it."""
        patience = max(0.0, min(member.deadline for member in self._members) - time.monotonic())
        ready = wait([member.connection for member in self._members], timeout=min(patience, at_most_s))
        for member in list(self._members):
            job = member.job
            result = member.listen() if member.connection in ready else member.check()
            if member.is_gone:
                self._members.remove(member)
            if job is not None and result is not None:
                yield Outcome(job, result)

    def end(self) -> None:
        """End all workers at once, and all that they have started."""
        for member in self._members:
            member.end()
        self._members.clear()

    def _free_number(self) -> int:
        taken = {member.number for member in self._members}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in self._members:
            if kind is None and member.job is None:
                member.dismiss()
        for member in self._members:
            member.end(patience_s=ENDING_S if kind is None and member.job is None else 0)


class _Member:
    """One worker as the batch sees it.

    Attributes:
        number: from 1, among those that are alive.
        connection: to the worker.
        job: what it does, None if it waits.
        deadline: when it counts as hanging, on the monotonic clock.
        is_gone: whether it is no more.
    """

    def __init__(self, number: int, work: Work, workers: Workers) -> None:
        self.number, self.job, self.is_gone = number, None, False
        self.deadline = float("inf")
        self._workers, self._starting = workers, True
        self.connection, self._process = _spawn(work)

    job: Job | None

    def begin(self, job: Job) -> None:
        self.job = job
        self._wait_for(STARTING_S + self._workers.timeout_s if self._starting else self._workers.timeout_s)
        with contextlib.suppress(OSError):  # it has died; that is told when it is listened to
            self.connection.send(job)

    def listen(self) -> Made | Failure | None:
        """Take one message; gives the result of the job if it has ended."""
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            return self._died()
        if isinstance(message, Made | Failure):
            self.job, self.deadline = None, float("inf")
            return message
        self._starting = False
        self._wait_for(self._workers.timeout_s)
        if message != READY and self.job is not None:
            self._workers.tell(Moved(self.job, *message))
        return None

    def check(self) -> Failure | None:
        """End the worker if it hangs."""
        if time.monotonic() < self.deadline:
            return None
        self.end()
        waited = f"{self._workers.timeout_s:g} s"
        return Failure(HUNG, f"no progress for {waited}, so its worker was ended; --timeout allows for more")

    def dismiss(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.send(None)

    def end(self, patience_s: float = 0) -> None:
        """Wait for the worker, then end it and its ffmpegs for good."""
        if patience_s:
            self._process.join(patience_s)
        self._kill()
        self._process.join()
        self.connection.close()
        self.is_gone = True

    def _died(self) -> Failure:
        self.end()
        code = self._process.exitcode
        if code is not None and code < 0:
            return Failure(128 - code, f"its worker was killed by {_signal_name(-code)}; is there enough memory?")
        return Failure(code or INTERNAL, f"its worker ended in the middle of the work with exit code {code}")

    def _kill(self) -> None:
        pid = self._process.pid
        assert pid is not None
        try:
            os.killpg(pid, signal.SIGKILL)  # the worker, or what it has left behind
        except (ProcessLookupError, PermissionError):  # nothing is left, or it has not come as far as its own group
            self._process.kill()

    def _wait_for(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds


def _spawn(work: Work) -> tuple["Connection[Any, Any]", Any]:
    """Start a worker; a Ctrl-C that comes before it has a session of its own waits until it ignores it."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, work), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        theirs.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return ours, process


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
