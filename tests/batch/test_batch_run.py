"""A batch as a whole: what is done is not done again, anything else is; bad episodes are named and the rest goes on."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from batch_recipes import (
    asked_for,
    copy_season,
    make_season,
    make_twenty_of,
    running,
    tag_or_misbehave,
    tree,
    wait_until,
)
from episode_recipes import make_episode, save_colour_model
from media_recipes import film_frames

from vidtag.batch.books import BOOKS
from vidtag.batch.cataloguing import CATALOGUE
from vidtag.batch.entries import DONE, FAILED
from vidtag.batch.events import Begun, Ended, Started
from vidtag.batch.manifest import NAME, Manifest
from vidtag.batch.options import BatchOptions
from vidtag.batch.run import run_batch
from vidtag.batch.work import process_episode
from vidtag.errors import InputError, OptionError, OutputError, UsageError
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.pipeline import analyze_episode
from vidtag.records.bundles import load_bundle
from vidtag.records.scorefiles import load_scores
from vidtag.season.catalogue import Catalogue

pytest_plugins = "episode_fixtures"

EPISODES = ["S1/E1", "S1/E2", "S2/E1"]
FILES = sorted(
    [f"{name}{end}" for name in EPISODES for end in (".presence.csv", ".scores.npz", ".segments.csv")]
    + ["S1/E1.tagged.mp4", "S1/E2.tagged.mp4", "S2/E1.tagged.mkv", *BOOKS, CATALOGUE, NAME]
)


@pytest.fixture(scope="module")
def made_season(tmp_path_factory):
    return make_season(tmp_path_factory.mktemp("made") / "season")


@pytest.fixture
def season(installed, made_season, tmp_path):
    return copy_season(made_season, tmp_path / "season")


@pytest.fixture
def run(season, tmp_path, monkeypatch):
    """Run a batch here, and give what it did: (summary, {episode: stages}, episodes the network ran for)."""
    scored = []

    def counting(episode, *arguments, **named):
        scored.append(episode)
        return analyze_episode(episode, *arguments, **named)

    monkeypatch.setattr("vidtag.batch.work.analyze_episode", counting)

    def run(seasons=None, out=None, work=process_episode, asked=None, **options):
        events = []
        scored.clear()
        summary = run_batch(
            seasons or [str(season)],
            out or tmp_path / "out",
            asked=asked or asked_for(),
            options=BatchOptions(**{"executor": "serial", **options}),
            tell=events.append,
            work=work,
        )
        assert [type(events[0]), type(events[-1])] == [Started, Ended]
        begun = {event.episode: event.stages for event in events if isinstance(event, Begun)}
        networks = [event.episode for event in events if isinstance(event, Begun) and event.network]
        return summary, begun, networks

    return run


def lasting(out):
    """Read what is the same whenever it is made; Matroska has a random number in every file."""
    return {name: data for name, data in tree(out).items() if name.endswith((".csv", ".mp4", ".html"))}


def csv_lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_everything_is_made_where_it_belongs(run, tmp_path):
    summary, begun, networks = run()
    assert (list(summary.done), summary.failed, summary.unchanged, summary.left) == (EPISODES, (), 0, 0)
    assert networks == EPISODES
    assert set(begun.values()) == {("scores", "reports", "video")}
    assert sorted(tree(tmp_path / "out")) == FILES


def test_the_season_is_the_sum_of_its_episodes(run, tmp_path):
    run()
    out = tmp_path / "out"
    for book, ending in (("season.csv", ".presence.csv"), ("segments.csv", ".segments.csv")):
        header, *rows = csv_lines(out / book)
        parts = [csv_lines(out / f"{name}{ending}") for name in EPISODES]
        assert [header, *rows] == [parts[0][0], *(row for part in parts for row in part[1:])]
    assert "S1/E2,azura,0.000,2.400" in csv_lines(out / "segments.csv")
    assert "S1/E2,rufus,1.250,2.400" in csv_lines(out / "segments.csv")


def catalogued(out):
    """Ask the catalogue for its seasons and episodes."""
    with Catalogue.open(out / CATALOGUE, read_only=True) as catalogue:
        return catalogue.ask("SELECT season, episode FROM episodes ORDER BY ALL").rows


def test_the_catalogue_holds_what_the_season_holds(run, season, tmp_path):
    run(only="reports")
    assert catalogued(tmp_path / "out") == [("S1", "S1/E1"), ("S1", "S1/E2"), ("S2", "S2/E1")]
    shutil.copyfile(season / "S1/E2.mp4", season / "S2/E1.avi")
    (season / "S1/E1.mp4").write_bytes(b"no film")
    run(only="reports")
    assert catalogued(tmp_path / "out") == [("S1", "S1/E2"), ("S2", "S2/E1.avi"), ("S2", "S2/E1.mkv")]
    before = (tmp_path / "out" / CATALOGUE).read_bytes()
    (tmp_path / "out/season.csv").unlink()
    run(only="reports")
    assert (tmp_path / "out" / CATALOGUE).read_bytes() == before
    (tmp_path / "out" / CATALOGUE).unlink()
    run(only="reports")
    assert len(catalogued(tmp_path / "out")) == 3


def test_results_are_those_of_single_runs(run, season, tmp_path, vidtag):
    run()
    single = tmp_path / "single"
    single.mkdir()
    common = ("--model", "colours", "--preset", "ultrafast")
    scores = single / "E1.scores.npz"
    result = vidtag("annotate", season / "S1/E1.mp4", "-o", single / "E1.mp4", "--scores", scores, *common)
    assert result.code == 0
    assert scores.read_bytes() == (tmp_path / "out/S1/E1.scores.npz").read_bytes()
    assert (single / "E1.mp4").read_bytes() == (tmp_path / "out/S1/E1.tagged.mp4").read_bytes()
    assert [line.partition(",")[2] for line in csv_lines(single / "E1.csv")] == [
        line.partition(",")[2] for line in csv_lines(tmp_path / "out/S1/E1.presence.csv")
    ]


def test_nothing_is_done_twice(run, tmp_path):
    run()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*") if path.name != NAME}
    kept = (tmp_path / "out" / NAME).read_bytes()
    summary, begun, _ = run()
    assert (summary.unchanged, begun) == (3, {})
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (tmp_path / "out" / NAME).read_bytes() == kept
    assert run(asked=lambda film: (AnalysisOptions(model="colours", threads=1, batch_size=4), FAST_THREADS))[1] == {}


FAST_THREADS = RenderOptions(preset="ultrafast", threads=1)


def test_the_same_model_by_another_name_changes_nothing(run):
    run(only="reports")
    assert run(only="reports", asked=asked_for("simpsons"))[1] == {}


@pytest.mark.parametrize(
    ("change", "stages", "networks"),
    [
        ({"style": "icons+names"}, ("video",), 0),
        ({"crf": 30}, ("video",), 0),
        ({"smooth": 0}, ("reports", "video"), 0),
    ],
)
def test_a_changed_option_redoes_what_depends_on_it(run, tmp_path, change, stages, networks):
    run()
    _, begun, ran = run(asked=asked_for(**change))
    assert begun == dict.fromkeys(EPISODES, stages)
    assert len(ran) == networks
    clean = tmp_path / "clean/out"
    run(out=clean, asked=asked_for(**change))
    assert lasting(tmp_path / "out") == lasting(clean)


def test_other_samples_need_the_network(run, tmp_path):
    run(only="reports")
    _, _, networks = run(asked=lambda film: (AnalysisOptions(model="colours", rate=2), RenderOptions()), only="scores")
    assert networks == EPISODES
    assert run(asked=lambda film: (AnalysisOptions(model="colours", rate=2), RenderOptions()), only="reports")[1] == (
        dict.fromkeys(EPISODES, ("reports",))
    )


def test_changed_thresholds_redo_all_but_the_network(run, tmp_path):
    save_colour_model(tmp_path / "own")
    own = asked_for(str(tmp_path / "own"))
    run(asked=own)
    (tmp_path / "out/S1/E1.tagged.mp4").unlink()
    table = tmp_path / "own/bundle.toml"
    table.write_text(table.read_text().replace("threshold = 0.5", "threshold = 0.999"))
    assert load_bundle(tmp_path / "own").thresholds[0] == np.float32(0.999)
    _, begun, networks = run(asked=own)
    assert (begun, networks) == (dict.fromkeys(EPISODES, ("scores", "reports", "video")), [])
    run(asked=own, out=tmp_path / "clean/out")
    assert lasting(tmp_path / "out") == lasting(tmp_path / "clean/out")
    assert load_scores(tmp_path / "out/S1/E1.scores.npz").thresholds[0] == np.float32(0.999)
    assert run(asked=own)[1] == {}


def test_another_film_under_the_same_name_is_done_again(run, season, tmp_path):
    run()
    shutil.copyfile(season / "S1/E2.mp4", season / "S1/E1.mp4")
    _, begun, networks = run()
    assert (list(begun), networks) == (["S1/E1"], ["S1/E1"])
    assert "S1/E1,azura,0.000,2.400" in csv_lines(tmp_path / "out/segments.csv")


@pytest.mark.parametrize(
    ("lost", "stages", "network"),
    [
        ("S1/E1.tagged.mp4", ("video",), False),
        ("S1/E1.segments.csv", ("reports",), False),
        ("S1/E1.scores.npz", ("scores", "reports", "video"), True),
    ],
)
def test_a_lost_or_shortened_file_is_made_again(run, tmp_path, lost, stages, network):
    run()
    before = tree(tmp_path / "out")
    for spoil in (lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-1])):
        spoil(tmp_path / "out" / lost)
        _, begun, networks = run()
        assert begun == {"S1/E1": stages}
        assert networks == (["S1/E1"] if network else [])
        assert tree(tmp_path / "out") == before


def test_a_score_file_damaged_within_is_made_again(run, tmp_path):
    run()
    path = tmp_path / "out/S1/E1.scores.npz"
    good = path.read_bytes()
    path.write_bytes(bytes(len(good)))
    (tmp_path / "out/S1/E1.presence.csv").unlink()
    run()
    assert path.read_bytes() == good


@pytest.mark.parametrize(
    ("only", "endings"),
    [("scores", {".npz"}), ("reports", {".npz", ".csv", ".html", ".duckdb"}), ("video", {".npz", ".mp4", ".mkv"})],
)
def test_a_part_can_be_made_and_the_rest_later(run, tmp_path, only, endings):
    run(only=only)
    made = set(tree(tmp_path / "out")) - {NAME}
    assert {Path(name).suffix for name in made} == endings
    _, _, networks = run()
    assert networks == []
    assert sorted(tree(tmp_path / "out")) == FILES


def test_another_suffix_replaces_the_films(run, tmp_path):
    run(suffix=".mkv")
    assert (tmp_path / "out/S1/E1.tagged.mkv").exists()
    _, begun, _ = run()
    assert begun == dict.fromkeys(EPISODES[:2], ("video",))
    assert sorted(tree(tmp_path / "out")) == FILES


def bad_season(season):
    """Add a corrupt film, and three whose work dies or hangs."""
    (season / "S2/E3.mp4").write_bytes((season / "S1/E1.mp4").read_bytes()[:3000])
    for name in ("S1/killed-9.mp4", "S1/exits-1.mp4", "S2/hangs.mp4"):
        shutil.copyfile(season / "S1/E1.mp4", season / name)
    return {"S1/exits-1": 3, "S1/killed-9": 137, "S2/E3": 3, "S2/hangs": 124}


def test_bad_episodes_are_named_and_redone_alone(run, season, tmp_path):
    expected = bad_season(season)
    how = {"executor": "processes", "workers": 2, "timeout_s": 20.0, "work": tag_or_misbehave}
    summary, _, _ = run(**how)
    assert sorted(summary.done) == EPISODES
    assert {name: failure.exit_code for name, failure in summary.failed} == expected
    wait_until(lambda: not running("sleep 987654"))
    written = json.loads((tmp_path / "out" / NAME).read_text())["episodes"]
    assert {name for name, entry in written.items() if entry["state"] == FAILED} == set(expected)
    assert "was killed by SIGKILL" in written["S1/killed-9"]["reason"]
    assert "not a video" in written["S2/E3"]["reason"]
    assert {name for name in tree(tmp_path / "out") if not name.startswith(".")} == set(FILES)

    shutil.rmtree(season / "S2/hangs.mp4", ignore_errors=True)
    (season / "S2/hangs.mp4").unlink()
    summary, begun, _ = run(**how)
    assert set(begun) == set(expected) - {"S2/hangs"}
    assert (summary.done, summary.unchanged) == ((), 3)

    summary, begun, _ = run()  # where nothing kills
    assert set(begun) == set(expected) - {"S2/hangs"}
    assert sorted(summary.done) == ["S1/exits-1", "S1/killed-9"]


@pytest.mark.slow
def test_a_season_of_twenty_with_a_corrupt_and_a_killing_episode(run, season, tmp_path):
    expected = make_twenty_of(season)
    how = {"executor": "processes", "workers": 2, "work": tag_or_misbehave}
    summary, _, _ = run(**how)
    assert (len(summary.done), summary.unchanged, summary.left) == (18, 0, 0)
    assert {name: failure.exit_code for name, failure in summary.failed} == expected
    before = lasting(tmp_path / "out")
    summary, begun, _ = run(**how)
    assert (sorted(begun), summary.done, summary.unchanged) == (sorted(expected), (), 18)
    assert lasting(tmp_path / "out") == before


def test_only_what_failed_is_tried_again(run, season, tmp_path):
    (season / "S2/E3.mp4").write_bytes(b"no film")
    run(only="scores")
    make_episode(season / "S2/E4.mp4", (("red", 30),))
    make_episode(season / "S2/E3.mp4", (("blue", 30),))
    summary, begun, _ = run(only="scores", retry_failed=True)
    assert (list(begun), summary.left) == (["S2/E3"], 1)
    assert Manifest.load(tmp_path / "out")["S2/E3"].state == DONE


def test_a_film_that_cannot_be_read_is_a_failure(run, season):
    (season / "S1/empty.mp4").touch()
    (season / "S1/dead.mp4").symlink_to("nowhere")
    summary, begun, _ = run(only="scores")
    assert {name: failure.exit_code for name, failure in summary.failed} == {"S1/empty": 3, "S1/dead": 3}
    assert sorted(begun) == EPISODES


def test_the_first_failure_can_end_it(run, season):
    (season / "S1/E1.mp4").write_bytes(b"no film")
    summary, begun, _ = run(only="scores", fail_fast=True)
    assert (list(begun), len(summary.failed), summary.left) == (["S1/E1"], 1, 2)


def test_a_limit_leaves_the_rest_for_later(run):
    summary, begun, _ = run(only="reports", limit=2)
    assert (list(begun), summary.left) == (EPISODES[:2], 1)
    assert list(run(only="reports", limit=2)[1]) == EPISODES[2:]


def test_films_of_one_name_but_other_suffix(run, season, tmp_path):
    run(only="reports")
    shutil.copyfile(season / "S1/E2.mp4", season / "S2/E1.avi")
    _, begun, _ = run(only="reports")
    assert list(begun) == ["S2/E1.avi", "S2/E1.mkv"]
    episodes = [line.partition(",")[0] for line in csv_lines(tmp_path / "out/season.csv")[1:]]
    assert sorted(set(episodes)) == ["S1/E1", "S1/E2", "S2/E1.avi", "S2/E1.mkv"]


def test_the_season_may_move(run, season, tmp_path):
    run(only="reports")
    season.rename(tmp_path / "elsewhere")
    assert run([str(tmp_path / "elsewhere")], only="reports")[1] == {}
    assert Manifest.load(tmp_path / "out")["S1/E1"].source == str(tmp_path / "elsewhere/S1/E1.mp4")


def test_another_season_does_not_replace_the_first(run, season, tmp_path):
    run([str(season / "S1")], only="scores")
    with pytest.raises(UsageError, match="give both seasons in one command"):
        run([str(season / "S2")], only="scores")
    assert list(run([str(season / "S2")], only="scores", overwrite=True)[1]) == ["E1"]


@pytest.mark.parametrize("name", ["S1/E1.tagged.mp4", "season.csv"])
def test_files_of_others_are_not_replaced(run, tmp_path, name):
    path = tmp_path / "out" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    if name == "season.csv":
        with pytest.raises(OutputError, match="was not made by a batch"):
            run()
    else:
        summary, _, _ = run()
        assert [(failed, failure.exit_code) for failed, failure in summary.failed] == [("S1/E1", 6)]
    assert path.read_text() == "mine"
    run(overwrite=True)
    assert path.read_bytes() != b"mine"


def test_results_inside_the_season_are_no_episodes(run, season):
    run(out=season / "out")
    assert run(out=season / "out")[1] == {}
    assert run(out=season)[0].done == tuple(EPISODES)
    assert sum(1 for path in season.glob("S1/*.tagged.mp4") for _ in film_frames(path)) == 50 + 60


def test_a_read_only_season(run, season, tmp_path):
    for path in (season, *season.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = tree(season)
    assert len(run()[0].done) == 3
    assert tree(season) == before
    for path in (season, *season.rglob("*")):
        path.chmod(0o755)


def test_leftovers_of_a_dead_run_are_removed(run, tmp_path):
    run()
    for name in ("S1/.vidtag-0123456789ab.mp4", ".vidtag-0123456789ab.json"):
        (tmp_path / "out" / name).touch()
    run(only="scores")
    assert sorted(tree(tmp_path / "out")) == FILES


@pytest.mark.parametrize(
    ("asked", "error"),
    [(asked_for("nobody"), InputError), (asked_for(style="neon"), OptionError), (asked_for(encoder="x1"), OptionError)],
)
def test_what_no_film_can_be_done_with_is_told_before_any_work(run, tmp_path, asked, error):
    with pytest.raises(error):
        run(asked=asked)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", [{"only": "all of it"}, {"limit": 0}, {"suffix": ".avi"}, {"workers": 0}])
def test_options_are_checked(wrong):
    with pytest.raises(OptionError):
        BatchOptions(**wrong)
