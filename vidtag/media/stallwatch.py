"""Watch over an encoder: one that gets nowhere, as on a disk that no longer answers, is ended; a broken one let go."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from vidtag.limits import current_limits, how_to_raise
from vidtag.media.ffmpeg import Ffmpeg

_LOOK_S = 0.5  # seconds between two looks


class StallWatch(threading.Thread):
    """Ends an ffmpeg that for as long as the limit says neither takes anything, nor calculates, nor writes.

    Looks are counted, not seconds, so that a laptop that slept, or a Ctrl-Z, is no stall.

    Args:
        ffmpeg: what is watched.
        target: the file that it writes.
        fed: says what it has taken so far; None while it is given nothing and may well wait.
        let_go: called once if a part of it fails, as it then waits for its input before it ends.
    """

    def __init__(
        self, ffmpeg: Ffmpeg, target: Path, fed: Callable[[], int | None], let_go: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(daemon=True)
        self._ffmpeg, self._target, self._fed, self._let_go = ffmpeg, target, fed, let_go
        self._patience = current_limits().stall
        self._over = threading.Event()
        self._ended_it = False
        self.start()

    def run(self) -> None:
        """Look until it is over, or nothing has moved for too long."""
        seen, still, waits_for_input = None, 0, True
        while not self._over.wait(_LOOK_S):
            if waits_for_input and self._ffmpeg.breaking_off:
                self._let_go()
                waits_for_input = False
            fed = self._fed()
            now = (fed, self._ffmpeg.processor_time(), *self._written())
            still = still + 1 if fed is not None and now == seen else 0
            seen = now
            if still * _LOOK_S >= self._patience:
                self._ended_it = True
                self._ffmpeg.kill()
                return

    def _written(self) -> tuple[int, int]:
        with contextlib.suppress(OSError):
            found = self._target.stat()
            return found.st_size, found.st_mtime_ns
        return 0, 0

    def complaint(self) -> str:
        """Say why the ffmpeg was ended from here; empty if it was not."""
        if not self._ended_it:
            return ""
        return f"no progress for {self._patience:g} s; is the disk still there? ({how_to_raise('stall')})"

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()
