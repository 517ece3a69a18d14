"""What a command costs: time, processor time and memory of the process and all that it starts. Linux only (/proc)."""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import IO

from vidtag.errors import VidtagError

INTERVAL_S = 0.05  # between two looks at the memory
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_PATIENCE_S = 10  # for a command that was told to end


class CommandFailedError(VidtagError):
    """A command that is measured did not end well, so that its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command cost.

    Attributes:
        wall_s: from its start to its end.
        cpu_s: user and system time of the process and all its descendants.
        own_s: the share of `cpu_s` that the first process took itself: for vidtag Python, bar and network, no ffmpeg.
        main_s: the share of `own_s` of its main thread: for vidtag Python and bar, and what of the network runs there.
        memory_mb: highest sum over all processes at one time, in units of 10^6 bytes; see `resident_mb`.
    """

    wall_s: float
    cpu_s: float
    own_s: float
    main_s: float
    memory_mb: float


def median_cost(costs: Sequence[Cost]) -> Cost:
    """Give the median of each figure on its own."""
    return Cost(*(median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)))


def measure(command: Sequence[object], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, its output dropped, and say what it cost.

    Raises:
        CommandFailedError: it ends with another exit code than 0.
    """
    with TemporaryFile() as said:
        start = time.perf_counter()
        process = start_command(command, said, environment)
        try:
            cost = _watch(process, start)
        finally:
            end_command(process)
        if process.returncode:
            raise CommandFailedError(_complaint(command, process.returncode, said))
        return cost


def start_command(
    command: Sequence[object], said: IO[bytes] | int = subprocess.DEVNULL, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a command that reads nothing and whose output is dropped; what it says on stderr goes into a file."""
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        env={**os.environ, **(environment or {})},
    )


def end_command(process: "subprocess.Popen[bytes]") -> None:
    """End a command if it still runs, kindly at first, so that it can end what it started."""
    if process.returncode is None and process.poll() is None:
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _watch(process: "subprocess.Popen[bytes]", start: float) -> Cost:
    ended, ends = threading.Event(), []

    def wait() -> None:
        with contextlib.suppress(ChildProcessError):  # an interrupted measurement has taken it away
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # leaves it there to be read once more
        ends.append(time.perf_counter())
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    family = Family(process.pid)
    highest = resident_mb(family.members())
    while not ended.wait(INTERVAL_S):
        highest = max(highest, resident_mb(family.members()))
    own_s, main_s = (_processor_time(Path(f"/proc/{process.pid}{part}/stat")) for part in ("", f"/task/{process.pid}"))
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(ends[0] - start, used.ru_utime + used.ru_stime, own_s, main_s, highest)


class Family:
    """A process and its descendants. Strangers are remembered, so that a look costs little."""

    def __init__(self, first: int) -> None:
        self._parents, self._strangers = {first: 0}, set[int]()

    def members(self) -> dict[int, int]:
        """Give the ids of those who run now, each with the id of the process that started it."""
        running = {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
        self._parents = {process: parent for process, parent in self._parents.items() if process in running}
        for process in sorted(running - self._parents.keys() - self._strangers):
            parent = _parent(process)
            if parent in self._parents:
                self._parents[process] = parent
            else:
                self._strangers.add(process)
        return dict(self._parents)


def resident_mb(processes: Mapping[int, int]) -> float:
    """Give the memory that processes hold together, in units of 10^6 bytes.

    It is the sum of their own resident pages, and of the pages of files (such as the program itself) once for each
    program: two ffmpegs share theirs. This is near the sum of the proportional sizes (`Pss`), which is not read because
    that stops a large process for 20 ms each time.

    Args:
        processes: ids, each with that of its parent. A child that holds just what its parent does is about to start
            another program and still shares all of it, so it is left out.
    """
    held = {process: pages for process in processes if (pages := _pages(process))}
    own, shared = 0, dict[str, int]()
    for process, (program, resident, of_files) in held.items():
        if held.get(processes[process]) != held[process]:
            own += resident - of_files
            shared[program] = max(shared.get(program, 0), of_files)
    return (own + sum(shared.values())) * _PAGE_MB


def _pages(process: int) -> tuple[str, int, int] | None:
    """Give a process' program, its resident pages and those of them that are files', or None if it has just ended."""
    try:
        program = str(Path(f"/proc/{process}/exe").readlink())
        resident, of_files = map(int, Path(f"/proc/{process}/statm").read_text("ascii").split()[1:3])
    except OSError:
        return None
    return program, resident, of_files


def _parent(process: int) -> int:
    """Give the id of a process' parent, 0 if it has just ended."""
    try:
        return int(_fields(Path(f"/proc/{process}/stat"))[1])
    except OSError:
        return 0


def _processor_time(path: Path) -> float:
    """Give user and system time in seconds out of a `stat` file of /proc, without that of children."""
    return sum(map(int, _fields(path)[11:13])) / _TICKS_A_SECOND


def _fields(path: Path) -> list[str]:
    """Give the fields of a `stat` file that follow the program's name, which may hold anything."""
    return path.read_text("utf-8", "replace").rpartition(")")[2].split()


def _complaint(command: Sequence[object], code: int, said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "no message")
    words = " ".join(str(word) for word in command[:5])
    return f"{words} … ended with exit code {code}: {last[:300]}"
