"""`vidtag analyze` keeps the scores, `vidtag report` makes tables of them: the same ones as from a fresh run."""

import hashlib
import json

import numpy as np
import pytest
from episode_recipes import CAST, SCENES, make_episode, sampled_characters

from vidtag.media.probe import fingerprint
from vidtag.version import __version__

pytest_plugins = "episode_fixtures"

PRESENCE = "episode,character,screen_time_s,share,appearances,first_s,last_s,longest_s"
SEGMENTS = "episode,character,start_s,end_s"


@pytest.fixture
def scores(vidtag, episode):
    assert vidtag("analyze", episode).code == 0
    return episode.with_name("episode.scores.npz")


def test_the_score_file_holds_what_is_promised(episode, scores, models):
    with np.load(scores, allow_pickle=False) as archive:
        arrays = dict(archive)
    assert sorted(arrays) == ["characters", "meta", "thresholds", "times", "values"]
    assert (arrays["values"].dtype, arrays["values"].shape) == (np.float32, (26, 3))
    assert arrays["values"].min() >= 0
    assert arrays["values"].max() <= 1
    assert arrays["times"].dtype == np.float64
    assert np.array_equal(arrays["times"], 0.125 + 0.25 * np.arange(26))
    assert arrays["characters"].tolist() == list(CAST)
    assert arrays["thresholds"].tolist() == [0.5, 0.5, 0.5]
    assert arrays["thresholds"].dtype == np.float32
    meta = json.loads(str(arrays["meta"]))
    assert meta["rate"] == "4"
    assert meta["duration"] == 6.4
    assert meta["source"] == "episode.mp4"
    assert meta["size"] == episode.stat().st_size
    assert meta["fingerprint"] == fingerprint(episode)
    assert meta["model"] == "simpsons"
    assert meta["digest"] == hashlib.sha256((models / "simpsons/weights.safetensors").read_bytes()).hexdigest()
    assert meta["version"] == __version__


def test_scores_say_what_every_sample_shows(scores):
    with np.load(scores, allow_pickle=False) as archive:
        found = [tuple(np.array(CAST)[row > 0.5]) for row in archive["values"]]
    assert found == sampled_characters(SCENES, 25, 4)


def test_analyze_prints_the_table_and_the_file(vidtag, episode):
    result = vidtag("analyze", episode, "-o", episode.with_name("x.npz"))
    assert (result.code, result.err) == (0, "")
    assert "Rufus" in result.out
    assert result.out.endswith(f"{episode.with_name('x.npz')}\n")


def test_analyze_as_json_and_quietly(vidtag, episode):
    told = json.loads(vidtag("analyze", episode, "--json").out)
    assert told["samples"] == 26
    assert told["scores"] == str(episode.with_name("episode.scores.npz"))
    assert [entry["character"] for entry in told["characters"]] == list(CAST)
    result = vidtag("analyze", episode, "--overwrite", "-q")
    assert (result.code, result.out, result.err) == (0, "", "")


@pytest.mark.parametrize("options", [(), ("--segments",), ("--smooth", "off"), ("--segments", "--smooth", "3")])
def test_score_file_and_fresh_run_give_the_same_table(vidtag, episode, scores, options):
    kept, fresh = vidtag("report", scores, *options), vidtag("report", episode, *options)
    assert (kept.code, kept.err) == (fresh.code, fresh.err) == (0, "")
    assert kept.out == fresh.out
    assert kept.out.splitlines()[0] == (SEGMENTS if "--segments" in options else PRESENCE)


def test_presence_columns_and_rows(vidtag, scores):
    assert vidtag("report", scores).out.splitlines() == [
        PRESENCE,
        "episode,rufus,2.250,0.3516,1,1.000,3.250,2.250",
        "episode,azura,2.500,0.3906,1,2.250,4.750,2.500",
        "episode,vera,1.650,0.2578,1,4.750,6.400,1.650",
    ]


def test_segments_columns_and_rows(vidtag, scores):
    assert vidtag("report", scores, "--segments", "--smooth", "off").out.splitlines() == [
        SEGMENTS,
        "episode,rufus,1.000,3.250",
        "episode,azura,2.250,4.000",
        "episode,azura,4.250,4.750",
        "episode,vera,4.750,6.400",
    ]


def test_who_never_appears_has_empty_times(vidtag, installed, tmp_path):
    dark = make_episode(tmp_path / "dark.mkv", (("black", 30),), sound=False)
    assert vidtag("report", dark).out.splitlines()[1:] == [f"dark,{name},0.000,0.0000,0,,,0.000" for name in CAST]
    assert vidtag("report", dark, "--segments").out == f"{SEGMENTS}\n"
    assert vidtag("analyze", dark).out.splitlines()[0] == "never on screen: Rufus, Azura, Vera"


def test_several_sources_follow_each_other(vidtag, episode, scores, tmp_path):
    other = make_episode(tmp_path / "other.mkv", (("red", 25),), sound=False)
    lines = vidtag("report", other, scores).out.splitlines()
    assert lines[0] == PRESENCE
    assert [line.split(",")[0] for line in lines[1:]] == ["other"] * 3 + ["episode"] * 3


def test_the_report_goes_into_a_file(vidtag, scores, tmp_path):
    result = vidtag("report", scores, "-o", tmp_path / "table.csv")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert (tmp_path / "table.csv").read_text() == vidtag("report", scores).out


def test_shares_of_a_part_are_of_the_part(vidtag, episode):
    lines = vidtag("report", episode, "--start", "1", "--end", "3").out.splitlines()
    assert lines[1] == "episode,rufus,2.000,1.0000,1,1.000,3.000,2.000"


def test_a_name_that_is_no_text_is_reported_all_the_same(vidtag, installed, made_episode, tmp_path):
    odd = tmp_path / "caf\udce9, \u2603 [1].mp4"  # a lone byte 0xe9, as an old archive has them
    odd.write_bytes(made_episode.read_bytes())
    assert vidtag("annotate", odd, "-q", "--scores", tmp_path / "s.npz").code == 0
    assert next(tmp_path.glob("*.csv")).read_text().splitlines()[1].startswith('"caf\ufffd, \u2603 [1]",rufus,')
    assert vidtag("report", tmp_path / "s.npz", "-o", tmp_path / "t.csv").code == 0
