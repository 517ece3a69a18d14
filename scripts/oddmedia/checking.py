"""Run a file through `vidtag analyze` and `vidtag annotate` as a user does, and judge how it went."""

import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import Family, resident_mb
from oddmedia.matrix import TABLE
from oddmedia.measuring import Comparison, compare

REFUSALS = {3, 4, 5}
LEAST_PSNR = 42.0
MOST_SHIFT_MS = 5.0
PATIENCE_S = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How vidtag should answer a file.

    Attributes:
        annotate, analyze: exit codes, None for any that fits an odd file: 0, 3, 4 or 5.
        says: words that stderr of annotate must hold.
        psnr, frames: whether picture and frame times must be those of the original.
    """

    annotate: int | None = None
    analyze: int | None = None
    says: str = ""
    psnr: bool = False
    frames: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run of vidtag gave.

    Attributes:
        code: exit code; None if it did not end in time.
        lines: of stderr.
        seconds: wall time.
        memory_mb: highest sum over all its processes, in 10^6 bytes.
        open_files: highest number over all its processes.
    """

    code: int | None
    lines: tuple[str, ...]
    seconds: float
    memory_mb: float
    open_files: int


@dataclass(slots=True)
class Outcome:
    """A file, what vidtag made of it, and what is wrong with that (nothing, if all is well)."""

    file: str
    analyze: Answer
    annotate: Answer
    comparison: Comparison | None = None
    wrong: list[str] = field(default_factory=list)


def expected_answers(folder: Path) -> dict[str, Expected]:
    """Read how files should be answered, by their path from the folder; the table may lack some or be missing."""
    if not (folder / TABLE).is_file():
        return {}
    with (folder / TABLE).open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        return {
            row["file"]: Expected(
                annotate=int(row["annotate"]),
                analyze=int(row["analyze"]),
                says=row["says"],
                psnr=bool(row["psnr"]),
                frames=bool(row["frames"]),
            )
            for row in csv.DictReader(stream)
        }


def check_file(
    path: Path, name: str, expected: Expected, model: str, options: Sequence[str] = (), patience_s: float = PATIENCE_S
) -> Outcome:
    """Analyze and annotate one file into an empty folder, compare the film with it, and judge.

    Args:
        path: of the file.
        name: what to call it.
        expected: the answers it should get.
        model: name or path.
        options: further ones of annotate.
        patience_s: seconds after which a run is taken to hang.
    """
    with tempfile.TemporaryDirectory(prefix="vidtag-check-") as place:
        film, scores = Path(place, "film.mkv"), Path(place, "film.scores.npz")
        analyze = run_vidtag("analyze", "--model", model, "-o", scores, "--", path, patience_s=patience_s)
        annotate = run_vidtag("annotate", "--model", model, "-o", film, *options, "--", path, patience_s=patience_s)
        outcome = Outcome(name, analyze, annotate)
        outcome.wrong += _wrong_exit("analyze", analyze, expected.analyze, scores.exists())
        outcome.wrong += _wrong_exit("annotate", annotate, expected.annotate, film.exists())
        outcome.wrong += [f"{left} is left behind" for left in _left_behind(Path(place))]
        if expected.says and not any(expected.says in line for line in annotate.lines):
            outcome.wrong.append(f"does not say {expected.says!r}")
        if annotate.code == 0 and film.exists():
            outcome.comparison = compare(path, film)
            outcome.wrong += _wrong_film(outcome.comparison, expected, annotate.lines)
    return outcome


def run_vidtag(*arguments: object, patience_s: float = PATIENCE_S) -> Answer:
    """Run vidtag and watch its memory and open files every 20 ms."""
    command = [sys.executable, "-m", "vidtag", *map(os.fspath, map(_word, arguments))]
    start, highest, files = time.perf_counter(), 0.0, 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        family, ended = Family(process.pid), threading.Event()
        threading.Thread(target=lambda: (process.wait(), ended.set()), daemon=True).start()
        while not ended.wait(0.02) and time.perf_counter() - start < patience_s:
            members = family.members()
            highest, files = max(highest, resident_mb(members)), max(files, _open_files(members))
        seconds = time.perf_counter() - start
        if not ended.is_set():
            process.kill()
            ended.wait()
        said.seek(0)
        lines = tuple(said.read().decode(errors="replace").splitlines())
        return Answer(process.returncode if seconds < patience_s else None, lines, seconds, highest, files)


def _open_files(processes: Iterable[int]) -> int:
    count = 0
    for process in processes:
        with suppress(OSError):  # it has just ended
            count += len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208
    return count


def _word(argument: object) -> str | Path:
    return argument if isinstance(argument, Path) else str(argument)


def _wrong_exit(command: str, answer: Answer, expected: int | None, written: bool) -> list[str]:
    if answer.code is None:
        return [f"{command} hangs"]
    wrong = []
    if answer.code != expected if expected is not None else answer.code not in {0, *REFUSALS}:
        wrong.append(f"{command} ends with {answer.code}, expected {'0, 3, 4 or 5' if expected is None else expected}")
    if answer.code and len(answer.lines) != 1:
        wrong.append(f"{command} says {len(answer.lines)} lines, expected one")
    if written != (answer.code == 0):
        wrong.append(f"{command} {'leaves' if written else 'does not write'} its output")
    return wrong


def _left_behind(place: Path) -> list[str]:
    return [entry.name for entry in place.iterdir() if not entry.name.startswith("film.")]


def _wrong_film(found: Comparison, expected: Expected, lines: Sequence[str]) -> list[str]:
    wrong = []
    if expected.frames and found.shift_ms is None:
        wrong.append(f"{found.frames_out} frames, expected {found.frames_in}")
    if expected.frames and (found.shift_ms or 0) > MOST_SHIFT_MS:
        wrong.append(f"a frame is moved by {found.shift_ms:.1f} ms")
    if expected.frames and abs(found.sound_ms or 0) > MOST_SHIFT_MS:
        wrong.append(f"sound is moved by {found.sound_ms:.1f} ms")
    if expected.psnr and (found.psnr is None or found.psnr < LEAST_PSNR):
        wrong.append(f"PSNR {found.psnr} dB, expected {LEAST_PSNR} and more")
    said = " ".join(lines)
    wrong += [f"loses {name} and does not say so" for name in found.lost if name != "bits" or "bits become" not in said]
    return wrong
