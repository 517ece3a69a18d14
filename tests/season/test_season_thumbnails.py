"""Thumbnails stand for as many intervals as there is room for, and never take more room than there is."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from media_recipes import ffmpeg
from season_recipes import make_episode, timelines

from vidtag.errors import VidtagError
from vidtag.season.stretches import stretches_of
from vidtag.season.thumbnails import draw_sheet


def holds(stretch, interval):
    return interval.start <= stretch.start < stretch.end <= interval.end


def intervals_of(timeline):
    return [interval for presence in timeline.presences for interval in presence]


@given(timelines())
def test_with_room_enough_every_interval_holds_a_stretch(timeline):
    found = stretches_of(timeline, 1000)
    for interval in intervals_of(timeline):
        assert any(holds(stretch, interval) for stretch in found)
    assert list(found) == sorted(found, key=lambda each: (each.start, each.end))


@given(timelines(), st.integers(0, 6))
def test_there_are_never_too_many_and_each_lies_in_the_intervals_it_stands_for(timeline, most):
    found = stretches_of(timeline, most)
    assert len(found) <= most
    for stretch in found:
        assert sum(holds(stretch, interval) for interval in intervals_of(timeline)) >= stretch.intervals >= 1


@given(timelines())
def test_as_many_as_there_are_intervals_apart_suffice_for_all(timeline):
    apart, last = 0, None  # the most intervals of which no two overlap, a quarter second or a quarter off their edges
    for interval in sorted(intervals_of(timeline), key=lambda each: each.end - min(Fraction(1, 4), each.duration / 4)):
        edge = min(Fraction(1, 4), interval.duration / 4)
        if last is None or interval.start + edge >= last:
            apart, last = apart + 1, interval.end - edge
    found = stretches_of(timeline, apart)
    assert len(found) == apart
    for interval in intervals_of(timeline):
        assert any(holds(stretch, interval) for stretch in found)


@pytest.fixture(scope="module")
def noisy(tmp_path_factory):
    """A film that hardly compresses."""
    path = tmp_path_factory.mktemp("noisy") / "film.mp4"
    source = ("-f", "lavfi", "-i", "nullsrc=s=160x120:r=10:d=60,geq=random(1)*255:128:128")
    ffmpeg(*source, "-c:v", "libx264", "-preset", "ultrafast", "-g", 20, path)
    return path


def episode_with(source, count=40):
    stretches = [(Fraction(3 * k, 2), Fraction(3 * k, 2) + 1) for k in range(count)]
    made = make_episode("film", {"anna": stretches}, end="60")
    return type(made)(name=made.name, scores=made.scores, timeline=made.timeline, source=source)


@pytest.mark.parametrize("most_bytes", [300_000, 60_000, 20_000, 12_000])
def test_a_sheet_keeps_to_its_bytes_and_tells_of_every_picture(noisy, most_bytes):
    sheet = draw_sheet(episode_with(noisy), most_bytes)
    assert len(sheet.webp) <= most_bytes
    assert list(sheet.times) == sorted(set(sheet.times))
    picture = cv2.imdecode(np.frombuffer(sheet.webp, np.uint8), cv2.IMREAD_COLOR)
    rows = -(-len(sheet.times) // sheet.columns)
    assert picture.shape[:2] == (rows * sheet.height_px, min(len(sheet.times), sheet.columns) * sheet.width_px)
    assert (sheet.width_px, sheet.height_px) == (144, 108)


def test_with_room_every_interval_has_a_picture(noisy):
    sheet = draw_sheet(episode_with(noisy), 600_000)
    assert len(sheet.times) == 40
    assert all(3 * k / 2 <= seconds < 3 * k / 2 + 1 for k, seconds in enumerate(sheet.times))


def test_no_source_no_room_or_nobody_means_no_sheet(noisy):
    assert draw_sheet(episode_with(None), 100_000) is None
    assert draw_sheet(episode_with(noisy), 0) is None
    assert draw_sheet(episode_with(noisy, count=0), 100_000) is None


def test_a_source_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(VidtagError, match="not a video"):
        draw_sheet(episode_with(tmp_path / "film.mp4"), 100_000)
