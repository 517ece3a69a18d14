"""Signals end a run by an exception, wherever it is; one that Python drops comes again."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_MOMENT_S = 0.05


class TerminatedError(BaseException):
    """SIGTERM came, or SIGHUP because the terminal was closed."""

    def __init__(self, number: int) -> None:
        self.number, self.exit_code = number, 128 + number


@contextmanager
def answered_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt for SIGINT and TerminatedError for SIGTERM and SIGHUP in the block.

    What a handler raises where nobody can catch it, as in a `__del__` or while a module's lock is given back, Python
    reports and forgets. Then the signal is sent once more.
    """
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup a closed terminal ends nothing
            signal.signal(number, _terminate)
    report = sys.unraisablehook

    def send_again(lost: Any) -> None:
        number = _signal_of(lost.exc_value)
        if number is None:
            report(lost)
        else:  # from a thread, as this very call could not be ended either
            again = threading.Timer(_MOMENT_S, os.kill, (os.getpid(), number))
            again.daemon = True
            again.start()

    sys.unraisablehook = send_again
    try:
        yield
    finally:
        sys.unraisablehook = report


def _signal_of(error: BaseException | None) -> int | None:
    if isinstance(error, TerminatedError):
        return error.number
    return signal.SIGINT if isinstance(error, KeyboardInterrupt) else None


def _terminate(number: int, _frame: Any) -> None:
    raise TerminatedError(number)
