"""Signals while DuckDB works: it looks for them, but drops what their handlers raise and raises an error of its own."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

Handler = Callable[[int, FrameType | None], Any]


@contextmanager
def signals_heard(stop: Callable[[], None] = lambda: None) -> Iterator[None]:
    """End the block with what the handler of a signal raises in it, whatever has become of that on its way.

    Does nothing outside of the main thread, where no handler runs.

    Args:
        stop: called then, to end at once what takes long.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    raised: list[BaseException] = []
    before = {number: signal.getsignal(number) for number in _ENDING}
    try:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, _noting(handler, raised, stop))
        yield
    except BaseException as error:
        if raised and error is not raised[0]:
            raise raised[0] from error
        raise
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)
    if raised:
        raise raised[0]


def _noting(handler: Handler, raised: list[BaseException], stop: Callable[[], None]) -> Handler:
    def noting(number: int, frame: FrameType | None) -> None:
        try:
            handler(number, frame)
        except BaseException as error:
            raised.append(error)
            stop()
            raise

    return noting
