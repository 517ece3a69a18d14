"""Let the disk be full at any byte: outputs on a small disk of their own."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

from faults.ground import Ground, run
from faults.judging import NEW, before, hidden_files, states
from faults.outcome import Outcome
from faults.settings import SETTINGS, Setting

PAGE = 4096


def may_mount(folder: Path) -> bool:
    """Say whether this process may mount a disk."""
    try:
        with small_disk(folder, 16 * PAGE):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a disk in memory of some bytes on a folder that is made for it.

    Raises:
        OSError, CalledProcessError: that is not allowed here.
    """
    folder.mkdir(exist_ok=True)
    options = f"size={size // PAGE * PAGE}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def disk_points(ground: Ground, number: int, seed: int) -> Iterator[Outcome]:
    """Go through seeded sizes and settings."""
    draw = Random(seed)
    for point in range(number):
        setting = SETTINGS[point % len(SETTINGS)]
        needed = ground.clean(setting).size * (2 if setting.parallel else 1)
        size = int(draw.uniform(4 * PAGE, needed)) if point % 3 else int(draw.uniform(0.9, 1) * needed)
        yield fill_at(ground, setting, size, ground.folder / f"disk-{point}")


def fill_at(ground: Ground, setting: Setting, size: int, folder: Path) -> Outcome:
    """Run vidtag into a disk of some bytes and judge."""
    clean = ground.clean(setting)
    with small_disk(folder, size):
        setting.prepare(folder)
        ended = run(ground.command(setting, folder))
        found = states(setting, folder, clean)
        outcome = Outcome(f"a disk of {size} bytes, {setting.name}", f"exit {ended.code}, {'/'.join(sorted(found))}")
        outcome.expect(ended.code in {0, 6}, f"exit {ended.code}")
        outcome.expect(found == {NEW if ended.code == 0 else before(setting)}, f"outputs are {sorted(found)}")
        outcome.expect(ended.code == 0 or len(ended.lines) == 1, f"says {ended.lines}")
        outcome.expect(not (left := hidden_files(folder)), f"{left} are left")
    return outcome
