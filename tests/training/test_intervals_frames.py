from fractions import Fraction

import numpy as np
import pytest
from episode_recipes import make_episode
from media_recipes import ffmpeg

from vidtag.cast import Cast
from vidtag.errors import DamagedError, InputError
from vidtag.training.intervals import interval_frames

HEADER = "clip,character,start,end,state\n"
CAST = Cast.of("azura", "rufus", "vera")


@pytest.fixture
def table(tmp_path):
    """Two clips, red and blue for 2 s each and blue for 4 s, and a CSV beside them."""
    (tmp_path / "more").mkdir()
    make_episode(tmp_path / "a.mp4", (("red", 50), ("blue", 50)), sound=False)
    make_episode(tmp_path / "more/a.mp4", (("blue", 100),), sound=False)

    def write(rows):
        path = tmp_path / "labels.csv"
        path.write_text(HEADER + rows)
        return path

    return write


ROWS = "a.mp4,rufus,0,2,present\na.mp4,azura,2,4,present\na.mp4,vera,1,2,ignore\nmore/a.mp4,azura,0,9,ignore\n"


def test_frames_carry_what_the_intervals_say_and_their_clip(table):
    examples = interval_frames(table(ROWS), CAST, rate=Fraction(1), longest_side_px=64)
    assert [(example.group, example.path.name, example.labels.tolist()) for example in examples] == [
        ("a.mp4", "a.mp4#t=0.5", [0, 1, 0]),
        ("a.mp4", "a.mp4#t=1.5", [0, 1, -1]),
        ("a.mp4", "a.mp4#t=2.5", [1, 0, 0]),
        ("a.mp4", "a.mp4#t=3.5", [1, 0, 0]),
        *(("more/a.mp4", f"a.mp4#t={number}.5", [-1, 0, 0]) for number in range(4)),
    ]
    for example in examples:
        assert example.picture.shape == (36, 64, 3)
        assert example.picture.flags.c_contiguous
        red, blue = example.picture[..., 0].mean(), example.picture[..., 2].mean()
        assert (red > blue) == (example.labels[1] == 1)
        assert example.boxes.shape == (0, 5)


def test_doubtful_frames_are_left_out_where_that_is_wanted(table):
    examples = interval_frames(table(ROWS), rate=Fraction(1), longest_side_px=64, doubtful=False)
    assert [example.path.name for example in examples] == ["a.mp4#t=0.5", "a.mp4#t=2.5", "a.mp4#t=3.5"]
    assert all(example.complete for example in examples)


def test_a_clip_may_lie_anywhere(table, tmp_path):
    (tmp_path / "tables").mkdir()
    rows = f"{tmp_path}/a.mp4,rufus,0,2,present\n../more/a.mp4,azura,0,4,present\n"
    (tmp_path / "tables/labels.csv").write_text(HEADER + rows)
    examples = interval_frames(tmp_path / "tables/labels.csv", rate=Fraction(1), longest_side_px=64)
    assert {example.group for example in examples} == {f"{tmp_path}/a.mp4", "../more/a.mp4"}


def test_where_nothing_is_known_nothing_is_taken(table):
    examples = interval_frames(table("a.mp4,*,1,9,ignore\na.mp4,vera,0,1,present\n"), longest_side_px=64)
    assert [example.path.name for example in examples] == ["a.mp4#t=0.25", "a.mp4#t=0.75"]
    assert [example.labels.tolist() for example in examples] == [[1], [1]]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("a.mp4,rufus,0,7,present\n", "line 2: rufus is present from 0 to 7 s, but a.mp4 ends at 4.000 s"),
        ("a.mp4,carl,0,1,present\n", "line 2: 'carl' is not in the cast: azura, rufus, vera"),
        ("labels.csv,vera,0,1,present\n", "labels.csv is not a video"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(table, rows, words):
    with pytest.raises(InputError) as caught:
        interval_frames(table(rows), CAST, longest_side_px=64)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_clip_that_breaks_off_is_refused(table, tmp_path):
    ffmpeg("-i", tmp_path / "a.mp4", "-c", "copy", "-movflags", "+faststart", tmp_path / "start.mp4")
    data = (tmp_path / "start.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(data[: len(data) * 3 // 5])
    with pytest.raises(DamagedError, match=r"a\.mp4 is damaged"):
        interval_frames(table(ROWS), CAST, longest_side_px=64)


@pytest.mark.slow
def test_three_real_minutes(shared_data):
    examples = interval_frames(shared_data / "popeye/labels.csv", rate=Fraction(1, 4), longest_side_px=64)
    assert len(examples) == 45
    assert {example.group for example in examples} == {f"minute_{letter}.mkv" for letter in "abc"}
    present = np.sum([example.labels == 1 for example in examples], axis=0)
    assert (present > 0).all()
