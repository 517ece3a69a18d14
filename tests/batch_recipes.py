"""Makes what the tests of the batch need: seasons, jobs, and work that misbehaves by an episode's name."""

import ctypes
import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from episode_recipes import make_episode

from vidtag.batch.entries import DONE, FAILED, Entry, FileRecord
from vidtag.batch.jobs import Job, Made
from vidtag.batch.targets import SCORES, Targets
from vidtag.batch.work import process_episode
from vidtag.errors import DamagedError
from vidtag.options import AnalysisOptions, RenderOptions

RED, BLUE, GREEN = (("red", 25), ("black", 25)), (("blue", 30), ("magenta", 30)), (("black", 10), ("green", 30))
FAST = RenderOptions(preset="ultrafast")
ENTRY = Entry(
    state=DONE,
    source="/season/S1/E1\udcff.mp4",
    model="colours",
    fingerprint="f" * 64,
    stages={"scores": {"rate": "4", "end": None}},
    files={"scores": (FileRecord(path="S1/E1.scores.npz", size=7),)},
    film_s=2.5,
    notes=("a note",),
)
"""An episode of a manifest."""
FAILED_ENTRY = replace(ENTRY, state=FAILED, exit_code=5, reason="it breaks off")


def make_season(folder: Path) -> Path:
    """Make a season of three different episodes of 1.6 to 2.4 s: S1/E1, S1/E2 and S2/E1."""
    for name, scenes in (("S1/E1.mp4", RED), ("S1/E2.mp4", BLUE), ("S2/E1.mkv", GREEN)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        make_episode(path, scenes)
    return folder


def make_twenty_of(season: Path) -> dict[str, int]:
    """Add 17 films to a season of three, one of them corrupt and one that kills; gives the exit codes of these."""
    for number in range(2, 17):
        shutil.copyfile(season / f"S1/E{number % 2 + 1}.mp4", season / f"S2/E{number}.mp4")
    (season / "S2/corrupt.mp4").write_bytes((season / "S1/E1.mp4").read_bytes()[:3000])
    shutil.copyfile(season / "S1/E1.mp4", season / "S2/killed.mp4")
    return {"S2/corrupt": 3, "S2/killed": 137}


def copy_season(season: Path, folder: Path) -> Path:
    """Copy a season, to be changed."""
    return Path(shutil.copytree(season, folder))


def asked_for(model: str = "colours", **render: object):
    """Give what answers with the same options for every film."""
    options = RenderOptions(preset="ultrafast", **render)
    return lambda film: (AnalysisOptions(model=model), options)


def job_named(name: str, folder: Path) -> Job:
    """Make a job for work that looks at the name alone."""
    return Job(
        name=name,
        source=folder / f"{name}.mp4",
        size=1,
        fingerprint="",
        targets=Targets(folder / name, ".mp4"),
        stages=(SCORES,),
        network=True,
        analysis=AnalysisOptions(),
        render=RenderOptions(),
        model="",
    )


def write_pid(job, report):
    """Work that goes well: writes the process that did it where the scores go."""
    report(1.0, 2.0)
    job.targets.scores.write_text(str(os.getpid()))
    return Made(files={job.targets.scores: 1}, film_s=2.0)


def misbehave(job, report):
    """Work that goes as its name says."""
    _misbehave(job.name)
    return write_pid(job, report)


def tag_or_misbehave(job, report):
    """The real work, but for names that say otherwise."""
    _misbehave(job.source.stem)
    return process_episode(job, report)


def _misbehave(name):
    match name.partition("-")[0]:
        case "exits":
            os._exit(3)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "crashes":
            ctypes.string_at(0)
        case "hangs":
            subprocess.Popen(["sleep", "987654"])  # as an ffmpeg would: in the group of its worker
            time.sleep(3600)
        case "damaged":
            raise DamagedError("it breaks off at 0:01.0")
        case "wrong":
            raise ZeroDivisionError("division by zero")


def tree(folder: Path) -> dict[str, bytes]:
    """Read a folder: what every file in it holds, by its path below."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def running(command: str) -> list[int]:
    """List the processes whose command line begins with a text, but for those that have ended.

    Of tests that run side by side only those of this test's process count.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    mark = f"PYTEST_XDIST_WORKER={worker}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if worker and mark not in (entry / "environ").read_bytes():
                continue
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if words.startswith(command) and state != "Z":
            found.append(int(entry.name))
    return found


def descendants(pid: int) -> set[int]:
    """List the children of a process, their children, and so on."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def wait_until(holds, seconds: float = 60) -> None:
    """Wait for something on a busy machine; fail if it does not come."""
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last, "it did not come"
        time.sleep(0.05)
