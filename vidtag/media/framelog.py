"""Follow what ffmpeg decodes: a line for every frame, with its exact time, read from a pipe beside the pictures."""

import threading
from fractions import Fraction
from pathlib import Path
from typing import IO

from vidtag.errors import DamagedError
from vidtag.limits import current_limits, how_to_raise
from vidtag.media.info import FrameSpan
from vidtag.media.samplegraph import MARK_OF_FRAME

LOOK_S = 0.5  # seconds between two looks at whether a decoder goes on


class FrameLog(threading.Thread):
    """Reads the line a frame that ffmpeg writes, as it comes, and keeps the first and the last.

    An error in reading, such as a line that is no frame, is raised by whichever of `first`, `span` and `beyond` is
    called next; none of them waits for ever: a decoder that gives no frame for as long as the limit says is given up.

    Args:
        path: of the film, for messages.
        stream: the lines, of frames in time order.
        end: frames shown at this instant (seconds of the file's clock) or later do not count; None for no such end.
        tells_end: whether a line with another checksum than `MARK_OF_FRAME` says that all frames have come.
    """

    def __init__(self, path: Path, stream: IO[str], end: Fraction | None, *, tells_end: bool = False) -> None:
        super().__init__(daemon=True)
        self._path, self._stream, self._end, self._tells_end = path, stream, end, tells_end
        self._begun, self._settled = threading.Event(), threading.Event()
        self._time_base = Fraction(0)
        self._first: int | None = None
        self._last = self._last_duration = self._frames = 0
        self._beyond = False
        self._error: Exception | None = None

    def run(self) -> None:
        """Read until the child closes its end; an error is kept for whoever waits."""
        try:
            with self._stream as lines:
                for line in lines:
                    self._take(line)
        except Exception as error:
            self._error = error
        finally:
            self._begun.set()
            self._settled.set()

    def _take(self, line: str) -> None:
        if line.startswith("#tb 0:"):
            self._time_base = Fraction(line.partition(":")[2].strip())
        elif not line.startswith("#") and not self._beyond:
            fields = line.split(",")
            if self._tells_end and fields[5].strip() != MARK_OF_FRAME:
                self._begun.set()
                self._settled.set()
            elif not self._settled.is_set():
                self._count(int(fields[2]), int(fields[3]))

    def _count(self, tick: int, duration: int) -> None:
        if self._end is not None and tick * self._time_base >= self._end:
            self._beyond = True
            self._begun.set()
            self._settled.set()
            return
        self._last, self._last_duration = tick, duration
        self._frames += 1
        if self._first is None:
            self._first = tick
            self._begun.set()

    def so_far(self) -> tuple[int, Fraction]:
        """Give the frames seen so far and the seconds from the first of them to the last, without waiting."""
        first = self._first
        return self._frames, Fraction(0) if first is None else (self._last - first) * self._time_base

    def reached(self) -> Fraction | None:
        """Give when the last frame so far is shown, in seconds of the file's clock, without waiting; None before it."""
        return None if self._first is None else self._last * self._time_base

    def beyond(self) -> bool:
        """Wait until nothing more counts; say whether a frame at or behind `end` was seen."""
        self._wait(self._settled)
        return self._beyond

    def first(self) -> tuple[int, Fraction] | None:
        """Wait for the first frame: its tick and the time base, or None if there is no frame at all."""
        self._wait(self._begun)
        return None if self._first is None else (self._first, self._time_base)

    def span(self) -> FrameSpan | None:
        """Wait until nothing more counts: what was decoded, or None if there was no frame."""
        self._wait(self._settled)
        if self._first is None:
            return None
        return FrameSpan(self._time_base, self._first, self._last, self._last_duration, self._frames)

    def _wait(self, event: threading.Event) -> None:
        seen, still = self._frames, 0
        while not event.wait(LOOK_S):
            seen, still = self._frames, 0 if self._frames != seen else still + 1
            if still * LOOK_S > current_limits().stall:
                raise no_progress(self._path)
        if self._error is not None:
            raise self._error


def no_progress(path: Path) -> DamagedError:
    """Say that the decoder of a film has stood still for as long as the limit says."""
    return DamagedError(
        f"{path} is damaged, or made to waste time: decoding makes no progress for {current_limits().stall:g} s "
        f"({how_to_raise('stall')})"
    )
