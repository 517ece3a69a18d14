"""Samples: an ffmpeg decodes an episode, picks one frame a slot, scales it for the network; here they are read.

Ffmpeg A does nothing else; the one ffmpeg that decodes once also writes the film. Each gives two things: the sampled
pictures on its stdout, and a line for every decoded frame (time and duration in exact ticks) on a second pipe, so that
the number of slots, the end of the film and the number of frames are known from what was really decoded and not from
what the header promises.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import repeat
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.sampling import slot_count
from vidtag.errors import DamagedError, EndedError, LimitError, UsageError
from vidtag.limits import current_limits, how_to_raise
from vidtag.media.framelog import FrameLog
from vidtag.media.giver import Giver, start_decoder
from vidtag.media.info import FrameSpan, Part, VideoInfo
from vidtag.media.isolated import isolated
from vidtag.media.readable import Damage, describe_damage, joined_within
from vidtag.media.samplegraph import MARK_LINES
from vidtag.media.watch import Watch
from vidtag.timeline import Interval
from vidtag.times import format_time

TOLERANCE = Fraction(1, 2)  # seconds that a header may promise too much; common files are off by a frame or two


class GivesNoMoreError(Exception):
    """A decoder that also writes a film ended before it told the end; who writes the film knows why."""


class SampleReader:
    """The samples of an episode, in order, as batches ready for the network.

    Use it in a `with` block and iterate once. Holds two batches.

    Args:
        info: the episode.
        input_size: height and width of the network's input in px.
        rate: samples a second.
        batch_size: samples in a batch, the last one may be smaller.
        part: what to look at; all of it by default.
        keeps_aspect: whether the picture is fitted into the input with black around it; else it is stretched.
        threads: of the decoder, 0 for as many as ffmpeg thinks right.
        keep_going: whether a damaged film is no error; `unknown` then says what of it cannot be believed.
        begin_with: samples of the first batch that come before its rest, so that scores begin soon; 0 for none.
        giver: what decodes; by default a child of its own.
    """

    def __init__(
        self,
        info: VideoInfo,
        *,
        input_size: tuple[int, int],
        rate: Fraction,
        batch_size: int,
        part: Part | None = None,
        keeps_aspect: bool = True,
        threads: int = 0,
        keep_going: bool = False,
        begin_with: int = 0,
        giver: Giver | None = None,
    ) -> None:
        self.info, self.rate, self.part = info, rate, part or Part()
        self._keep_going, self._begin_with = keep_going, begin_with
        self._damage: Damage | None = None
        self._shape = (batch_size, *input_size, 3)
        self._wanted = None if self.part.end is None else slot_count(self.part.end - self.part.start, rate)
        if giver is None:
            giver = start_decoder(info, input_size, rate, self.part, keeps_aspect=keeps_aspect, threads=threads)
        self._ffmpeg, self._shared = giver.ffmpeg, giver.tells_end
        end = None if self.part.end is None else info.first + self.part.end
        self._log = FrameLog(info.path, giver.log, end, tells_end=self._shared)
        self._log.start()
        self._watch = Watch(info.path, self._log)

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
        if self.part.end is not None and self._log.beyond():
            return self.part.end  # the last frame of the part is on screen until then, whatever its own duration
        end = self.span().end(self.info.rate) - self.origin()
        return end if self.part.end is None else min(end, self.part.end)

    @property
    def unknown(self) -> tuple[Interval, ...]:
        """Stretches that cannot be believed, in seconds from the first frame; known behind the last batch.

        The last one may reach past `end`, to the end that the header promises.
        """
        return self._damage.unknown if self._damage else ()

    def __iter__(self) -> Iterator[NDArray[np.uint8]]:
        """Give (n, height, width, 3) uint8 RGB batches, one sample for every slot.

        Raises:
            DamagedError: decoding failed, had to conceal something, makes no progress, or ended before the header's
                end; raised after the last whole batch.
            EndedError: the decoder was ended from outside.
            GivesNoMoreError: a decoder that also writes a film ended too soon.
            LimitError: the film is longer than the limits, or takes more memory.
            UsageError: the part starts after the end of the film.
        """
        given = 0
        whole: NDArray[np.uint8] | None = None  # held, as its last slots may yet turn out to lie behind the film's end
        buffer, filled = np.empty((0, *self._shape[1:]), np.uint8), 0
        for buffer, filled in self._filling():
            if filled == len(buffer):
                if whole is not None:
                    yield whole
                    given += len(whole)
                whole, filled = buffer, 0
            if whole is not None and self._begins(given + len(whole) - 1):
                yield whole
                given, whole = given + len(whole), None
        code = 0 if self._shared else self._finish()
        rest = buffer[:filled] if whole is None else np.concatenate((whole, buffer[:filled]))
        last = buffer[filled - 1 :][:1]  # row -1, of a buffer that is full, where none is filled
        yield from self._last_batches(rest, last, slot_count(self.end() - self.part.start, self.rate) - given)
        if not self._shared:
            self.check(code)

    def check(self, code: int) -> None:
        """Look for damage behind the last batch, which iterating does by itself where the decoder is its own.

        Args:
            code: exit code of the decoder, which has ended.

        Raises:
            DamagedError, EndedError, LimitError, UsageError: as iterating does.
        """
        self._damage = self._look_for_damage(code)
        if self._damage and not self._keep_going:
            read, length = self.span().end(self.info.rate) - self.info.first, self.info.promised_duration
            raise DamagedError(describe_damage(self.info.path, self._damage, read, self.part.start, length))

    def _filling(self) -> Iterator[tuple[NDArray[np.uint8], int]]:
        """Read to the end of the film, or as many samples as the part can have: behind them nothing more comes.

        Gives a batch, and how many of its rows are filled, for every sample.
        """
        assert self._ffmpeg.stdout is not None
        sample_bytes = int(np.prod(self._shape[1:]))
        left = self._wanted
        for batch in self._sizes():
            size = batch if left is None else min(batch, left)
            buffer = np.empty((size, *self._shape[1:]), dtype=np.uint8)
            for row in range(size):
                if _read_into(self._ffmpeg.stdout, buffer[row].reshape(-1).data, self._watch) < sample_bytes:
                    if self._shared:
                        raise GivesNoMoreError
                    return
                if self._shared and self._told_end(buffer.shape[2]):
                    return
                yield buffer, row + 1
            if left is not None and not (left := left - size):
                return

    def _told_end(self, width: int) -> bool:
        """Read what stands below a sample: whether it is none, as all samples have come."""
        assert self._ffmpeg.stdout is not None
        mark = np.zeros((MARK_LINES, width, 3), np.uint8)
        if _read_into(self._ffmpeg.stdout, mark.reshape(-1).data, self._watch) < mark.nbytes:
            raise GivesNoMoreError
        return bool(mark.any())

    def _sizes(self) -> Iterator[int]:
        """Give the samples of every batch, without end."""
        size = self._shape[0]
        if 0 < self._begin_with < size:
            yield from (self._begin_with, size - self._begin_with)
        yield from repeat(size)

    def _begins(self, slot: int) -> bool:
        """Say whether a frame is known that is shown after a slot's begin, so that the slot belongs to the film."""
        reached = self._log.reached()
        return reached is not None and reached - self.origin() - self.part.start > slot / self.rate

    def _last_batches(
        self, rest: NDArray[np.uint8], last: NDArray[np.uint8], count: int
    ) -> Iterator[NDArray[np.uint8]]:
        """Give the samples of the last `count` slots: `rest`, and where that is too short, copies of `last`."""
        missing = max(0, count - len(rest)) if len(last) else 0
        samples = np.concatenate((rest, np.repeat(last, missing, axis=0)))[: max(0, count)]
        for first in range(0, len(samples), self._shape[0]):
            yield samples[first : first + self._shape[0]]

    def _finish(self) -> int:
        """Wait for ffmpeg and give its exit code; 0 if all that is left to decode lies behind the part."""
        if self._log.beyond():
            self._ffmpeg.kill()
            self._ffmpeg.finish()
            return 0
        return self._ffmpeg.finish()

    def _look_for_damage(self, code: int) -> Damage | None:
        """Compare the exit code, the complaints and the decoded end with what the header promised; None if all is well.

        Raises:
            EndedError: the decoder was ended from outside.
            LimitError: the decoder got no more memory.
            UsageError: no frame lies in the part.
        """
        if code != 0:
            self._check_ended()
        self.span()
        if self._ffmpeg.out_of_memory:
            raise LimitError(f"{self.info.path} takes too much memory (GB): {how_to_raise('memory')}")
        wrong, stretches = [], []
        if code != 0 or self._ffmpeg.complained:
            stretches = self._broken_stretches()
            if code != 0 or stretches:
                wrong.append(f"decoding failed ({self._ffmpeg.complaint()})")
        if (missing := self._missing_end()) is not None:
            wrong.append("it breaks off")
            stretches.append(missing)
        end = max((last for _, last in stretches), default=self.end()) if self.part.end is None else self.part.end
        unknown = joined_within(stretches, self.part.start, end)
        return Damage(" and ".join(wrong), unknown) if unknown or code != 0 else None

    def _check_ended(self) -> None:
        """Raise EndedError if the decoder was ended by a signal that says nothing of the film.

        One that comes while the film is being opened makes ffmpeg call it broken; but it has been opened before.
        """
        if signal := self._ffmpeg.ended_by or ("or the file has changed" if self._ffmpeg.opened_nothing else ""):
            raise EndedError(
                f"the ffmpeg that decodes {self.info.path} was ended from outside ({signal}); make sure that there is "
                "enough memory, and run vidtag again"
            )

    def _broken_stretches(self) -> list[tuple[Fraction, Fraction]]:
        """Ask which stretches had to be concealed, in seconds from the first frame."""
        with isolated("damage", self.info.path, str(self.info.index), patience_s=None) as answer:
            found = [(Fraction(start), Fraction(end)) for start, end in answer()]
        return [(start - self.info.first, end - self.info.first) for start, end in found]

    def _missing_end(self) -> tuple[Fraction, Fraction] | None:
        """Give what the header promises behind the last frame, in seconds from the first frame, if it is missing.

        Of a promise beyond all limits an instant is left: that something is missing, but not how much.
        """
        info = self.info
        if info.promised_end is None or self._log.beyond():
            return None
        wanted = info.promised_end if self.part.end is None else min(info.promised_end, info.first + self.part.end)
        begin, end = self.span().end(info.rate) - info.first, wanted - info.first
        if end - begin <= TOLERANCE:
            return None
        return begin, end if end < current_limits().seconds else begin + 1 / self.rate

    def _nothing(self) -> Exception:
        path, part, length = self.info.path, self.part, self.info.promised_duration
        if part.end is not None and self._log.beyond():  # so it may have been ended from here
            return UsageError(
                f"no frame of {path} begins between {format_time(part.start)} and {format_time(part.end)}"
            )
        self._check_ended()
        if part.start > 0 and (length is None or part.start >= length):
            return UsageError(f"--start {format_time(part.start)} lies after the end of {path}")
        return DamagedError(f"{path} is damaged: no frame can be decoded ({self._ffmpeg.complaint()})")

    def stop(self) -> None:
        """End it at once, from whatever thread; who iterates gets what is there, and then an error."""
        self._ffmpeg.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shared:  # whoever writes with it waits for its end, and closes its pipes
            self._ffmpeg.kill()
        else:
            self._ffmpeg.__exit__(kind, error, trace)
        self._log.join()


def _read_into(stream: IO[bytes], buffer: memoryview, watch: Watch) -> int:
    """Fill a buffer from a raw pipe; give the bytes read, fewer only at the end."""
    filled = 0
    while filled < len(buffer):
        watch.wait_for(stream)
        read = stream.readinto(buffer[filled:])  # type: ignore[attr-defined]  # a raw FileIO, as bufsize is 0
        if not read:
            break
        filled += read
    return filled
