"""Hand the bar's strips to ffmpeg from a thread, so that the network and the encoder work at the same time."""

import contextlib
import queue
import threading
from collections.abc import Callable
from itertools import count
from typing import IO

import numpy as np
from numpy.typing import NDArray

Strip = NDArray[np.uint8]

QUEUE_STRIPS = 64  # strips are shared, not copied: a bar has a few dozen states


class StripFeeder(threading.Thread):
    """Writes strips in order, as fast as ffmpeg takes them.

    After the last strip it goes on with that one until ffmpeg closes the pipe: ffmpeg ends with the picture, and only
    ffmpeg knows how many slots begin before its last frame. Then it closes the pipe, too.

    Args:
        pipe: what ffmpeg reads from.
        convert: gives the bytes that ffmpeg takes for a strip.
        spare: how often the last strip is written at most, where the number of slots is known; so that ffmpeg ends
            even if it finds no picture to end with. None for no limit.
    """

    def __init__(
        self, pipe: IO[bytes], convert: Callable[[Strip], NDArray[np.uint8]], spare: int | None = None
    ) -> None:
        super().__init__(daemon=True)
        self._pipe, self._convert, self._spare = pipe, convert, spare
        self._queue: queue.Queue[Strip | None] = queue.Queue(QUEUE_STRIPS)
        self._closed = threading.Event()
        self._taken, self._writing = 0, False

    @property
    def closed(self) -> bool:
        """Ffmpeg takes no more: it is done, or it failed."""
        return self._closed.is_set()

    def taken(self) -> int | None:
        """Give the bytes that ffmpeg has taken so far; None while there is nothing for it to take."""
        return self._taken if self._writing or self.closed else None

    def put(self, strip: Strip | None) -> None:
        """Queue a strip, or None behind the last one; waits for room, and drops the strip if ffmpeg takes no more."""
        while not self.closed:
            with contextlib.suppress(queue.Full):
                self._queue.put(strip, timeout=0.2)
                return

    def end(self) -> None:
        """End behind what is queued. Does not wait: where the queue is full, ffmpeg has enough to take."""
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(None)

    def run(self) -> None:
        """Write until ffmpeg closes the pipe."""
        last: Strip | None = None
        try:
            while (strip := self._queue.get()) is not None:
                self._write(strip)
                last = strip
            if last is not None:
                for _ in count() if self._spare is None else range(self._spare):
                    self._write(last)
        except (OSError, ValueError):  # the pipe is closed, at ffmpeg's end or at ours
            pass
        finally:
            self._closed.set()
            with contextlib.suppress(OSError):
                self._pipe.close()

    def _write(self, strip: Strip) -> None:
        view = self._convert(strip).data
        self._writing = True
        while len(view):
            written = self._pipe.write(view)
            view = view[written:]
            self._taken += written
        self._writing = False
