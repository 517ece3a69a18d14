"""End an ffmpeg of a run, the one that reads or one that writes."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from faults.ground import PATIENCE_S, Ground
from faults.judging import NEW, before, hidden_files, processes_of, states, still_running
from faults.outcome import Outcome
from faults.settings import SETTINGS, Setting

READER, WRITER = "the ffmpeg that reads", "an ffmpeg that writes"
CODES = {READER: 1, WRITER: 6}


def child_points(ground: Ground, number: int, seed: int) -> Iterator[Outcome]:
    """Go through seeded moments, settings and both kinds of children."""
    draw = Random(seed)
    for point in range(number):
        setting = replace(SETTINGS[point % len(SETTINGS)], long=True)  # or the reader is done at once
        kind = (READER, WRITER)[point // len(SETTINGS) % 2]
        yield end_child(ground, setting, kind, draw.uniform(0, 0.3), ground.folder / f"child-{point}")


def end_child(ground: Ground, setting: Setting, kind: str, after_s: float, folder: Path) -> Outcome:
    """Kill a child some seconds after it has begun, and judge how the run ends."""
    setting.prepare(folder)
    episode = _own_copy(ground.episode(setting), folder)
    command = setting.command(episode, folder, ground.model)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            hit = _kill_child(process, episode, kind, after_s)
            _, said = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    code, lines, found = process.returncode, said.splitlines(), states(setting, folder, ground.clean(setting))
    words = f"exit {code}, {'/'.join(sorted(found))}{'' if hit else ', it was gone already'}"
    outcome = Outcome(f"{kind} killed {after_s:.2f} s after it began, {setting.name}", words)
    outcome.expect(code == (CODES[kind] if code and hit else 0), f"exit {code}: {lines}")
    outcome.expect(found == {before(setting) if code else NEW}, f"outputs are {sorted(found)}")
    outcome.expect(not code or len(lines) == 1, f"says {lines}")
    outcome.expect(not (left := hidden_files(folder)), f"{left} are left")
    outcome.expect(not (running := still_running(folder)), f"{running} still run")
    return outcome


def _own_copy(episode: Path, folder: Path) -> Path:
    """Copy the episode, so that processes which name it belong to one run."""
    copy = folder / "in" / episode.name
    copy.parent.mkdir()
    copy.write_bytes(episode.read_bytes())
    return copy


def _kill_child(process: "subprocess.Popen[str]", episode: Path, kind: str, after_s: float) -> bool:
    """Wait for a child, wait some seconds more, and kill it; False if it was gone."""
    while process.poll() is None:
        if found := [pid for pid in processes_of(episode) if _kind_of(pid) == kind]:
            time.sleep(after_s)
            with contextlib.suppress(ProcessLookupError):
                os.kill(found[0], signal.SIGKILL)
                return True
            return False
        time.sleep(0.01)
    return False


def _kind_of(pid: int) -> str:
    """Tell children apart by what they are told; empty for others."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"ffmpeg" in words.partition(b"\0")[0]:
            return WRITER if b"/.vidtag-" in words else READER if b"\0rawvideo\0pipe:1\0" in words else ""
    return ""
