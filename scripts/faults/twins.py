"""Two runs at once on the same outputs: one makes them, the other one says so."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from faults.ground import PATIENCE_S, Ground
from faults.judging import NEW, hidden_files, states
from faults.outcome import Outcome
from faults.settings import SETTINGS, Setting

REFUSED = {6: "exists already", 7: "another run"}


def twin_points(ground: Ground, number: int, seed: int) -> Iterator[Outcome]:
    """Go through seeded delays and settings."""
    draw = Random(seed)
    for point in range(number):
        setting = SETTINGS[point % len(SETTINGS)]
        delay = 0.0 if point % 2 else draw.uniform(0, ground.clean(setting).seconds)
        yield run_twins(ground, setting, delay, ground.folder / f"twins-{point}")


def run_twins(ground: Ground, setting: Setting, delay_s: float, folder: Path) -> Outcome:
    """Start a run, and a second one like it some seconds later; judge both."""
    setting.prepare(folder)
    command = ground.command(setting, folder)
    first = _start(command)
    time.sleep(delay_s)
    second = _start(command)
    said = [process.communicate(timeout=PATIENCE_S)[1].splitlines() for process in (first, second)]
    codes = [first.returncode, second.returncode]
    outcome = Outcome(f"a second run after {delay_s:.2f} s, {setting.name}", f"exit {codes[0]} and {codes[1]}")
    outcome.expect(0 in codes, "no run is done")
    for code, lines in zip(codes, said, strict=True):
        refused = code in REFUSED and len(lines) == 1 and REFUSED[code] in lines[0]
        outcome.expect(code == 0 or refused, f"exit {code}: {lines}")
    found = states(setting, folder, ground.clean(setting))
    outcome.expect(found == {NEW}, f"outputs are {sorted(found)}")
    outcome.expect(not (left := hidden_files(folder)), f"{left} are left")
    return outcome


def _start(command: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
