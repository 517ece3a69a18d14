"""Signals end a run by an exception, nearly wherever it is; one that comes amiss, or that Python drops, comes again."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_MOMENT_S = 0.05
_LOCKING = {"__enter__", "__exit__", "_acquire_restore", "_release_save"}  # of a `threading.Condition`
_ENTERING = {contextlib.__file__, "<frozen importlib._bootstrap>"}  # modules that enter and leave what others hold


class TerminatedError(BaseException):
    """SIGTERM came, or SIGHUP because the terminal was closed."""

    def __init__(self, number: int) -> None:
        self.number, self.exit_code = number, 128 + number


@contextmanager
def answered_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt for SIGINT and TerminatedError for SIGTERM and SIGHUP in the block.

    What a handler raises where nobody can catch it, as in a `__del__` or while a module's lock is given back, Python
    reports and forgets. Then the signal is sent once more. So it is if it comes where a lock has been taken and no
    `with` holds it yet, as within `Queue.put`: nobody would give the lock back, and the run would wait for ever.
    """
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup a closed terminal ends nothing
            signal.signal(number, _answer)
    report = sys.unraisablehook

    def send_again(lost: Any) -> None:
        number = _signal_of(lost.exc_value)
        if number is None:
            report(lost)
        else:
            _send_again(number)

    sys.unraisablehook = send_again
    try:
        yield
    finally:
        sys.unraisablehook = report


def _signal_of(error: BaseException | None) -> int | None:
    if isinstance(error, TerminatedError):
        return error.number
    return signal.SIGINT if isinstance(error, KeyboardInterrupt) else None


def _answer(number: int, frame: FrameType | None) -> None:
    if _amiss(frame):
        _send_again(number)
    elif number == signal.SIGINT:
        raise KeyboardInterrupt
    else:
        raise TerminatedError(number)


def _amiss(frame: FrameType | None) -> bool:
    """Say whether what runs right now is taking a lock for a `with` block, or giving it back: it does so in no time."""
    if frame is None:
        return False
    code = frame.f_code
    return code.co_filename in _ENTERING or (code.co_filename == threading.__file__ and code.co_name in _LOCKING)


def _send_again(number: int) -> None:
    """Send a signal to this process in a moment: from a thread, as what runs right now could not be ended either."""
    again = threading.Timer(_MOMENT_S, os.kill, (os.getpid(), number))
    again.daemon = True
    again.start()
