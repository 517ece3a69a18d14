"""Signals end what a catalogue does, with the exit codes of every other command, and leave whole episodes."""

import signal
import subprocess
import sys

import pytest
from catalogue_recipes import SAMPLE_SEASON, make_episode_of_scores

from vidtag.records.scorefiles import save_scores
from vidtag.season.catalogue import Catalogue

ENDLESS = "SELECT count(*) FROM range(1_000_000_000_000) AS t(x) WHERE x % 7 = 3"
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}

pytestmark = pytest.mark.usefixtures("signals_as_usual")


def start(*arguments):
    """Start `vidtag catalogue`, whose talk is piped."""
    command = [sys.executable, "-m", "vidtag", "catalogue", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def stop(process, number):
    """Send a signal and give what is said from then on; it must not take longer than a minute on any machine."""
    process.send_signal(number)
    try:
        return process.communicate(timeout=60)[1]
    finally:
        process.kill()


@pytest.mark.parametrize("number", CODES)
def test_a_question_that_would_not_end_is_ended(tmp_path, number):
    process = start(SAMPLE_SEASON, "-o", tmp_path / "season.duckdb", "--sql", ENDLESS)
    told = [process.stderr.readline() for _ in range(6)]
    assert told[-1] == "S2: S2/E03\n"
    said = stop(process, number)
    assert (process.returncode, said.count("\n")) == (CODES[number], 1)
    assert "no unfinished file" in said


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("lines", [1, 4, 9])
def test_filling_that_is_interrupted_leaves_whole_episodes(tmp_path, number, lines):
    (tmp_path / "S1").mkdir()
    episodes = {f"E{k:02d}": make_episode_of_scores(f"E{k:02d}", seed=k, end="1320") for k in range(20)}
    for name, episode in episodes.items():
        save_scores(episode.scores, tmp_path / "S1" / f"{name}.scores.npz")
    process = start(tmp_path / "S1", "-o", tmp_path / "season.duckdb", "--smooth", "off")
    told = [process.stderr.readline() for _ in range(lines)]
    said = stop(process, number)
    assert process.returncode == CODES[number], said
    assert "no unfinished file is left behind" in said.splitlines()[-1]
    assert all(line.startswith("S1: ") for line in said.splitlines()[:-1]), said
    told += [line for line in said.splitlines(keepends=True) if line.startswith("S1: ")]
    with Catalogue.open(tmp_path / "season.duckdb", read_only=True) as catalogue:
        found = [name for (name,) in catalogue.ask("SELECT episode FROM episodes ORDER BY ALL").rows]
        counts = dict(catalogue.ask("SELECT episode, count(*) FROM intervals GROUP BY ALL").rows)
    assert {line.removeprefix("S1: ").strip() for line in told} <= set(found) < set(episodes)
    assert counts == {name: sum(map(len, episodes[name].timeline.presences)) for name in found}
