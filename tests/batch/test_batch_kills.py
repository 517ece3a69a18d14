"""A batch that is killed at any point and started again ends as one that was not, and leaves nothing over."""

import random
import signal
import subprocess
import time

import pytest
from batch_recipes import copy_season, descendants, make_season, running, tree, wait_until
from episode_recipes import started, vidtag_command

from vidtag.batch.cataloguing import CATALOGUE
from vidtag.batch.manifest import NAME
from vidtag.season.catalogue import Catalogue

pytest_plugins = "episode_fixtures"
pytestmark = pytest.mark.usefixtures("signals_as_usual")

SIGNALS = (signal.SIGTERM, signal.SIGKILL, signal.SIGINT)
FEW, ALL = 5, 50
PATIENCE = 180


def results(out):
    """Read the folder of a batch; of the catalogue, which has its pages in the order of their making, what it holds."""
    held = tree(out)
    if (out / CATALOGUE).exists():
        del held[CATALOGUE]
        with Catalogue.open(out / CATALOGUE, read_only=True) as catalogue:
            held["rows"] = catalogue.ask("SELECT * FROM intervals ORDER BY ALL").rows
            held["episodes"] = catalogue.ask("SELECT season, episode, source FROM episodes ORDER BY ALL").rows
    return held


def batch_command(season, out, *more):
    options = ("--model", "colours", "--preset", "ultrafast", "--suffix", ".mp4", "--workers", 2, "-q")
    return vidtag_command("batch", season, "-o", out, *options, *more)


@pytest.fixture(scope="module")
def clean(models, tmp_path_factory):
    """A season, what an unbroken run makes of it, and how long that takes."""
    folder = tmp_path_factory.mktemp("clean")
    season = make_season(folder / "season")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIDTAG_MODELS", str(models))
        began = time.monotonic()
        subprocess.run(batch_command(season, folder / "out"), check=True, timeout=PATIENCE)
    return season, results(folder / "out"), time.monotonic() - began


def kill_in_progress(command, number, after_s):
    """Run a batch and send it a signal after a while; wait until it and all it has started are gone."""
    with started(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        last = time.monotonic() + after_s
        family = set()
        while time.monotonic() < last and process.poll() is None:
            family |= descendants(process.pid)
            time.sleep(0.02)
        family |= descendants(process.pid)
        process.send_signal(number)
        _, said = process.communicate(timeout=PATIENCE)
    wait_until(lambda: not family & set(running("")))
    return process.returncode, said


@pytest.mark.parametrize("seed", [*range(FEW), *(pytest.param(n, marks=pytest.mark.slow) for n in range(FEW, ALL))])
def test_a_killed_batch_ends_like_an_unbroken_one(installed, clean, tmp_path, seed):
    season, expected, took = clean
    choice = random.Random(seed)
    number, after_s = SIGNALS[seed % len(SIGNALS)], choice.uniform(0.2, 1.1) * took
    out = tmp_path / "out"
    code, said = kill_in_progress(batch_command(season, out), number, after_s)
    told = number != signal.SIGKILL and code not in (0, -number)  # before vidtag's first line, Python itself answers
    assert not told or (code == 128 + number and said.count("\n") == 1), said
    left = tree(out)
    passing = ("manifest", ".", CATALOGUE)
    whole = {name: data for name, data in left.items() if not name.startswith(passing) and "/." not in name}
    assert whole == {name: expected[name] for name in whole}, "a file with its final name is not whole"
    assert not told or not any(".vidtag" in name for name in left), "it has left something over"

    subprocess.run(batch_command(season, out), check=True, timeout=PATIENCE)
    assert results(out) == expected


def test_kill_after_kill_goes_on(installed, clean, tmp_path):
    season, expected, took = clean
    out = tmp_path / "out"
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL):
        kill_in_progress(batch_command(season, out), number, 0.7 * took)
    subprocess.run(batch_command(season, out), check=True, timeout=PATIENCE)
    assert results(out) == expected


def test_a_killed_change_of_style_does_not_need_the_network_again(installed, clean, tmp_path):
    season, expected, took = clean
    out = tmp_path / "out"
    subprocess.run(batch_command(season, out), check=True, timeout=PATIENCE)
    kill_in_progress(batch_command(season, out, "--style", "icons+names"), signal.SIGKILL, 0.6 * took)
    told = subprocess.run(
        batch_command(season, out, "--json"), check=True, timeout=PATIENCE, capture_output=True, text=True
    )
    assert '"network": true' not in told.stdout
    assert results(out) == expected


def test_a_batch_waits_for_nobody_who_is_dead(installed, clean, tmp_path):
    season, expected = copy_season(clean[0], tmp_path / "season"), clean[1]
    out = tmp_path / "out"
    with started(batch_command(season, out), stderr=subprocess.PIPE) as first:
        wait_until(lambda: (out / NAME).exists())
        second = subprocess.run(batch_command(season, out), capture_output=True, text=True, check=False)
        assert second.returncode == 7
        assert f"another run (process {first.pid})" in second.stderr
        assert second.stderr.count("\n") == 1
        first.kill()
        first.wait()
    subprocess.run(batch_command(season, out), check=True, timeout=PATIENCE)
    assert set(results(out)) == set(expected)
