"""Signals end a run by an exception, also where Python drops what a handler raises."""

import signal
import subprocess
import sys

import pytest

CODE = """
import os, sys, time
from vidtag.cli.answering import answered_signals

class Last:
    def __del__(self):
        os.kill(os.getpid(), int(sys.argv[1]))
        time.sleep(1)

try:
    with answered_signals():
        last = Last()
        del last
        time.sleep(60)
except BaseException as error:
    print(type(error).__name__, getattr(error, "exit_code", ""))
"""


@pytest.mark.usefixtures("signals_as_usual")
@pytest.mark.parametrize(
    ("name", "raised"),
    [("SIGINT", "KeyboardInterrupt "), ("SIGTERM", "TerminatedError 143"), ("SIGHUP", "TerminatedError 129")],
)
def test_a_signal_that_python_drops_comes_again(name, raised):
    number = str(int(getattr(signal, name)))
    done = subprocess.run([sys.executable, "-c", CODE, number], capture_output=True, text=True, timeout=50, check=False)
    assert (done.stdout, done.stderr) == (f"{raised}\n", "")


LOCKING = """
import os, sys, threading, time
from functools import partial
from types import SimpleNamespace
from vidtag.cli.answering import answered_signals

taken = partial(os.kill, os.getpid(), int(sys.argv[1]))
lock = SimpleNamespace(acquire=None, release=None, __enter__=taken, __exit__=lambda *_: print("given back"))
try:
    with answered_signals(), threading.Condition(lock):
        time.sleep(60)
except BaseException as error:
    print(type(error).__name__)
"""


@pytest.mark.usefixtures("signals_as_usual")
@pytest.mark.parametrize(("name", "raised"), [("SIGINT", "KeyboardInterrupt"), ("SIGTERM", "TerminatedError")])
def test_a_signal_that_comes_while_a_lock_is_taken_waits_until_it_can_be_given_back(name, raised):
    number = str(int(getattr(signal, name)))
    words = [sys.executable, "-c", LOCKING, number]
    done = subprocess.run(words, capture_output=True, text=True, timeout=50, check=False)
    assert (done.stdout, done.stderr) == (f"given back\n{raised}\n", "")


def test_what_else_is_dropped_is_reported():
    code = CODE.replace("os.kill(os.getpid(), int(sys.argv[1]))", "raise ValueError('lost')").replace(
        "sleep(60)", "sleep(0)"
    )
    done = subprocess.run([sys.executable, "-c", code, "0"], capture_output=True, text=True, timeout=50, check=False)
    assert "ValueError: lost" in done.stderr
