"""`vidtag frames`: pictures out of episodes, whole or not at all, and a table that becomes labels.csv."""

import csv
import errno
import json
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
import pytest
from episode_recipes import COLOURS, SCENES, make_episode
from media_recipes import ffmpeg

from vidtag.frames.extract import COLUMNS
from vidtag.training.listing import list_pictures

pytest_plugins = "episode_fixtures"


def table(folder):
    with (Path(folder) / "frames.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def colour_of(path):
    """Name the colour that a frame of the usual episode shows."""
    mean = cv2.imread(str(path)).mean(axis=(0, 1))[::-1]
    return min(COLOURS, key=lambda name: np.abs(mean - COLOURS[name][0]).sum())


def colour_at(seconds):
    frames = [colour for colour, count in SCENES for _ in range(count)]
    return frames[int(float(seconds) * 25 + 1e-9)]


@pytest.fixture
def here(episode, monkeypatch):
    """The folder of the usual episode, as the current one."""
    monkeypatch.chdir(episode.parent)
    return episode.parent


@pytest.mark.parametrize("form", ["jpg", "png"])
def test_frames_are_named_by_time_and_show_it(vidtag, here, form):
    result = vidtag("frames", "episode.mp4", "-o", "out", "--every", "0.5", "--format", form)
    assert (result.code, result.err) == (0, "")
    assert result.out == f"13 frames\n{here / 'out/frames.csv'}\n"
    rows = table("out")
    assert [row["seconds"] for row in rows] == [f"{0.25 + 0.5 * number:.2f}" for number in range(13)]
    for row in rows:
        assert row["path"] == f"episode_{float(row['seconds']):07.2f}.{form}"
        assert (row["characters"], row["group"], row["episode"]) == ("", "episode", "episode.mp4")
        assert cv2.imread(f"out/{row['path']}").shape == (108, 192, 3)
        assert colour_of(f"out/{row['path']}") == colour_at(row["seconds"])
    assert sorted(path.name for path in Path("out").iterdir()) == sorted(["frames.csv", *(row["path"] for row in rows)])


def test_the_table_filled_in_is_labels_csv(vidtag, here):
    assert vidtag("frames", "episode.mp4", "-o", "out").code == 0
    text = Path("out/frames.csv").read_text()
    Path("out/labels.csv").write_text(text.replace(",,episode,", ",rufus azura,episode,"))
    listed = list_pictures(Path("out"))
    assert [entry.path.name for entry in listed] == [row["path"] for row in table("out")]
    assert all(entry.path.is_file() and entry.complete and entry.group == "episode" for entry in listed)
    assert {entry.characters for entry in listed} == {("rufus", "azura")}


def test_one_frame_a_shot(vidtag, here):
    assert vidtag("frames", "episode.mp4", "-o", "out", "--per-shot").code == 0
    shots = [colour for colour, count in SCENES if count > 5]  # the 5 black frames are one sample, a flash
    assert [colour_of(f"out/{row['path']}") for row in table("out")] == shots
    assert vidtag("frames", "episode.mp4", "-o", "fewer", "--per-shot", "--distinct").code == 0
    assert [colour_of(f"fewer/{row['path']}") for row in table("fewer")] == list(dict.fromkeys(shots))
    assert vidtag("frames", "episode.mp4", "-o", "one", "--per-shot", "--shot-threshold", "1").code == 0
    assert len(table("one")) == 1


def test_the_most_different_frames(vidtag, here):
    count = len({colour for colour, _ in SCENES})
    options = ("--every", "0.2", "--different", count, "--size", "96")
    assert vidtag("frames", "episode.mp4", "-o", "out", *options).code == 0
    paths = [f"out/{row['path']}" for row in table("out")]
    assert sorted(colour_of(path) for path in paths) == sorted({colour for colour, _ in SCENES})
    assert {cv2.imread(path).shape for path in paths} == {(54, 96, 3)}
    assert [row["seconds"] for row in table("out")] == sorted(row["seconds"] for row in table("out"))


def test_episodes_of_one_name_do_not_meet(vidtag, here):
    for folder, colour in (("one", "red"), ("two", "green")):
        Path(folder).mkdir()
        make_episode(Path(folder) / "E1.mp4", ((colour, 50),))
    assert vidtag("frames", "one/E1.mp4", "two/E1.mp4", "episode.mp4", "-o", "out", "--every", "1").code == 0
    groups = {group: list(rows) for group, rows in groupby(table("out"), key=lambda row: row["group"])}
    assert {group: len(rows) for group, rows in groups.items()} == {"one-E1": 2, "two-E1": 2, "episode": 6}
    assert {colour_of(f"out/{row['path']}") for row in groups["one-E1"]} == {"red"}
    assert {colour_of(f"out/{row['path']}") for row in groups["two-E1"]} == {"green"}


def test_distinct_holds_across_episodes(vidtag, here):
    for name in ("a", "b"):
        make_episode(Path(f"{name}.mp4"), (("red", 50), ("blue", 50)))
    assert vidtag("frames", "a.mp4", "b.mp4", "-o", "out", "--every", "1", "--distinct").code == 0
    assert [row["path"] for row in table("out")] == ["a_0000.50.jpg", "a_0002.50.jpg"]


@pytest.mark.parametrize(
    ("options", "colours"),
    [
        (("--without-colour", "255,0,0:60", "--without-colour", "255,0,255:60:0.5"), {"blue", "white"}),
        (("--without-colour", "0,0,255:60", "--most-black", "1"), {"black", "red", "magenta", "white"}),
        (("--model", "colours", "--most-black", "1"), {"black"}),
        (("--without-colour", "255,255,255", "--model", "colours", "--most-black", "1"), {"black"}),
    ],
)
def test_backgrounds_are_without_anyone(vidtag, here, options, colours):
    assert vidtag("frames", "episode.mp4", "-o", "out", "--every", "0.2", "--backgrounds", *options).code == 0
    assert {colour_of(f"out/{row['path']}") for row in table("out")} == colours


def test_backgrounds_one_a_shot(vidtag, here):
    options = ("--per-shot", "--backgrounds", "--without-colour", "255,255,255:20")
    assert vidtag("frames", "episode.mp4", "-o", "out", *options).code == 0
    assert [colour_of(f"out/{row['path']}") for row in table("out")] == ["red", "magenta", "blue", "blue"]


def test_what_a_part_and_json_say(vidtag, here):
    result = vidtag("frames", "episode.mp4", "-o", "out", "--every", "1", "--start", "1", "--end", "3.2", "--json")
    said = json.loads(result.out)
    assert [row["seconds"] for row in said["frames"]] == ["1.50", "2.50"]
    assert set(said["frames"][0]) == set(COLUMNS)
    assert said["table"] == str(here / "out/frames.csv")


def test_what_is_there_stays_unless_told(vidtag, here):
    assert vidtag("frames", "episode.mp4", "-o", "out").code == 0
    Path("out/note.txt").write_text("mine")
    Path("out/labels.csv").write_text("mine, too")
    before = {path: path.stat().st_mtime_ns for path in Path("out").iterdir()}
    refused = vidtag("frames", "episode.mp4", "-o", "out", "--every", "1")
    assert refused.code == 6
    assert "frames.csv exists already; pass --overwrite" in refused.err
    assert {path: path.stat().st_mtime_ns for path in Path("out").iterdir()} == before
    Path("out/frames.csv").unlink()
    refused = vidtag("frames", "episode.mp4", "-o", "out")
    assert refused.code == 6
    assert "episode_0001.00.jpg exists already" in refused.err
    assert vidtag("frames", "episode.mp4", "-o", "out", "--overwrite").code == 0
    assert (Path("out/note.txt").read_text(), Path("out/labels.csv").read_text()) == ("mine", "mine, too")


def test_a_film_that_breaks_off_gives_its_frames_and_says_so(vidtag, here):
    ffmpeg("-i", "episode.mp4", "-c", "copy", "-movflags", "+faststart", "start.mp4")
    Path("short.mp4").write_bytes(Path("start.mp4").read_bytes()[: Path("start.mp4").stat().st_size * 2 // 3])
    for options in ((), ("--different", "3"), ("--per-shot",)):
        result = vidtag("frames", "short.mp4", "episode.mp4", "-o", "out", *options, "--overwrite")
        assert result.code == 5
        assert result.err.count("\n") == 1
        assert "short.mp4 is damaged" in result.err
        assert "the frames before that are written" in result.err
        assert {row["group"] for row in table("out")} == {"short", "episode"}


def test_a_full_disk_leaves_nothing(vidtag, here, monkeypatch):
    written = []

    def write(self, data):
        written.append(self)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        with self.open("wb") as stream:
            return stream.write(data)

    monkeypatch.setattr(Path, "write_bytes", write)
    result = vidtag("frames", "episode.mp4", "-o", "out")
    assert result.code == 6
    assert result.err.count("\n") == 1
    assert "out cannot be written (No space left on device)" in result.err
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("code", "words", "arguments"),
    [
        (2, "give an EPISODE, or --generated", ()),
        (2, "--every and --per-shot exclude", ("episode.mp4", "--every", "1", "--per-shot")),
        (2, "--shot-threshold goes with --per-shot", ("episode.mp4", "--shot-threshold", "0.2")),
        (2, "threshold of shots must be above 0", ("episode.mp4", "--per-shot", "--shot-threshold", "0")),
        (2, "expected a number of seconds", ("episode.mp4", "--every", "often")),
        (2, "expected a frame every", ("episode.mp4", "--every", "0")),
        (2, "expected a rate above 0", ("episode.mp4", "--every", "0.001")),
        (2, "number of different frames must be", ("episode.mp4", "--different", "0")),
        (2, "the size must be 16 to", ("episode.mp4", "--size", "1")),
        (2, "the format must be one of jpg, png", ("episode.mp4", "--format", "gif")),
        (2, "--end must lie after --start", ("episode.mp4", "--start", "3", "--end", "2")),
        (2, "lies after the end", ("episode.mp4", "--start", "90")),
        (2, "given 2 times", ("episode.mp4", "./episode.mp4")),
        (2, "--without-colour goes with --backgrounds", ("episode.mp4", "--without-colour", "1,2,3")),
        (2, "--model goes with --backgrounds", ("episode.mp4", "--model", "colours")),
        (2, "backgrounds need --without-colour", ("episode.mp4", "--backgrounds")),
        (2, "such as 255,217,15:30:0.01", ("episode.mp4", "--backgrounds", "--without-colour", "yellow")),
        (2, "go from 0 to 255", ("episode.mp4", "--backgrounds", "--without-colour", "256,0,0")),
        (2, "share of a colour must be", ("episode.mp4", "--backgrounds", "--without-colour", "1,2,3:4:0")),
        (
            2,
            "share of black must be 0 to 1",
            ("episode.mp4", "--backgrounds", "--model", "colours", "--most-black", "2"),
        ),
        (3, "no model is called 'colour'", ("episode.mp4", "--backgrounds", "--model", "colour")),
        (3, "no frame is without anyone", ("episode.mp4", "--backgrounds", "--without-colour", "0,0,0:255")),
        (3, "no shot lasts two fifths of a second", ("flicker.mp4", "--per-shot")),
        (3, "none.mp4 does not exist", ("episode.mp4", "none.mp4")),
        (3, "is not a video", ("notes.txt",)),
    ],
)
def test_bad_input_is_one_clear_line_and_leaves_nothing(vidtag, here, code, words, arguments):
    Path("notes.txt").write_text("once upon a time\n" * 99)
    make_episode(Path("flicker.mp4"), (("red", 5), ("green", 5)) * 4)
    result = vidtag("frames", *arguments, "-o", "out")
    assert (result.code, result.out) == (code, ""), result
    assert words in result.err
    assert result.err.count("\n") == 1
    assert not Path("out").exists()


@pytest.mark.parametrize(("target", "words"), [("no/out", "does not exist; make it first"), ("notes.txt", "is a file")])
def test_a_folder_that_cannot_be(vidtag, here, target, words):
    Path("notes.txt").write_text("mine")
    result = vidtag("frames", "episode.mp4", "-o", target)
    assert result.code == 6
    assert words in result.err
    assert result.err.count("\n") == 1
