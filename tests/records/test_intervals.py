from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st

from vidtag.cast import Cast
from vidtag.errors import InputError
from vidtag.records.intervals import (
    LabelledInterval,
    check_cast,
    clips_of,
    labels_at,
    named_cast,
    read_intervals,
)

HEADER = "clip,character,start,end,state\n"
CAST = Cast.of("anna", "ben")


@pytest.fixture
def table(tmp_path):
    """Write a CSV beside two clips and give its path."""
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).touch()

    def write(text):
        path = tmp_path / "labels.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def interval(character, start, end, state="present"):
    clip = Path("a.mp4")
    return LabelledInterval(clip=clip, character=character, start=Fraction(start), end=Fraction(end), state=state)


def test_rows_are_read_with_clips_beside_the_file(table, tmp_path):
    rows = HEADER + "a.mp4,anna,0,1:30.5,present\n\n b.mp4 ,*, 2.25,3,ignore\nb.mp4,ben,1,2,present\n"
    read = read_intervals(table("\ufeff" + rows))
    assert [(each.character, each.start, each.end, each.state) for each in read] == [
        ("anna", 0, Fraction("90.5"), "present"),
        ("*", Fraction("2.25"), 3, "ignore"),
        ("ben", 1, 2, "present"),
    ]
    assert {clip: len(rows) for clip, rows in clips_of(read).items()} == {tmp_path / "a.mp4": 1, tmp_path / "b.mp4": 2}
    assert named_cast(read).ids == ("anna", "ben")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("clip,character,begin,end,state\na.mp4,anna,0,1,present\n", "the column start is missing"),
        ("", "the column clip is missing"),
        (HEADER, "holds no intervals"),
        (HEADER + "a.mp4,anna,0,1,there\n", "line 2: the state must be present or ignore, got 'there'"),
        (HEADER + "a.mp4,anna,0,1\n", "line 2: the state must be present or ignore, got ''"),
        (HEADER + "a.mp4,anna,5,4,present\n", "line 2: the end must lie after the start, got 5 to 4 s"),
        (HEADER + "a.mp4,anna,5,5,present\n", "the end must lie after the start"),
        (HEADER + "a.mp4,anna,-1,5,present\n", "expected a time like 90"),
        (HEADER + "a.mp4,anna,0,5,present\na.mp4,anna,soon,5,present\n", "line 3: expected a time like 90"),
        (HEADER + "c.mp4,anna,0,1,present\n", "line 2: the clip 'c.mp4' is not there"),
        (HEADER + ",anna,0,1,present\n", "the clip '' is not there"),
        (HEADER + "a.mp4,,0,1,present\n", "line 2: character id '' is not allowed"),
        (HEADER.encode() + b"a.mp4,\xff,0,1,present\n", "cannot be read as CSV"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(table, text, words):
    path = table(text)
    with pytest.raises(InputError) as caught:
        read_intervals(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"No such file"):
        read_intervals(tmp_path / "none.csv")


def test_a_stranger_to_the_cast_is_named_with_the_row(table):
    read = read_intervals(table(HEADER + "a.mp4,anna,0,1,present\na.mp4,carl,0,1,ignore\n"))
    with pytest.raises(InputError, match="line 3: 'carl' is not in the cast: anna, ben"):
        check_cast(read, CAST)


def test_nobody_is_present_past_the_end_of_a_clip():
    for ends in ((0, 10), (3, Fraction("10.9"))):
        interval("anna", *ends).check_within(Fraction(10))
    interval("*", 10, 14, "ignore").check_within(Fraction(10))
    for ends in ((10, 11), (3, Fraction("11.1"))):
        with pytest.raises(InputError, match=r"anna is present from .* but a.mp4 ends at 10.000 s"):
            interval("anna", *ends).check_within(Fraction(10))


def test_intervals_of_everyone_alone_make_no_cast():
    with pytest.raises(InputError, match="name nobody"):
        named_cast([interval("*", 0, 1)])


rows = st.lists(
    st.builds(
        lambda character, start, length, state: interval(character, start, start + length, state),
        st.sampled_from(("anna", "ben", "*")),
        st.integers(0, 12),
        st.integers(1, 8),
        st.sampled_from(("present", "ignore")),
    ),
    max_size=6,
)


@THOROUGH
@given(rows, st.lists(st.fractions(0, 20, max_denominator=4), max_size=12))
def test_labels_follow_the_rule_slowly_told(intervals, seconds):
    for instant, labels in zip(seconds, labels_at(intervals, CAST, seconds), strict=True):
        for identity, label in zip(CAST.ids, labels, strict=True):
            states = {
                each.state
                for each in intervals
                if each.character in (identity, "*") and each.start <= instant < each.end
            }
            assert label == (-1 if "ignore" in states else 1 if states else 0)


def test_labels_take_an_array_of_times():
    labels = labels_at([interval("ben", 1, 2)], CAST, np.array([0.5, 1.0, 1.5, 2.0]))
    assert labels.tolist() == [[0, 0], [0, 1], [0, 1], [0, 0]]
    assert labels.dtype == np.float32


def test_the_labels_of_three_real_minutes_are_read(shared_data):
    read = read_intervals(shared_data / "popeye/labels.csv")
    assert named_cast(read).ids == ("boola", "popeye", "roc", "sindbad")
    assert [clip.name for clip in clips_of(read)] == ["minute_a.mkv", "minute_b.mkv", "minute_c.mkv"]
    for each in read:
        each.check_within(Fraction(60))
