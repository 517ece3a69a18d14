"""The worker's side: a process of its own that does the jobs it is sent, and ends when nobody is left to send any.

It leads a session and a process group that its ffmpegs belong to, so that a Ctrl-C does not reach it, and whoever ends
it ends them with it.
"""

import os
import signal
import threading
import time
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from vidtag.batch.jobs import Job, Report, Work
from vidtag.batch.serial import attempt
from vidtag.media.ffmpeg import keep_together

READY = "ready"
REPORT_EVERY_S = 0.2


def serve(connection: "Connection[Any, Any]", work: Work) -> None:
    """Do jobs until None comes instead of one, or the other side is gone.

    Args:
        connection: gives jobs, and takes `READY`, then for every job pairs of seconds of film done and in all, and its
            `Made` or `Failure`.
        work: what to do with a job.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    keep_together()
    os.dup2(2, 1)  # what a library prints must not get between the lines of the batch
    jobs: SimpleQueue[Job | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, jobs), daemon=True).start()
    line = _Line(connection)
    line.send(READY)
    while (job := jobs.get()) is not None:
        line.send(attempt(work, job, line.reporter()))


def _listen(connection: "Connection[Any, Any]", jobs: "SimpleQueue[Job | None]") -> None:
    """Pass jobs on. Where the batch has died, die with all ffmpegs at once: nobody would put the results in order."""
    while True:
        try:
            job = connection.recv()
        except (EOFError, OSError):
            os.killpg(0, signal.SIGKILL)
        jobs.put(job)
        if job is None:
            return


class _Line:
    """What is said to the other side, by one thread at a time."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection, self._turn = connection, threading.Lock()

    def send(self, message: object) -> None:
        with self._turn:
            self._connection.send(message)

    def reporter(self) -> Report:
        """Give what tells how far a job is, but not more often than anybody looks."""
        last = -REPORT_EVERY_S

        def report(done_s: float, total_s: float | None) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= REPORT_EVERY_S:
                last = now
                self.send((done_s, total_s))

        return report
