"""Signals are sent to a process of their own: pytest's has native threads and signal stacks that are not ours."""

import subprocess
import sys

import pytest

from vidtag.training.pace import Stopwatch

SETTING = """
import os, signal
from vidtag.training.interruption import stop_requests
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
"""


def run(script: str) -> int:
    done = subprocess.run([sys.executable, "-c", SETTING + script], capture_output=True, text=True, check=False)
    assert "Error" not in done.stderr, done.stderr
    return done.returncode


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_the_first_signal_is_noted_and_the_usual_handler_is_back(name):
    script = f"""
number = signal.{name}
usual = signal.getsignal(number)
with stop_requests(heeded=True) as request:
    assert not request.asked
    os.kill(os.getpid(), number)
    assert (request.asked, request.number) == (True, number)
    assert signal.getsignal(number) == usual
assert signal.getsignal(number) == usual
"""
    assert run(script) == 0


def test_the_second_signal_acts_as_usual():
    script = """
with stop_requests(heeded=True):
    os.kill(os.getpid(), signal.SIGINT)
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise SystemExit(7)
"""
    assert run(script) == 7


def test_signals_that_are_ignored_stay_so():
    script = """
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with stop_requests(heeded=True) as request:
    os.kill(os.getpid(), signal.SIGHUP)
    assert not request.asked
"""
    assert run(script) == 0


def test_nothing_changes_where_nothing_could_be_saved():
    script = """
try:
    with stop_requests(heeded=False) as request:
        os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    raise SystemExit(0 if request.asked else 7)
"""
    assert run(script) == 7


def test_a_stopwatch_leaves_out_the_first_step():
    now = [100.0]
    watch = Stopwatch(8, clock=lambda: now[0])
    watch.tick()
    assert (watch.speed(), watch.seconds_for(3)) == (0.0, None)
    for _ in range(4):
        now[0] += 2.0
        watch.tick()
    assert watch.speed() == 4.0
    assert watch.seconds_for(3) == 6.0
