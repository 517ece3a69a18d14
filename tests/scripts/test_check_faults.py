"""Faults at seeded points leave nothing behind; and the judges of what is left can tell. The matrices are slow."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from faults.children import child_points  # noqa: E402
from faults.disks import disk_points, may_mount  # noqa: E402
from faults.ground import Ground  # noqa: E402
from faults.judging import ABSENT, NEW, OLD, WRONG, hidden_files, processes_of, states  # noqa: E402
from faults.kills import kill_points  # noqa: E402
from faults.settings import SETTINGS, Setting  # noqa: E402
from faults.twins import twin_points  # noqa: E402

pytest_plugins = "episode_fixtures"
pytestmark = [
    pytest.mark.usefixtures("signals_as_usual", "installed", "no_warnings"),
    pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc"),
]

SEED = 20261126


@pytest.fixture
def no_warnings(installed, monkeypatch):
    """Python is not asked to warn of a file that a signal met between its opening and the `with` that closes it."""
    monkeypatch.delenv("PYTHONWARNINGS")


@pytest.fixture(scope="module")
def ground(tmp_path_factory, models):
    return Ground(tmp_path_factory.mktemp("ground"), str(models / "colours"))


@pytest.fixture
def free_ground(ground, tmp_path):
    """The same episodes, and a folder of its own for what is disturbed."""
    fresh = Ground(tmp_path, ground.model)
    for setting in (SETTINGS[0], SETTINGS[4]):
        (tmp_path / ground.episode(setting).name).write_bytes(ground.episode(setting).read_bytes())
    return fresh


def wrongs(outcomes):
    """List all that is wrong at some points, which must be so many."""
    return [f"{outcome.point}: {outcome.wrong}" for outcome in outcomes if outcome.wrong]


def count_and_wrongs(points):
    outcomes = list(points)
    return len(outcomes), wrongs(outcomes)


def test_kill_points(free_ground):
    assert count_and_wrongs(kill_points(free_ground, 7, SEED)) == (7, [])


def test_disk_points(free_ground, tmp_path):
    if not may_mount(tmp_path / "trial"):
        pytest.skip("mounting a small disk is not allowed here")
    assert count_and_wrongs(disk_points(free_ground, 5, SEED)) == (5, [])


def test_children_that_are_ended(free_ground):
    assert count_and_wrongs(child_points(free_ground, 2, SEED)) == (2, [])


def test_twins(free_ground):
    assert count_and_wrongs(twin_points(free_ground, 2, SEED)) == (2, [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("points", "number"),
    [(kill_points, 200), (child_points, 24), (twin_points, 12)],
    ids=["kills", "children", "twins"],
)
def test_matrix(free_ground, points, number):
    assert count_and_wrongs(points(free_ground, number, SEED)) == (number, [])


@pytest.mark.slow
def test_matrix_of_disks(free_ground, tmp_path):
    if not may_mount(tmp_path / "trial"):
        pytest.skip("mounting a small disk is not allowed here")
    assert count_and_wrongs(disk_points(free_ground, 50, SEED)) == (50, [])


def test_what_is_left_is_told_apart(ground, tmp_path):
    setting = Setting(name="all", scores=True)
    clean, folder = ground.clean(setting), tmp_path / "out"
    setting.prepare(folder)
    assert states(setting, folder, clean) == {ABSENT}
    replace(setting, overwrite=True).prepare(folder)
    assert states(setting, folder, clean) == {OLD}
    made = ground.folder / "clean-False"
    for target in setting.targets(folder):
        target.write_bytes((made / target.name).read_bytes())
    assert states(setting, folder, clean) == {NEW}
    for target in setting.targets(folder):
        whole = target.read_bytes()
        target.write_bytes(whole[: len(whole) // 2])
        assert states(setting, folder, clean) == {NEW, WRONG}
        target.write_bytes(whole)
    (folder / ".vidtag-0123456789ab").touch()
    assert hidden_files(folder) == [".vidtag-0123456789ab"]


def test_a_process_that_works_on_a_folder_is_found(tmp_path):
    command = [sys.executable, "-c", "print('runs', flush=True); input()", str(tmp_path / "x")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        # Its command line is empty for a moment after it was started: Linux fills it in late.
        assert process.stdout.readline() == "runs\n"
        assert processes_of(tmp_path) == [process.pid]
        process.communicate("\n")
    assert processes_of(tmp_path) == []


def test_the_script_tells_points_and_figures(models):
    script = [sys.executable, ROOT / "scripts/check-faults", "--only", "twins", "--points", "1", "--all"]
    done = subprocess.run(
        [*script, "--model", models / "colours"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr
    *points, summary = done.stdout.splitlines()
    assert len(points) == 1
    assert points[0].startswith("twins: a second run after")
    assert summary == "twins: 1 of 1 points as they should be (seed 1)"
