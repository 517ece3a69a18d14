"""Watch over a decoder while its pictures are waited for: it must go on, and the film must not be too long."""

import selectors
import time
from fractions import Fraction
from pathlib import Path
from typing import IO

from vidtag.errors import LimitError
from vidtag.limits import current_limits, how_to_raise
from vidtag.media.framelog import LOOK_S, FrameLog, no_progress


class Watch:
    """Waits for a decoder's next bytes.

    Args:
        path: of the film, for messages.
        log: the frames that were decoded so far.
    """

    def __init__(self, path: Path, log: FrameLog) -> None:
        self._path, self._log, self._limits = path, log, current_limits()
        self._seen = (0, Fraction(0))
        self._since = time.monotonic()

    def wait_for(self, stream: IO[bytes]) -> None:
        """Wait until there is something to read, or the end.

        Raises:
            DamagedError: the decoder gives neither bytes nor frames for as long as the limit says.
            LimitError: the film has more frames or hours than the limit.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            self._since = time.monotonic()
            while not selector.select(LOOK_S):
                self._look()
        self._check_length()

    def _look(self) -> None:
        self._check_length()
        if (seen := self._log.so_far()) != self._seen:
            self._seen, self._since = seen, time.monotonic()
        elif time.monotonic() - self._since > self._limits.stall:
            raise no_progress(self._path)

    def _check_length(self) -> None:
        frames, seconds = self._log.so_far()
        if frames > self._limits.frames:
            raise LimitError(f"{self._path} has more than {frames - 1} frames; {how_to_raise('frames')}")
        if seconds > self._limits.seconds:
            raise LimitError(
                f"{self._path} has frames that lie {float(seconds / 3600):.1f} hours apart; {how_to_raise('hours')}"
            )
