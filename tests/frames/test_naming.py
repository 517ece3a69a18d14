from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.errors import UsageError
from vidtag.frames.naming import MOST_BYTES, episode_labels, frame_name, seconds_text

names = st.sampled_from(("E1", "e1", "E1-mp4", "one-E1", "x" * 300, "ä" * 150, "a\nb", "a\udcffb"))
paths = st.builds(
    lambda folders, name, suffix: Path("/", *folders, name + suffix),
    st.lists(st.sampled_from(("one", "two", "E1")), max_size=2),
    names,
    st.sampled_from((".mp4", ".mkv")),
)


@given(st.lists(paths, unique=True, max_size=8))
def test_labels_differ_and_every_file_system_takes_them(paths):
    labels = episode_labels(paths)
    assert len({label.casefold() for label in labels}) == len(paths)
    for label in labels:
        assert len(label.encode()) <= MOST_BYTES + 4
        assert label.isprintable()
        assert "/" not in label


def test_labels_say_as_little_as_tells_episodes_apart():
    one, two, other = Path("/show/one/E1.mkv"), Path("/show/two/E1.mkv"), Path("/show/two/E2.mkv")
    assert episode_labels([one, other]) == ["E1", "E2"]
    assert episode_labels([one, two, other]) == ["one-E1", "two-E1", "E2"]
    assert episode_labels([Path("/a/x/E1.mp4"), Path("/b/x/E1.mp4")]) == ["a-x-E1", "b-x-E1"]
    assert episode_labels([Path("/a/E1.mp4"), Path("/a/E1.mkv")]) == ["E1-mp4", "E1-mkv"]


def test_an_episode_given_twice_is_refused(tmp_path):
    (tmp_path / "E1.mp4").touch()
    (tmp_path / "link.mp4").symlink_to("E1.mp4")
    with pytest.raises(UsageError, match="is given 2 times"):
        episode_labels([tmp_path / "E1.mp4", tmp_path / "link.mp4"])


@given(st.lists(st.fractions(0, 9999), min_size=2, max_size=2))
def test_names_sort_by_time(seconds):
    first, second = (frame_name("E1", each, "jpg").removesuffix(".jpg") for each in sorted(seconds))
    assert first <= second


@given(st.fractions(0, 9999))
def test_times_are_exact_or_cut_off(seconds):
    text, name = seconds_text(seconds), frame_name("E1", seconds, "png").removesuffix(".png")
    assert 0 <= seconds - Fraction(text) < Fraction(1, 10**6)
    assert 0 <= seconds - Fraction(name.removeprefix("E1_")) < Fraction(1, 1000)
    assert len(name) == len("E1_0000.00") + (len(text.partition(".")[2]) > 2)
