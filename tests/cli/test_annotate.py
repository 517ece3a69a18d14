"""`vidtag annotate` as a user runs it: what it writes, what it says, what it never touches."""

import csv
import json
import re
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from episode_recipes import CAST, SCENES, expected_intervals, run_vidtag, sampled_characters
from media_recipes import film_frames, psnr, stream_kinds

pytest_plugins = "episode_fixtures"

CSV = """\
episode,character,screen_time_s,share,appearances,first_s,last_s,longest_s
episode,rufus,2.250,0.3516,1,1.000,3.250,2.250
episode,azura,2.500,0.3906,1,2.250,4.750,2.500
episode,vera,1.650,0.2578,1,4.750,6.400,1.650
"""


@pytest.fixture
def scores(vidtag, episode):
    target = episode.with_name("kept.npz")
    assert vidtag("analyze", episode, "-o", target).code == 0
    return target


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_names_follow_the_episode_and_the_episode_stays(vidtag, episode):
    before = episode.read_bytes()
    result = vidtag("annotate", episode)
    assert (result.code, result.err) == (0, "")
    assert names_in(episode.parent) == ["episode.mp4", "episode.tagged.csv", "episode.tagged.mp4"]
    assert episode.read_bytes() == before
    assert episode.with_name("episode.tagged.csv").read_text() == CSV
    assert str(episode.with_name("episode.tagged.mp4")) in result.out


def test_the_film_holds_every_frame_at_its_time_above_a_bar(vidtag, episode):
    assert vidtag("annotate", episode, "-o", episode.with_name("out.mp4")).code == 0
    before, after = list(film_frames(episode)), list(film_frames(episode.with_name("out.mp4")))
    assert [time for time, _ in after] == [time for time, _ in before]
    height, width = before[0][1].shape
    assert after[0][1].shape[1] == width
    assert after[0][1].shape[0] > height
    assert min(psnr(a[:height], b) for (_, a), (_, b) in zip(after, before, strict=True)) >= 42
    assert stream_kinds(episode.with_name("out.mp4")) == ["video h264", "audio aac"]


