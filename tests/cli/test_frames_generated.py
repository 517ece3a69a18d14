"""`vidtag frames --generated`: a sheet of what the training would draw, with its labels."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidtag.cast import Cast
from vidtag.frames.generated import caption
from vidtag.overlay.sheets import GAP_PX, LINE_PX, LINES
from vidtag.training.frames import DrawnFrame

pytest_plugins = "episode_fixtures"

SMALL = ("--input-size", "96x160", "--grid", "3x2")


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A folder with 12 noisy pictures of each of two characters, and one with 3 of nobody."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(4)
    for folder, colour, count in (
        ("show/anna", (0, 0, 200), 12),
        ("show/ben", (200, 0, 0), 12),
        ("empty", (0, 90, 0), 3),
    ):
        Path(folder).mkdir(parents=True)
        for number in range(count):
            noise = np.kron(random.integers(0, 55, (6, 8, 3)), np.ones((8, 8, 1)))
            cv2.imwrite(f"{folder}/{number}.png", (np.array(colour) + noise).astype(np.uint8))
    return tmp_path


def test_a_sheet_shows_the_frames_of_the_training(vidtag, pictures):
    result = vidtag("frames", "--generated", "show", "-o", "sheet.png", *SMALL, "--negatives", "empty")
    assert (result.code, result.out) == (0, f"{pictures / 'sheet.png'}\n"), result
    assert "2 characters" in result.err
    sheet = cv2.imread("sheet.png")
    cell = (96 + LINES * LINE_PX + GAP_PX, 160 + GAP_PX)
    assert sheet.shape == (2 * cell[0] + GAP_PX, 3 * cell[1] + GAP_PX, 3)
    cells = [sheet[r * cell[0] :][: cell[0], c * cell[1] :][:, : cell[1]] for r in range(2) for c in range(3)]
    assert all(each.std() > 10 for each in cells)
    again = vidtag("frames", "--generated", "show", "-o", "again.png", *SMALL, "--negatives", "empty", "-q")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert Path("again.png").read_bytes() == Path("sheet.png").read_bytes()
    assert vidtag("frames", "--generated", "show", "-o", "other.png", *SMALL, "--seed", "2").code == 0
    assert not np.array_equal(cv2.imread("other.png"), sheet)


def test_the_mix_is_what_is_set(vidtag, pictures):
    options = ("--set-mix", "nobody=1", "--negatives", "empty", "--json")
    result = vidtag("frames", "--generated", "show", "-o", "nobody.jpg", *SMALL, *options)
    assert json.loads(result.out) == {"sheet": str(pictures / "nobody.jpg")}


def test_captions_name_who_is_there_and_doubt():
    def words(*labels):
        frame = DrawnFrame(np.zeros((1, 1, 3), np.uint8), np.float32(labels), np.zeros((0, 5), np.float32))
        return caption(frame, Cast.of("anna", "ben"))

    assert [words(0, 0), words(1, 0), words(1, 1), words(-1, 1)] == ["nobody", "Anna", "Anna, Ben", "Ben ?"]


@pytest.mark.parametrize(
    ("code", "words", "arguments"),
    [
        (2, "give an EPISODE, or --generated", ("-o", "new.png")),
        (2, "EPISODE... does not go with --generated", ("--generated", "show", "a.mp4", "-o", "new.png")),
        (2, "--every does not go with --generated", ("--generated", "show", "--every", "2", "-o", "new.png")),
        (2, "--seed goes with --generated", ("a.mp4", "--seed", "2", "-o", "new.png")),
        (2, "the suffix of a sheet must be", ("--generated", "show", "-o", "new.txt")),
        (2, "1 to 40 frames a side", ("--generated", "show", "-o", "new.png", "--grid", "0x6")),
        (2, "expected COLUMNSxROWS, such as 6x6, got 'six'", ("--generated", "show", "-o", "new.png", "--grid", "six")),
        (2, "input size must be 32 to", ("--generated", "show", "-o", "new.png", "--input-size", "8x8")),
        (2, "has no 'scenery'", ("--generated", "show", "-o", "new.png", "--set-mix", "scenery=1")),
        (2, "add up to 1", ("--generated", "show", "-o", "new.png", "--set-mix", "scene=2")),
        (2, "does not exist", ("--generated", "none", "-o", "new.png")),
        (3, "name no character", ("--generated", "bare", "-o", "new.png")),
        (6, "exists already", ("--generated", "show", "-o", "old.png")),
        (6, "does not exist; make it first", ("--generated", "show", "-o", "no/new.png")),
    ],
)
def test_bad_input_is_one_clear_line(vidtag, pictures, code, words, arguments):
    Path("old.png").write_text("mine")
    Path("bare/_nobody").mkdir(parents=True)
    Path("bare/_nobody/1.png").write_bytes(Path("empty/0.png").read_bytes())
    result = vidtag("frames", *arguments)
    assert (result.code, result.out) == (code, ""), result
    assert words in result.err
    assert result.err.count("\n") == 1
    assert not Path("new.png").exists()
    assert Path("old.png").read_text() == "mine"
