"""The simulated cluster keeps to arithmetic where there is an answer, and loses nothing but time elsewhere."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.cluster import Archive, Cluster, simulate  # noqa: E402

PERFECT = Cluster(machines=1, slots=1, storage=1e9, slow=0.0, lasts_h=1e12)
ARCHIVE = Archive(hours=100, speed=10)


def test_a_perfect_machine_needs_the_hours_by_its_speed():
    outcome = simulate(ARCHIVE, PERFECT)
    assert outcome.took_h == pytest.approx(10)
    assert outcome.busy == pytest.approx(1)
    assert (outcome.redone, outcome.given_up, outcome.storage_bound) == (0, 0, False)


def test_slow_machines_take_longer_by_as_much():
    assert simulate(ARCHIVE, replace(PERFECT, slow=1.0, slowness=3.0)).took_h == pytest.approx(30)


def test_storage_that_is_too_slow_sets_the_time_whatever_machines_there_are():
    for machines in (10, 20):
        outcome = simulate(replace(ARCHIVE, hours=1000), replace(PERFECT, machines=machines, storage=20.0))
        assert outcome.storage_bound
        assert outcome.took_h == pytest.approx(1000 * 2 * 1000 / 20 / 3600, rel=0.1)


def test_failures_cost_time_and_every_episode_is_done_or_counted():
    calm = simulate(ARCHIVE, replace(PERFECT, machines=4))
    rough = simulate(ARCHIVE, replace(PERFECT, machines=4, lasts_h=0.5, repair_h=0.1))
    assert rough.redone > 0
    assert rough.took_h > calm.took_h
    assert rough.given_up < rough.episodes


def test_machines_that_never_last_for_an_episode_do_not_go_on_for_ever():
    outcome = simulate(Archive(hours=2, speed=0.001), replace(PERFECT, lasts_h=1.0))
    assert outcome.given_up == outcome.episodes


def test_the_same_seed_gives_the_same():
    cluster = Cluster(machines=3, lasts_h=5.0)
    assert simulate(ARCHIVE, cluster, 1) == simulate(ARCHIVE, cluster, 1) != simulate(ARCHIVE, cluster, 2)


def test_the_script_prints_what_it_found():
    command = [sys.executable, ROOT / "scripts/simulate-cluster", "--hours", "100", "--machines", "2"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "took_h: " in result.stdout
    assert "episodes: 273" in result.stdout
