"""An ffmpeg that takes the strips of the bar on its stdin and writes a film."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from vidtag.errors import OutputError
from vidtag.media.feeder import Strip, StripFeeder
from vidtag.media.ffmpeg import Ffmpeg
from vidtag.media.stallwatch import StallWatch
from vidtag.media.stripplanes import StripConverter, StripFormat

SPARE_STRIPS = 16  # behind the last slot, for whatever the filters look ahead


class StripEncoder:
    """Feeds a running ffmpeg; leaving the `with` block ends it.

    Args:
        arguments: of ffmpeg, which reads raw strips from `pipe:0`.
        target: the file that it writes.
        strips: what these are converted to.
        keep_open: file descriptors that it inherits.
        spare: see `StripFeeder`.
        gives: whether it also gives raw data on its stdout.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        target: Path,
        strips: StripFormat,
        keep_open: Sequence[int] = (),
        spare: int | None = None,
        *,
        gives: bool = False,
    ) -> None:
        errors = ("-max_error_rate", "1")  # what of a damaged film comes out is counted later
        self._ffmpeg = Ffmpeg([*errors, *arguments], stdin=True, stdout=gives, keep_open=keep_open)
        assert self._ffmpeg.stdin is not None
        self._feeder = StripFeeder(self._ffmpeg.stdin, StripConverter(strips).convert, spare)
        self._feeder.start()
        self._watch = StallWatch(self._ffmpeg, target, self._feeder.taken, let_go=self._feeder.end)

    @property
    def ffmpeg(self) -> Ffmpeg:
        """The child."""
        return self._ffmpeg

    def write(self, strip: Strip) -> None:
        """Add the strip of the next slot: (bar height, padded width, 3) uint8 RGB, not to be changed afterwards.

        Raises:
            OutputError: ffmpeg failed, for example because the disk is full, or makes no progress.
        """
        self._feeder.put(strip)
        if self._feeder.closed and self._ffmpeg.failed():
            raise self.failure()

    def wait(self) -> None:
        """Wait until everything is written.

        Raises:
            OutputError: ffmpeg failed.
        """
        self._feeder.put(None)
        self._feeder.join()
        if self._ffmpeg.finish() != 0:
            raise self.failure()

    def stop(self) -> None:
        """End it at once, from whatever thread; who writes or waits then gets an OutputError."""
        self._ffmpeg.kill()

    def failure(self) -> OutputError:
        """Say why it failed."""
        complaint = self._watch.complaint() or self._ffmpeg.complaint()
        return OutputError(f"the tagged film could not be written: {complaint}")

    def failed_for_good(self) -> bool:
        """Say whether it failed for what another try would meet, too: a full disk, or something from outside."""
        return bool(
            self._ffmpeg.failed() and (self._watch.complaint() or self._ffmpeg.disk_full or self._ffmpeg.ended_by)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ffmpeg.kill()
        self._feeder.put(None)
        self._feeder.join()
        self._ffmpeg.finish()
        self._watch.end()