def test_the_bar_changes_on_the_right_frames(vidtag, episode):
    assert vidtag("annotate", episode, "-o", episode.with_name("out.mkv")).code == 0
    bars = [picture[108:].astype(int) for _, picture in film_frames(episode.with_name("out.mkv"))]
    changes = [k for k in range(1, len(bars)) if np.abs(bars[k] - bars[k - 1]).max() > 24]
    slots = [Fraction(1), Fraction(9, 4), Fraction(13, 4), Fraction(19, 4)]  # rufus, azura, rufus goes, azura for vera
    assert changes == [-(-slot * 25 // 1) for slot in slots]  # the first frame shown at or after the slot's begin


def test_the_table_goes_to_stdout_without_control_characters(vidtag, episode):
    out = vidtag("annotate", episode).out
    assert re.search(r"^character +screen time +share +appearances$", out, re.MULTILINE)
    assert re.search(r"^Azura +0:02\.5 +39\.1% +1$", out, re.MULTILINE)
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["Azura", "Rufus", "Vera"]  # most first
    assert all(character.isprintable() or character == "\n" for character in out)


def test_quiet_says_nothing(vidtag, episode):
    result = vidtag("annotate", episode, "-q")
    assert (result.code, result.out, result.err) == (0, "", "")


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_json_holds_the_same_numbers(vidtag, episode, quiet):
    told = json.loads(vidtag("annotate", episode, "--json", "--scores", episode.with_name("s.npz"), *quiet).out)
    assert told["output"] == str(episode.with_name("episode.tagged.mp4"))
    assert told["csv"] == str(episode.with_name("episode.tagged.csv"))
    assert told["scores"] == str(episode.with_name("s.npz"))
    assert (told["duration_s"], told["model"], told["notes"]) == (6.4, "simpsons", [])
    assert [entry["character"] for entry in told["characters"]] == list(CAST)
    assert told["characters"][1]["intervals_s"] == [[2.25, 4.75]]
    assert told["characters"][2]["screen_time_s"] == 1.65


def test_csv_and_scores_go_where_they_are_sent(vidtag, episode, tmp_path):
    (tmp_path / "deep").mkdir()
    table, scores = tmp_path / "deep/table.csv", tmp_path / "deep/s.npz"
    result = vidtag("annotate", episode, "-o", tmp_path / "out.mkv", "--csv", table, "--scores", scores)
    assert result.code == 0
    assert table.read_text() == CSV
    assert names_in(tmp_path) == ["deep", "episode.mp4", "out.mkv"]
    assert vidtag("report", scores).out == CSV


@pytest.mark.parametrize("size", [1, 3, 16, 1000])
def test_batches_make_no_difference(vidtag, episode, size):
    assert vidtag("annotate", episode, "--batch-size", size).code == 0
    assert episode.with_name("episode.tagged.csv").read_text() == CSV


@pytest.mark.parametrize(
    ("rate", "options"),
    [("2", ("--rate", "2")), ("24000/1001", ("--rate", "24000/1001")), ("4", ())],
)
def test_intervals_follow_the_sampling_rule_at_any_rate(vidtag, episode, rate, options):
    result = vidtag("annotate", episode, *options, "--smooth", "off", "--json")
    slots = sampled_characters(SCENES, Fraction(25), Fraction(rate))
    found = [
        [entry["character"], f"{start:.3f}", f"{end:.3f}"]
        for entry in json.loads(result.out)["characters"]
        for start, end in entry["intervals_s"]
    ]
    assert found == expected_intervals(slots, Fraction(rate), Fraction("6.4"))


def test_a_part_is_cut_out_and_keeps_the_times_of_the_episode(vidtag, episode):
    result = vidtag("annotate", episode, "--start", "0:02", "--end", "5.2", "--json")
    told = json.loads(result.out)
    assert told["duration_s"] == 3.2
    assert told["characters"][0]["intervals_s"] == [[2.0, 3.25]]
    assert told["characters"][2]["intervals_s"] == [[4.75, 5.2]]
    frames = list(film_frames(episode.with_name("episode.tagged.mp4")))
    assert len(frames) == 80
    assert frames[0][0] == 0


def test_names_make_the_bar_higher(vidtag, episode):
    heights = {}
    for style in ("icons", "icons+names"):
        assert vidtag("annotate", episode, "--style", style, "--overwrite").code == 0
        heights[style] = next(film_frames(episode.with_name("episode.tagged.mp4")))[1].shape[0]
    assert heights["icons+names"] > heights["icons"] > 108


def test_encoder_preset_and_crf_reach_the_film(vidtag, episode):
    choices = ("--encoder", "libx265", "--preset", "ultrafast", "--crf", "30")
    assert vidtag("annotate", episode, *choices).code == 0
    assert stream_kinds(episode.with_name("episode.tagged.mp4"))[0] == "video hevc"


def test_what_cannot_be_copied_is_said_on_stderr(vidtag, episode):
    result = vidtag("annotate", episode, "-o", episode.with_name("out.webm"), "--json")
    assert (result.code, result.err.count("\n")) == (0, 1)
    assert re.match(r"note: audio stream 1 \(aac.*encoded again as libopus", result.err)
    assert json.loads(result.out)["notes"] == [result.err.removeprefix("note: ").strip()]
    assert stream_kinds(episode.with_name("out.webm")) == ["video vp9", "audio opus"]
    assert vidtag("annotate", episode, "-o", episode.with_name("other.webm"), "-q").err == ""


def test_an_episode_that_cannot_be_written_back_becomes_matroska(vidtag, episode):
    other = episode.rename(episode.with_suffix(".avi"))  # the name decides, not the content
    assert vidtag("annotate", other).code == 0
    assert names_in(episode.parent) == ["episode.avi", "episode.tagged.csv", "episode.tagged.mkv"]


def test_scores_made_before_give_the_same_film_and_table(vidtag, episode, scores):
    first, second = episode.with_name("first.mkv"), episode.with_name("second.mkv")
    assert vidtag("annotate", episode, "-o", first).code == 0
    result = vidtag("annotate", episode, "-o", second, "--from-scores", scores)
    assert (result.code, result.err) == (0, "")
    assert second.with_suffix(".csv").read_text() == first.with_suffix(".csv").read_text() == CSV
    pairs = zip(film_frames(first), film_frames(second), strict=True)
    assert all(a[0] == b[0] and np.array_equal(a[1], b[1]) for a, b in pairs)


def test_scores_made_before_run_without_tensorflow(episode, scores):
    code = (
        "import sys; from vidtag.cli import main; code = main._run(sys.argv[1:]); "
        "loaded = {'tensorflow', 'keras'} & set(sys.modules); sys.exit(f'loaded {loaded}' if loaded else code)"
    )
    command = [sys.executable, "-c", code, "annotate", str(episode), "--from-scores", str(scores)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert episode.with_name("episode.tagged.csv").read_text() == CSV


def test_scores_of_a_part_give_the_part(vidtag, episode):
    part, scores = ("--start", "2", "--end", "5.2"), episode.with_name("part.npz")
    first, second = episode.with_name("first.mkv"), episode.with_name("second.mkv")
    assert vidtag("annotate", episode, "-o", first, "--scores", scores, *part).code == 0
    assert vidtag("annotate", episode, "-o", second, "--from-scores", scores).code == 0
    assert second.with_suffix(".csv").read_text() == first.with_suffix(".csv").read_text()
    pairs = zip(film_frames(first), film_frames(second), strict=True)
    assert all(a[0] == b[0] and np.array_equal(a[1], b[1]) for a, b in pairs)


def test_without_its_model_the_bar_shows_initials_and_says_so(vidtag, episode, scores, tmp_path, monkeypatch):
    monkeypatch.setenv("VIDTAG_MODELS", "")
    monkeypatch.setattr("vidtag.records.bundles.model_folders", lambda: [tmp_path / "none"])
    result = vidtag("annotate", episode, "--from-scores", scores)
    assert (result.code, result.err.count("\n")) == (0, 1)
    assert "simpsons is not installed" in result.err


def test_a_model_that_is_not_installed_is_given_again_for_its_icons(vidtag, episode, models, tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/palette").symlink_to(models / "colours")
    part = ("--model", tmp_path / "mine/palette")
    scores, first, second = tmp_path / "s.npz", tmp_path / "first.mkv", tmp_path / "second.mkv"
    monkeypatch.setattr("vidtag.records.bundles.model_folders", list)
    assert vidtag("annotate", episode, "-o", first, "--scores", scores, *part, "--style", "icons+names").code == 0
    result = vidtag("annotate", episode, "-o", second, "--from-scores", scores, *part, "--style", "icons+names")
    assert (result.code, result.err) == (0, "")
    pairs = zip(film_frames(first), film_frames(second), strict=True)
    assert all(np.array_equal(a[1], b[1]) for a, b in pairs)


def test_from_the_module_in_a_folder_of_its_own(installed, episode, tmp_path):
    result = run_vidtag("annotate", "episode.mp4", "-o", "out.mp4", "--model", "colours", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    with (tmp_path / "out.csv").open(newline="") as stream:
        assert [row["character"] for row in csv.DictReader(stream)] == list(CAST)


ASKING = """
import socket, sys

sys.addaudithook(lambda event, what: event == "socket.getaddrinfo" and print("asked for", what[0], flush=True))
try:
    from vidtag.cli.main import main
    main(sys.argv[1:])
finally:
    socket.getaddrinfo("localhost", 1)
    print(*(name for name in sys.modules if "telemetry" in name))
"""


def test_nothing_is_asked_of_the_network(episode, tmp_path, monkeypatch):
    """As SECURITY.md promises. Where libraries fork to report, the hook goes with them."""
    for name in ("CI", "TF_BUILD", "JENKINS_URL"):  # some keep quiet where these are set, or the user has said so
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    call = [sys.executable, "-c", ASKING, "annotate", str(episode), "--quiet"]
    found = subprocess.run(call, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == ["asked for localhost", ""]
    assert episode.with_name("episode.tagged.mp4").exists()
