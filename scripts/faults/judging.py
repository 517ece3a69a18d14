"""Judge what a run that was disturbed has left: nothing, or earlier outputs, or whole new ones; and nobody running."""

import contextlib
import time
from pathlib import Path

import numpy as np
from faults.ground import Clean, frames_of
from faults.settings import EARLIER, Setting

from vidtag.errors import VidtagError
from vidtag.records.scorefiles import load_scores

ABSENT, OLD, NEW, WRONG = "absent", "earlier", "new", "WRONG"
_MOMENT_S = 5.0  # for children that end by themselves when their parent is gone


def states(setting: Setting, folder: Path, clean: Clean) -> set[str]:
    """Say what the outputs are; one of them alone where all is well."""
    return {_state(target, clean) for target in setting.targets(folder)}


def before(setting: Setting) -> str:
    """Give the state of all outputs before a run."""
    return OLD if setting.overwrite else ABSENT


def hidden_files(folder: Path) -> list[str]:
    """List what is in a folder and has no final name."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))
    return []


def still_running(folder: Path) -> list[int]:
    """List the processes that work on a folder a moment after they should have ended."""
    last = time.monotonic() + _MOMENT_S
    while (found := processes_of(folder)) and time.monotonic() < last:
        time.sleep(0.05)
    return found


def processes_of(place: Path) -> list[int]:
    """List the processes whose command line names a path; Linux only."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(place).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def _state(target: Path, clean: Clean) -> str:
    if not target.exists():
        return ABSENT
    if target.read_bytes() == EARLIER:
        return OLD
    return NEW if _is_new(target, clean) else WRONG


def _is_new(target: Path, clean: Clean) -> bool:
    if target.suffix == ".csv":
        return target.read_bytes() == clean.csv
    if target.suffix == ".npz":
        with contextlib.suppress(VidtagError):
            return np.array_equal(load_scores(target).values, clean.values)
        return False
    return frames_of(target) == clean.frames
