"""Signals while a library works that an exception from a handler must not cut in two.

A handler that raises does so wherever the interpreter happens to be. DuckDB looks for signals in the midst of a
statement, drops what their handlers raise and unwinds with an error of Python's still set; `zipfile` complains, in
lines of its own, of an archive that was only half made.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def signals_held() -> Iterator[None]:
    """Let no handler of a signal raise in the block: the first signal that comes is handled at the block's end.

    Signals without a handler of Python's stay as they are. Outside of the main thread, where no handler runs, nothing
    changes. So it is for what takes moments; whatever the block raises then gives way to what the handler raises.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    over = False
    found = {number: signal.getsignal(number) for number in _ENDING}
    handlers = {int(number): handler for number, handler in found.items() if callable(handler)}

    def note(number: int, frame: FrameType | None) -> None:
        if over:  # another signal's handler raised before this one's was back in its place
            handlers[number](number, frame)
        else:
            came.append(number)

    try:
        for number in handlers:
            signal.signal(number, note)
        yield
    finally:
        over = True
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if came:
            handlers[came[0]](came[0], None)
