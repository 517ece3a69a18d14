"""End a run by a signal at any moment, look at what is left, and run it again."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from faults.ground import PATIENCE_S, Ground, run
from faults.judging import NEW, before, hidden_files, states, still_running
from faults.outcome import Outcome
from faults.settings import SETTINGS, Setting

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
HANDLED = {130, 143}  # exit codes of a run that noticed


def kill_points(ground: Ground, number: int, seed: int) -> Iterator[Outcome]:
    """Go through seeded moments, settings and signals."""
    draw = Random(seed)
    for point in range(number):
        setting, ending = SETTINGS[point % len(SETTINGS)], SIGNALS[point // len(SETTINGS) % len(SIGNALS)]
        share = draw.uniform(0.8, 1.05) if point % 2 else draw.uniform(0, 1)  # most happens at the end
        yield kill_at(ground, setting, ending, share * ground.clean(setting).seconds, ground.folder / f"kill-{point}")


def kill_at(ground: Ground, setting: Setting, ending: signal.Signals, after_s: float, folder: Path) -> Outcome:
    """End a run after some seconds, judge, and run it again.

    Args:
        ground: the episodes.
        setting: how vidtag is run.
        ending: the signal.
        after_s: when it comes.
        folder: not there yet, for the outputs.
    """
    setting.prepare(folder)
    code, lines = _killed(ground.command(setting, folder), ending, after_s)
    outcome = Outcome(f"{ending.name} after {after_s:.2f} s, {setting.name}", f"exit {code}")
    found, clean = states(setting, folder, ground.clean(setting)), ground.clean(setting)
    between = {before(setting), NEW} if ending is signal.SIGKILL else set()  # whole files, not all of them named yet
    outcome.expect(found in ({before(setting)}, {NEW}, between), f"outputs are {sorted(found)}")
    outcome.expect(code in {0, -ending, *HANDLED}, f"exit {code}: {lines}")
    outcome.expect(code not in HANDLED or (len(lines) == 1 and not hidden_files(folder)), f"{lines} or files are left")
    outcome.expect(not (running := still_running(folder)), f"{running} still run")
    outcome.ended += f", {'/'.join(sorted(found))}, {len(hidden_files(folder))} hidden"
    if found == {NEW} and not setting.overwrite:
        return outcome  # it was done already, and would rightly be refused
    again = run(ground.command(setting, folder))
    outcome.expect(again.code == 0, f"the next run ends with {again.code}: {again.lines}")
    outcome.expect(states(setting, folder, clean) == {NEW}, "the next run makes something else than a clean one")
    outcome.expect(not (left := hidden_files(folder)), f"the next run leaves {left}")
    return outcome


def _killed(command: list[str], ending: signal.Signals, after_s: float) -> tuple[int, list[str]]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            last = time.monotonic() + after_s
            while process.poll() is None and time.monotonic() < last:
                time.sleep(max(0.0, min(0.01, last - time.monotonic())))
            process.send_signal(ending)
            _, said = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait(), [f"hangs for {PATIENCE_S} s"]
        finally:
            process.kill()
    return process.returncode, said.splitlines()
