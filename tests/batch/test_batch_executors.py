"""Whatever happens to one job, the others are done; nothing of a dead worker lives on."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest
from batch_recipes import job_named, misbehave, running, wait_until, write_pid

from vidtag.batch.executors import EXECUTORS, find_executor
from vidtag.batch.jobs import Began, Failure, Made, Moved, Workers
from vidtag.batch.processes import HUNG
from vidtag.errors import OptionError

NAMES = ["a", "b", "c", "d", "e"]
SLEEPER = "sleep 987654"


def results(executor, folder, names, work, workers=None):
    jobs = [job_named(name, folder) for name in names]
    return {outcome.job.name: outcome.result for outcome in EXECUTORS[executor](jobs, work, workers or Workers())}


@pytest.mark.parametrize("executor", ["processes", "serial"])
def test_every_job_is_done_once_and_told(tmp_path, executor):
    told = []
    found = results(executor, tmp_path, NAMES, write_pid, Workers(count=2, tell=told.append))
    assert sorted(found) == NAMES
    assert all(isinstance(result, Made) for result in found.values())
    assert [event.job.name for event in told if isinstance(event, Began)] == NAMES
    assert {(event.done_s, event.total_s) for event in told if isinstance(event, Moved)} == {(1.0, 2.0)}
    assert {event.worker for event in told if isinstance(event, Began)} <= {1, 2}


@pytest.mark.parametrize(("count", "processes"), [(1, 1), (3, 3)])
def test_workers_go_on_with_the_next_job(tmp_path, count, processes):
    results("processes", tmp_path, NAMES, write_pid, Workers(count=count))
    pids = {(tmp_path / f"{name}.scores.npz").read_text() for name in NAMES}
    assert 1 <= len(pids) <= processes
    assert str(os.getpid()) not in pids


def test_jobs_are_taken_when_there_is_room(tmp_path):
    taken = []

    def jobs():
        for name in NAMES:
            taken.append(name)
            yield job_named(name, tmp_path)

    with contextlib.closing(EXECUTORS["processes"](jobs(), write_pid, Workers(count=2))) as outcomes:
        next(outcomes)
        assert taken == NAMES[:2]


@pytest.mark.parametrize("executor", ["processes", "serial"])
def test_a_failing_job_is_told_with_its_reason(tmp_path, executor):
    found = results(executor, tmp_path, ["damaged", "a", "wrong"], misbehave)
    assert found["damaged"] == Failure(5, "it breaks off at 0:01.0")
    assert found["wrong"].exit_code == 70
    assert "ZeroDivisionError: division by zero" in found["wrong"].reason
    assert isinstance(found["a"], Made)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [("exits", 3, "exit code 3"), ("killed", 137, "SIGKILL"), ("crashes", 139, "SIGSEGV")],
)
def test_a_dying_worker_costs_its_job_only(tmp_path, name, code, words):
    found = results("processes", tmp_path, [name, "a", f"{name}-2", "b"], misbehave, Workers(count=2))
    assert found[name].exit_code == found[f"{name}-2"].exit_code == code
    assert words in found[name].reason
    assert isinstance(found["a"], Made)
    assert isinstance(found["b"], Made)


def test_a_hanging_worker_is_ended_with_its_children(tmp_path):
    found = results("processes", tmp_path, ["hangs", "a"], misbehave, Workers(timeout_s=1.0))
    assert found["hangs"].exit_code == HUNG
    assert "no progress for 1 s" in found["hangs"].reason
    assert isinstance(found["a"], Made)
    wait_until(lambda: not running(SLEEPER))


def test_leaving_off_ends_all_workers_at_once(tmp_path):
    jobs = [job_named(name, tmp_path) for name in ("a", "hangs", "b")]
    with contextlib.closing(EXECUTORS["processes"](jobs, misbehave, Workers())) as outcomes:
        assert next(outcomes).job.name == "a"
        with pytest.raises(KeyboardInterrupt):
            interrupted(outcomes)
    wait_until(lambda: not running(SLEEPER))
    assert not (tmp_path / "b.scores.npz").exists()


def interrupted(outcomes):
    """Go on until the worker's child is there, then be interrupted as by a Ctrl-C."""
    before = signal.signal(signal.SIGALRM, lambda *_: interrupt_if_running())
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    try:
        next(outcomes)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def interrupt_if_running():
    if running(SLEEPER):
        raise KeyboardInterrupt


RUN_ONE_THAT_HANGS = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from batch_recipes import job_named, misbehave
from vidtag.batch.jobs import Workers
from vidtag.batch.processes import run_in_processes
list(run_in_processes([job_named("hangs", Path(sys.argv[1]))], misbehave, Workers()))
"""


def test_workers_and_their_children_end_when_the_batch_is_killed(tmp_path):
    command = [sys.executable, "-c", RUN_ONE_THAT_HANGS, str(tmp_path), *sys.path]
    with subprocess.Popen(command) as process:
        wait_until(lambda: running(SLEEPER))
        process.kill()
    wait_until(lambda: not running(SLEEPER))


def test_there_are_executors_by_name():
    assert find_executor("serial") is EXECUTORS["serial"]
    with pytest.raises(OptionError, match="processes, serial, ray"):
        find_executor("threads")


@pytest.mark.parametrize("figures", [{"count": 0}, {"timeout_s": 0}, {"timeout_s": float("nan")}])
def test_workers_are_checked(figures):
    with pytest.raises(OptionError):
        Workers(**figures)
