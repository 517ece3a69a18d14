"""Ffmpeg A: decode an episode, pick one frame a slot, scale it for the network.

The child gives two things: the sampled pictures on its stdout, and a line for every decoded frame (time and duration
in exact ticks) on a second pipe, so that the number of slots, the end of the film and the number of frames are known
from what was really decoded and not from what the header promises.
"""

import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, lcm
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.fitting import fit_inside
from vidtag.analysis.sampling import slot_count
from vidtag.errors import DamagedError, OptionError, UsageError
from vidtag.media.ffmpeg import Ffmpeg
from vidtag.media.guard import guarded_input
from vidtag.media.info import FrameSpan, Part, VideoInfo
from vidtag.times import format_time

SEEK_MARGIN = Fraction(10)  # seconds decoded before a part, so that its first frame never hangs on the seek's accuracy
TOLERANCE = Fraction(1, 2)  # seconds that a header may promise too much; common files are off by a frame or two

MAX_TICKS = 2**31 - 1  # ffmpeg keeps a time base in 32 bits

_FLAGS = "area+accurate_rnd+full_chroma_int"


class FrameLog(threading.Thread):
    """Reads the line a frame that ffmpeg writes, as it comes, and keeps the first and the last."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._begun = threading.Event()
        self._time_base = Fraction(0)
        self._first: int | None = None
        self._last = self._last_duration = self._frames = 0

    def run(self) -> None:
        """Read until the child closes its end."""
        with self._stream as lines:
            for line in lines:
                self._take(line)
        self._begun.set()

    def _take(self, line: str) -> None:
        if line.startswith("#tb 0:"):
            self._time_base = Fraction(line.partition(":")[2].strip())
        elif not line.startswith("#"):
            fields = line.split(",")
            self._last, self._last_duration = int(fields[2]), int(fields[3])
            self._frames += 1
            if self._first is None:
                self._first = self._last
                self._begun.set()

    def first(self) -> tuple[int, Fraction] | None:
        """Wait for the first frame: its tick and the time base, or None if there is no frame at all."""
        self._begun.wait()
        return None if self._first is None else (self._first, self._time_base)

    def span(self) -> FrameSpan | None:
        """Wait for the end: what was decoded, or None if there was no frame."""
        self.join()
        if self._first is None:
            return None
        return FrameSpan(self._time_base, self._first, self._last, self._last_duration, self._frames)


class SampleReader:
    """The samples of an episode, in order, as batches ready for the network.

    Use it in a `with` block and iterate once. Holds two batches.

    Args:
        info: the episode.
        input_size: height and width of the network's input in px.
        rate: samples a second.
        batch_size: samples in a batch, the last one may be smaller.
        part: what to look at; all of it by default.
    """

    def __init__(
        self,
        info: VideoInfo,
        *,
        input_size: tuple[int, int],
        rate: Fraction,
        batch_size: int,
        part: Part | None = None,
    ) -> None:
        self.info, self.rate, self.part = info, rate, part or Part()
        self._shape = (batch_size, *input_size, 3)
        reading, writing = os.pipe()
        try:
            arguments = sample_arguments(info, input_size=input_size, rate=rate, part=self.part, log=writing)
            self._ffmpeg = Ffmpeg(arguments, stdout=True, keep_open=(writing,))
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._log = FrameLog(os.fdopen(reading, encoding="ascii"))
        self._log.start()

    def first_tick(self) -> tuple[int, Fraction]:
        """Wait for the first decoded frame: when it is shown, in ticks of the file's clock, and seconds a tick.

        Raises:
            DamagedError: nothing could be decoded.
            UsageError: the part starts after the end of the film.
        """
        first = self._log.first()
        if first is None:
            raise self._nothing()
        return first

    def origin(self) -> Fraction:
        """Wait for the first frame and give the instant from which the episode's times count, in the file's clock."""
        if self.part.start > 0:
            return self.info.first
        first, time_base = self.first_tick()
        return first * time_base

    def span(self) -> FrameSpan:
        """Wait for the end and say what was decoded; raises as `first_tick` does."""
        span = self._log.span()
        if span is None:
            raise self._nothing()
        return span

    def end(self) -> Fraction:
        """Wait for the end and say when the part ends, in seconds from the first frame of the episode."""
        end = self.span().end(self.info.rate) - self.origin()
        return end if self.part.end is None else min(end, self.part.end)

    def __iter__(self) -> Iterator[NDArray[np.uint8]]:
        """Give (n, height, width, 3) uint8 RGB batches, one sample for every slot.

        Raises:
            DamagedError: decoding failed or ended before the header's end; raised after the last whole batch.
            UsageError: the part starts after the end of the film.
        """
        held: NDArray[np.uint8] | None = None
        given = 0
        for batch in self._raw_batches():
            if held is not None:
                yield held
                given += len(held)
            held = batch
        code = self._ffmpeg.finish()
        count = slot_count(self.end() - self.part.start, self.rate)
        if held is not None and given < count:
            missing = max(0, count - given - len(held))
            yield np.concatenate((held, np.repeat(held[-1:], missing, axis=0)))[: count - given]
        self._check_end(code)

    def _raw_batches(self) -> Iterator[NDArray[np.uint8]]:
        assert self._ffmpeg.stdout is not None
        sample_bytes = int(np.prod(self._shape[1:]))
        while True:
            buffer = np.empty(self._shape, dtype=np.uint8)
            filled = _read_into(self._ffmpeg.stdout, buffer.reshape(-1).data)
            if whole := filled // sample_bytes:
                yield buffer[:whole]
            if whole < self._shape[0]:
                return

    def _check_end(self, code: int) -> None:
        """Compare the exit code and the decoded end with what the header promised."""
        span, info = self.span(), self.info
        if code != 0:
            raise DamagedError(self._readable(f"decoding failed ({self._ffmpeg.complaint()})"))
        promised = None if self.part.end is not None else info.promised_end
        if promised is not None and promised - span.end(info.rate) > TOLERANCE:
            raise DamagedError(self._readable("it breaks off"))

    def _readable(self, what: str) -> str:
        length = self.info.promised_duration
        of = f" of {format_time(length)}" if length else ""
        read = self.span().end(self.info.rate) - self.info.first
        return f"{self.info.path} is damaged: {what}; readable are 0:00.0 to {format_time(read)}{of}"

    def _nothing(self) -> Exception:
        if self.part.start > 0:
            return UsageError(f"--start {format_time(self.part.start)} lies after the end of {self.info.path}")
        return DamagedError(f"{self.info.path} is damaged: no frame can be decoded ({self._ffmpeg.complaint()})")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ffmpeg.__exit__(kind, error, trace)
        self._log.join()


def _read_into(stream: IO[bytes], buffer: memoryview) -> int:
    """Fill a buffer from a raw pipe; give the bytes read, fewer only at the end."""
    filled = 0
    while filled < len(buffer):
        read = stream.readinto(buffer[filled:])  # type: ignore[attr-defined]  # a raw FileIO, as bufsize is 0
        if not read:
            break
        filled += read
    return filled


def sample_arguments(
    info: VideoInfo, *, input_size: tuple[int, int], rate: Fraction, part: Part, log: int
) -> list[str]:
    """Build ffmpeg's arguments: sampled rgb24 on stdout, a line for every frame on file descriptor `log`.

    The `fps` filter keeps, for every slot, the last frame at or before the slot's begin. The clock is first moved back
    by half a slot, in a time base fine enough for all instants to be whole ticks, so the slot's middle decides.
    """
    ticks = lcm(info.time_base.denominator, 2 * rate.numerator)
    if ticks > MAX_TICKS:
        raise OptionError(f"a rate of {rate} a second has no common clock with {info.path}; try 4, 5 or 12.5")
    half_slot = ticks * rate.denominator // (2 * rate.numerator)
    height, width = input_size
    place = fit_inside(*info.upright_size, width, height, info.upright_sample_aspect)
    begin = str(ticks_from(info.first + part.start, Fraction(1, ticks))) if part.start > 0 else "STARTPTS"
    graph = (
        f"[0:{info.index}]settb=1/{ticks},{trim_filter(info, part, Fraction(1, ticks))}split=2[pick][all];"
        f"[pick]setpts=PTS-{begin}-{half_slot},fps={rate}:start_time=0:round=up,"
        f"scale={place.width}:{place.height}:flags={_FLAGS},format=rgb24,"
        f"pad={width}:{height}:{place.left}:{place.top}:black[samples];[all]null[frames]"
    )
    samples = ["-map", "[samples]", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"]
    frames = ["-map", "[frames]", "-fps_mode", "passthrough", "-enc_time_base", "filter", "-c:v", "wrapped_avframe"]
    return [
        "-copyts",
        *seek_arguments(info, part),
        *guarded_input(info.path),
        "-filter_complex",
        graph,
        *samples,
        *frames,
        "-flush_packets",
        "1",
        "-f",
        "framecrc",
        f"pipe:{log}",
    ]


def seek_arguments(info: VideoInfo, part: Part) -> list[str]:
    """Start decoding shortly before a part."""
    begin = info.first - info.container_start + part.start - SEEK_MARGIN
    return ["-ss", f"{float(begin):.6f}"] if begin > 0 else []


def trim_filter(info: VideoInfo, part: Part, time_base: Fraction) -> str:
    """Cut a part out of the decoded frames: those first shown at start <= t < end; `time_base` is the frames' clock."""
    if part.whole:
        return ""
    bounds = [f"start_pts={ticks_from(info.first + part.start, time_base)}"]
    if part.end is not None:
        bounds.append(f"end_pts={ticks_from(info.first + part.end, time_base)}")
    return f"trim={':'.join(bounds)},"


def ticks_from(seconds: Fraction, time_base: Fraction) -> int:
    """Give the first whole tick at or after an instant: frames from there on are those shown from the instant on."""
    return ceil(seconds / time_base)
