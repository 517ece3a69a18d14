"""Jobs one after another in this process: for looking into what goes wrong. What kills a worker kills the batch."""

import os
import traceback
from collections.abc import Iterable

from vidtag.batch.jobs import (
    INTERNAL,
    OUTPUT,
    Began,
    Failure,
    Job,
    Made,
    Moved,
    Outcome,
    Outcomes,
    Report,
    Work,
    Workers,
)
from vidtag.errors import VidtagError


def run_serially(jobs: Iterable[Job], work: Work, workers: Workers) -> Outcomes:
    """Do one job after another, here; `workers.count` and `workers.timeout_s` do not count."""
    for job in jobs:
        workers.tell(Began(job, 1))

        def report(done_s: float, total_s: float | None, job: Job = job) -> None:
            workers.tell(Moved(job, done_s, total_s))

        yield Outcome(job, attempt(work, job, report))


def attempt(work: Work, job: Job, report: Report) -> Made | Failure:
    """Do a job; whatever it raises, but for a signal to end, becomes a failure."""
    try:
        return work(job, report)
    except VidtagError as error:
        return _failure(error.exit_code, str(error))
    except OSError as error:
        return _failure(OUTPUT, f"{error.filename or job.source}: {error.strerror or error}")
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        return _failure(INTERNAL, f"internal error, please report it with VIDTAG_DEBUG=1: {what}")


def _failure(exit_code: int, reason: str) -> Failure:
    if os.environ.get("VIDTAG_DEBUG") == "1":
        traceback.print_exc()
    return Failure(exit_code, reason)
