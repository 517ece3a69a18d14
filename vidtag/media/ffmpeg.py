"""Run ffmpeg as a child: argument lists only, limits of its own, stderr always drained, never left behind."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from functools import cache
from types import TracebackType
from typing import IO, Self

from vidtag.errors import SetupError
from vidtag.media.childlimits import limit_child

_HEAD_LINES, _TAIL_LINES = 5, 20
_LINE_BYTES = 500
_SPEAKER = re.compile(r"(\[[^\]]*\]\s*)+")  # such as `[libx264 @ 0x5581]`
_FULL = "No space left on device"
_NOT_OPENED = "Error opening input"
_NO_MEMORY = "Cannot allocate memory"
_TASK_FAILED = "Task finished with error code"
_QUIET_ENCODERS = {"SVT_LOG": "1"}  # SVT-AV1 asks no log level of ffmpeg's; 1 is for errors
_TIDIED_UP = 255  # exit code
_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)}


@cache
def ffmpeg_path() -> str:
    """Find the ffmpeg binary that imageio-ffmpeg brings (or `$IMAGEIO_FFMPEG_EXE`).

    Raises:
        SetupError: there is none.
    """
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise SetupError("ffmpeg is missing; reinstall it: pip install --force-reinstall imageio-ffmpeg") from error


@cache
def ffmpeg_version() -> str:
    """Give the first line that `ffmpeg -version` prints, without the copyright.

    Raises:
        SetupError: ffmpeg is missing or does not run.
    """
    try:
        result = subprocess.run([ffmpeg_path(), "-version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise _does_not_run(error) from error
    return result.stdout.partition(" Copyright")[0]


def _does_not_run(error: Exception) -> SetupError:
    return SetupError(f"{ffmpeg_path()} does not run ({error}); reinstall imageio-ffmpeg")


@cache
def encoder_pixel_formats(encoder: str) -> tuple[str, ...]:
    """List the pixel formats that a video encoder takes; empty if ffmpeg has no such video encoder."""
    command = [ffmpeg_path(), "-hide_banner", "-h", f"encoder={encoder}"]
    text = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    for line in text.splitlines():
        if "Supported pixel formats:" in line:
            return tuple(line.partition(":")[2].split())
    return ()


@cache
def _tie() -> tuple[str, ...]:
    """Give the words that let Linux end a command when the thread that starts it is gone, however that ended.

    Elsewhere ffmpeg ends soon by itself: there is nobody to read its pictures or to give it strips.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return ()
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        words = subprocess.run([setpriv, "--help"], capture_output=True, text=True, timeout=10, check=True).stdout
        return (setpriv, "--pdeathsig", "KILL", "--") if "--pdeathsig" in words else ()
    return ()


def thread_arguments(threads: int) -> list[str]:
    """Give the arguments that limit a decoder (before its input) or an encoder to some threads; none for 0."""
    return ["-threads", str(threads)] if threads else []


