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


def test_what_else_is_dropped_is_reported():
    code = CODE.replace("os.kill(os.getpid(), int(sys.argv[1]))", "raise ValueError('lost')").replace(
        "sleep(60)", "sleep(0)"
    )
    done = subprocess.run([sys.executable, "-c", code, "0"], capture_output=True, text=True, timeout=50, check=False)
    assert "ValueError: lost" in done.stderr
