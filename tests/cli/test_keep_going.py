"""A damaged film: refused with what can be read, or with --keep-going tagged as far as it goes, its gaps unknown."""

import csv
import json

import pytest
from episode_recipes import SCENES, make_episode
from media_recipes import ffmpeg, film_frames

from vidtag.records.scorefiles import load_scores

pytest_plugins = "episode_fixtures"


@pytest.fixture
def whole(installed, tmp_path):
    """The usual episode with its index first, so that what is cut off or broken is picture."""
    made = make_episode(tmp_path / "made.mp4", SCENES, sound=False)
    ffmpeg("-i", made, "-c", "copy", "-movflags", "+faststart", tmp_path / "whole.mp4")
    made.unlink()
    return tmp_path / "whole.mp4"


@pytest.fixture
def broken(whole):
    """A key frame's worth of noise in the middle: of black, red, magenta, blue and white, magenta and blue suffer."""
    data = bytearray(whole.read_bytes())
    begin, length = len(data) // 2, len(data) // 8
    data[begin : begin + length] = bytes(range(1, 256)) * (length // 255) + bytes(length % 255)
    whole.write_bytes(data)
    return whole


@pytest.fixture
def cut(whole):
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    return whole


def rows(path):
    return {row["character"]: row for row in csv.DictReader(path.read_text("utf-8").splitlines())}


@pytest.mark.parametrize("command", ["annotate", "analyze", "report"])
def test_without_it_the_stretches_that_can_be_read_are_named(vidtag, broken, command):
    result = vidtag(command, broken)
    assert (result.code, result.out, result.err.count("\n")) == (5, "", 1)
    assert "readable are 0:00.0 to 0:0" in result.err
    assert "--keep-going" in result.err
    assert {path.name for path in broken.parent.iterdir()} == {"whole.mp4"}


def test_with_it_film_table_and_scores_tell_what_is_unknown(vidtag, broken, tmp_path):
    result = vidtag("annotate", broken, "-o", tmp_path / "t.mkv", "--keep-going", "--scores", tmp_path / "s.npz")
    assert result.code == 0, result
    assert "note: the film is damaged; nothing is known of 0:0" in result.err
    scores = load_scores(tmp_path / "s.npz")
    (gap,) = scores.unknown
    assert 0.5 < gap.start < gap.end < 4.75  # white begins at 4.8 s
    assert scores.provenance.end == pytest.approx(6.4)
    table = rows(tmp_path / "t.csv")
    assert list(table) == ["rufus", "azura", "vera", "(unknown)"]
    assert float(table["(unknown)"]["screen_time_s"]) == pytest.approx(float(gap.duration), abs=0.25)
    assert float(table["vera"]["screen_time_s"]) == pytest.approx(1.6, abs=0.25)
    assert len(list(film_frames(tmp_path / "t.mkv"))) == scores.provenance.frames


def test_what_breaks_off_is_unknown_to_the_promised_end(vidtag, cut, tmp_path):
    result = vidtag("annotate", cut, "-o", tmp_path / "t.mkv", "--keep-going", "--json")
    assert result.code == 0, result
    said = json.loads(result.out)
    ((start, end),) = said["unknown_s"]
    assert end == pytest.approx(6.4)
    assert said["duration_s"] == pytest.approx(6.4)
    last = max(float(time) for time, _ in film_frames(tmp_path / "t.mkv"))
    assert start - 0.3 < last < start + 0.3
    assert all(interval[1] <= start for one in said["characters"] for interval in one["intervals_s"])


def test_scores_of_a_damaged_film_make_the_film_again(vidtag, cut, tmp_path):
    assert vidtag("analyze", cut, "-o", tmp_path / "s.npz", "--keep-going", "-q").code == 0
    assert vidtag("annotate", cut, "-o", tmp_path / "a.mkv", "--from-scores", tmp_path / "s.npz", "-q").code == 0
    assert vidtag("annotate", cut, "-o", tmp_path / "b.mkv", "--keep-going", "-q").code == 0
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()
    first, second = ([picture.tobytes() for _, picture in film_frames(tmp_path / f"{n}.mkv")] for n in "ab")
    assert first == second
    report = vidtag("report", tmp_path / "s.npz", "--segments")
    assert report.out.splitlines()[-1].startswith("whole,(unknown),")


def test_of_a_film_that_is_whole_it_changes_nothing(vidtag, whole, tmp_path):
    assert vidtag("annotate", whole, "-o", tmp_path / "a.mkv", "-q").code == 0
    assert vidtag("annotate", whole, "-o", tmp_path / "b.mkv", "-q", "--keep-going", "--parallel", 2).code == 0
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()
    first, second = ([picture.tobytes() for _, picture in film_frames(tmp_path / f"{n}.mkv")] for n in "ab")
    assert first == second
