"""Ends a training between two steps when Ctrl-C, a closed terminal or a shutdown asks for it."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vidtag.errors import VidtagError

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last one is unknown to Windows


class StoppedError(VidtagError):
    """A training was asked to stop and did, with its state saved; the message says how to go on.

    Args:
        message: where it stopped.
        number: of the signal that asked.
    """

    def __init__(self, message: str, number: int = signal.SIGINT) -> None:
        super().__init__(message)
        self.exit_code = 128 + number


@dataclass(slots=True)
class StopRequest:
    """Whether somebody asked.

    Attributes:
        number: of the signal; 0 before one came.
    """

    number: int = 0

    @property
    def asked(self) -> bool:
        """Whether a signal came."""
        return bool(self.number)


@contextlib.contextmanager
def stop_requests(*, heeded: bool) -> Iterator[StopRequest]:
    """Note the first signal to stop instead of ending at once; a second one ends at once, as usual.

    Args:
        heeded: False leaves all signals as they are, as is done anyway in threads and for signals that are ignored.
    """
    request = StopRequest()
    before: dict[signal.Signals, Any] = {}

    def restore() -> None:
        while before:
            number, handler = before.popitem()
            signal.signal(number, handler)

    def ask(number: int, _frame: Any) -> None:
        request.number = number
        restore()

    if heeded and threading.current_thread() is threading.main_thread():
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            handler = signal.getsignal(number) if number is not None else signal.SIG_IGN
            if number is not None and handler not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, ask)
    try:
        yield request
    finally:
        restore()