def threads_beside_an_encoder() -> int:
    """Give the threads for a decoder of samples that runs beside an encoder: that one needs every core it can get.

    Small samples are decoded several times as fast as a film is encoded, and each thread more costs processor time.
    """
    return max(1, usable_cores() // 4)


def usable_cores() -> int:
    """Give the processor cores that this process and its children may use, at least 1."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_KEPT_TOGETHER = threading.Event()


def keep_together() -> None:
    """Start every further ffmpeg in the process group of this process, so that all can be ended at once.

    For a process that leads a session of its own: otherwise a Ctrl-C at the terminal would reach the children, too.
    """
    _KEPT_TOGETHER.set()


def own_session() -> bool:
    """Say whether children get a session of their own: a Ctrl-C then reaches Python alone, which ends them."""
    return not _KEPT_TOGETHER.is_set()


class Ffmpeg:
    """One running ffmpeg. Leaving the `with` block kills it if it still runs.

    Attributes:
        stdin: where raw pictures go in, None unless asked for.
        stdout: where raw pictures come out, None unless asked for.

    Args:
        arguments: after the program's name and the logging options.
        stdin, stdout: whether raw data goes in and comes out; what only writes to stdout may write no file.
        keep_open: file descriptors that the child inherits under the same numbers.

    Raises:
        SetupError: there is no ffmpeg, or the system starts no further process.
    """

    def __init__(
        self, arguments: Sequence[str], *, stdin: bool = False, stdout: bool = False, keep_open: Sequence[int] = ()
    ) -> None:
        if shutil.which(ffmpeg_path()) is None:  # what ties it would start, and fail behind our back
            raise SetupError(f"{ffmpeg_path()} is not there or cannot be run; see vidtag doctor")
        words = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "error")
        try:
            self._process = subprocess.Popen(
                [*_tie(), ffmpeg_path(), *words, *arguments],
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE if stdout else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=tuple(keep_open),
                start_new_session=own_session(),
                bufsize=0,
                env=os.environ | _QUIET_ENCODERS,
            )
        except OSError as error:
            raise SetupError(f"ffmpeg cannot be started ({error.strerror or error}); see vidtag doctor") from error
        limit_child(self._process.pid, writes=stdin or not stdout)
        self.stdin: IO[bytes] | None = self._process.stdin
        self.stdout: IO[bytes] | None = self._process.stdout
        self._head: list[str] = []
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._drain = threading.Thread(target=self._read_stderr, daemon=True)
        self._drain.start()

    def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            while line := stream.readline(_LINE_BYTES):
                if text := line.decode(errors="replace").strip():
                    (self._tail if len(self._head) == _HEAD_LINES else self._head).append(text)

    def finish(self) -> int:
        """Close the pipes, wait for the end and give the exit code."""
        self._close_pipes()
        code = self._process.wait()
        self._drain.join()
        return code

    def failed(self) -> bool:
        """Say whether it has ended with an error; does not wait beyond a moment for its exit code.

        If it has ended, its complaints are known, too: its other pipes may close before they are read.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=1)
            self._drain.join(timeout=1)
            return code != 0
        return False

    @property
    def ended_by(self) -> str:
        """The signal by which it was ended from outside or by `kill`, such as `SIGKILL`; empty if it ended by itself.

        That says nothing of the film, as a crash would. Waits no longer than `failed`. Once its handlers stand, ffmpeg
        answers a signal by tidying up, without a complaint, and by the exit code 255.
        """
        ended_badly = self.failed()
        number = -(self._process.returncode or 0)
        if number == -_TIDIED_UP and not self.complained:
            return signal.SIGTERM.name
        return signal.Signals(number).name if ended_badly and number in _FROM_OUTSIDE else ""

    def kill(self) -> None:
        """End it at once if it still runs."""
        if self._process.poll() is None:
            self._process.kill()

    def processor_time(self) -> int:
        """Give the ticks that it has calculated so far; 0 where the system does not say, or when it has ended."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{self._process.pid}/stat", encoding="ascii", errors="replace") as stream:  # noqa: PTH123
                fields = stream.read().rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])
        return 0

    @property
    def complained(self) -> bool:
        """Whether it has written a complaint so far; all of them are known behind `finish`."""
        return bool(self._head)

    @property
    def breaking_off(self) -> bool:
        """Whether it complained that a part of it failed: it ends as soon as nothing holds it up."""
        return any(_TASK_FAILED in line for line in (*self._head, *self._tail))

    @property
    def opened_nothing(self) -> bool:
        """Whether it complained that it cannot open what it should read."""
        return any(_NOT_OPENED in line for line in (*self._head, *self._tail))

    @property
    def out_of_memory(self) -> bool:
        """Whether it complained that it gets no more memory."""
        return any(_NO_MEMORY in line for line in (*self._head, *self._tail))

    @property
    def disk_full(self) -> bool:
        """Whether it complained that the disk is full."""
        return any(_FULL in line for line in (*self._head, *self._tail))

    def complaint(self) -> str:
        """Say in one short line what went wrong: a full disk, or what ffmpeg said first (the rest follows from it)."""
        lines = [_SPEAKER.sub("", line) for line in (*self._head, *self._tail) if "[Eval @" not in line]
        if self.disk_full:
            return _FULL
        if self.ended_by:
            return f"ffmpeg was ended from outside ({self.ended_by}); is there enough memory?"
        return lines[0][:200] if lines else "no message"

    def _close_pipes(self) -> None:
        for pipe in (self.stdin, self.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.finish()
