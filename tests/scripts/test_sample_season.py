"""The sample season: a script with absences, pairs and a newcomer, drawn the same for a seed, with the truth of it."""

import csv
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from vidtag.analysis.presence import presence_of
from vidtag.records.scorefiles import load_scores

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from cartoon.characters import IDS  # noqa: E402
from cartoon.light import DAY  # noqa: E402
from cartoon.scenes import Part, Scene  # noqa: E402
from cartoon.season import frame_count, write_episode  # noqa: E402
from cartoon.season_script import EpisodePlan, plan_season  # noqa: E402
from cartoon.truth import present  # noqa: E402

RATE = Fraction(24000, 1001)


def make(*arguments):
    subprocess.run([sys.executable, ROOT / "scripts" / "make-samples", *map(str, arguments)], check=True)


def casts(plan):
    """Give the ids of every scene."""
    return [{part.who for part in scene.parts if part.who in IDS} for scene in plan.scenes]


def read_truth(path):
    """Give (frames, cast) bool."""
    with path.open(newline="", encoding="utf-8") as file:
        return np.array([[row[identity] == "1" for identity in IDS] for row in csv.DictReader(file)])


def visitor(who, comes=0.0, goes=99.0, **changes):
    here = {"x": 320, "y": 345, "size": 0.9, "left": False, "way": "rise", "phase": 1.0}
    return Part(who=who, comes=comes, goes=goes, **(here | changes))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("episodes", [6, 24])
def test_somebody_is_away_somebody_joins_late_and_two_keep_together(episodes, seed):
    plans = plan_season(episodes, seed, 30)
    there = [set().union(*casts(plan)) for plan in plans]
    third = episodes // 3
    always = set.intersection(*there)
    newcomers = set(IDS) - set().union(*there[: episodes - third])
    travellers = (there[0] & there[-1]) - set().union(*there[third : episodes - third])
    assert len(always) == 3
    assert len(newcomers) == len(travellers) == 1
    assert newcomers <= set.intersection(*there[episodes - third :])
    scenes = [cast for plan in plans for cast in casts(plan)]
    pairs = {(a, b): sum({a, b} <= cast for cast in scenes) for a in IDS for b in IDS if a < b}
    assert set(max(pairs, key=pairs.get)) <= always
    assert all(len(casts(plan)[-1]) == 1 for plan in plans)


def test_the_script_follows_from_the_seed_and_episodes_differ():
    assert plan_season(6, 1, 30) == plan_season(6, 1, 30)
    assert plan_season(6, 1, 30) != plan_season(6, 2, 30)
    plans = plan_season(7, 1, 30)
    assert [plan.name for plan in plans] == ["S1/E01", "S1/E02", "S1/E03", "S1/E04", "S2/E01", "S2/E02", "S2/E03"]
    assert len({plan.scenes for plan in plans}) == 7
    assert all(27 < frame_count(plan) / RATE < 37 for plan in plans)


@pytest.mark.parametrize(("episodes", "seconds"), [(5, 30), (25, 30), (6, 10)])
def test_a_script_out_of_its_range_is_refused(episodes, seconds):
    with pytest.raises(ValueError, match="expected 6 to 24 episodes of 20 to 600 s"):
        plan_season(episodes, 1, seconds)


@pytest.mark.parametrize("way", ["rise", "walk"])
@pytest.mark.parametrize("place", ["lane", "park", "roofs", "bakery", "tea_room", "post_office"])
def test_everyone_is_there_between_coming_and_going(place, way):
    for identity in IDS:
        scene = Scene(8, place, DAY, 5, (visitor(identity, 1.0, 3.0, way=way),))
        seen = [present(scene.draw(t)) for t in (0.5, 1.5, 2.5, 3.5)]
        assert seen == [set(), {identity}, {identity}, set()]


def test_a_stranger_is_nobody():
    assert present(Scene(8, "park", DAY, 5, tuple(visitor(k, x=80 + 55 * k) for k in range(10))).draw(1.0)) == set()


def test_film_and_truth_are_the_same_twice_and_have_as_many_frames(tmp_path):
    scene = Scene(4, "park", DAY, 7, (visitor("wick"), visitor("miro", 1.0, x=500)))
    plan = EpisodePlan("S1/E01", (scene, replace(scene, beats=2, place="lane")), 8)
    films = [write_episode(tmp_path / name, plan) for name in ("one", "two")]
    assert films[0].read_bytes() == films[1].read_bytes()
    truth = read_truth(films[0].with_suffix(".truth.csv"))
    assert len(truth) == frame_count(plan) == 77
    assert truth[:, IDS.index("wick")].all()
    miro = np.flatnonzero(truth[:51, IDS.index("miro")])
    assert 1.0 < miro[0] / RATE < 1.2
    look = "import av, sys; f = av.open(sys.argv[1]); print(sum(1 for _ in f.decode(video=0)), len(f.streams.audio))"
    said = subprocess.run([sys.executable, "-c", look, films[0]], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["77", "1"]


@pytest.mark.slow
def test_season_drawn_afresh_is_within_3_percent_of_the_truth_and_scores_as_shipped(tmp_path):
    make("--season", tmp_path)
    found, true = dict.fromkeys(IDS, Fraction(0)), dict.fromkeys(IDS, Fraction(0))
    films = sorted(tmp_path.glob("*/*.mp4"))
    assert len(films) == 6
    for film in films:
        command = [sys.executable, "-m", "vidtag", "analyze", film, "-q", "--model", "lantern-lane"]
        subprocess.run(command, check=True)
        scores, flags = load_scores(film.with_suffix(".scores.npz")), read_truth(film.with_suffix(".truth.csv"))
        shipped = load_scores(ROOT / "samples/season" / film.relative_to(tmp_path).with_suffix(".scores.npz"))
        assert scores.timeline() == shipped.timeline()
        assert np.abs(scores.values - shipped.values).max() < 0.01
        for identity, presence in zip(IDS, scores.timeline().presences, strict=True):
            found[identity] += presence.duration
            true[identity] += presence_of(flags[:, IDS.index(identity)], RATE, scores.provenance.end).duration
    for identity in IDS:
        assert true[identity] > 10
        assert abs(found[identity] - true[identity]) / true[identity] < Fraction(3, 100), identity
