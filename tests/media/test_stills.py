"""A sample is the frame that is on screen when its time says so: upright, with square pixels, up to the end."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from media_recipes import BLOCK, ffmpeg, make_still_film, picture_clock, read_code

from vidtag.errors import DamagedError
from vidtag.frames.naming import seconds_text
from vidtag.media.info import Part
from vidtag.media.probe import probe
from vidtag.media.stills import read_samples


def samples_of(path, rate="1", longest_px=None, start=0, end=None):
    part = Part(Fraction(start), None if end is None else Fraction(end))
    return list(read_samples(probe(path), rate=Fraction(rate), part=part, longest_px=longest_px))


@pytest.mark.parametrize(("rate", "start"), [("5", "0"), ("1/2", "0"), ("3", "1.5"), ("7/3", "0")])
@pytest.mark.parametrize("name", ["film.mp4", "jitter.mkv", "gaps.mp4", "late.ts", "one.mp4", "film.avi"])
def test_the_frame_is_on_screen_at_its_time_as_written(coded_clip, name, rate, start):
    path = coded_clip(name)
    times, _, _ = picture_clock(path)
    shown = [time - times[0] for time in times]
    samples = samples_of(path, rate, start=start)
    assert samples
    for sample in samples:
        on_screen = (
            int(np.searchsorted([float(time) for time in shown], float(seconds_text(sample.seconds)) + 1e-6)) - 1
        )
        assert read_code(sample.picture[..., 1], BLOCK) == on_screen
    assert all(after.seconds - before.seconds == 1 / Fraction(rate) for before, after in pairwise(samples))


def test_a_film_shorter_than_half_a_slot_gives_its_last_frame(coded_clip):
    (sample,) = samples_of(coded_clip("film.mp4"), "1/60")
    assert read_code(sample.picture[..., 1], BLOCK) == 143
    assert sample.seconds == Fraction(287 * 1001, 48000)  # in the middle of the last frame


def test_a_part_ends_where_it_ends(coded_clip):
    assert [float(sample.seconds) for sample in samples_of(coded_clip("pal.mp4"), start=1, end=3)] == [1.5, 2.5]


CORNERS = np.zeros((60, 100, 3), np.uint8)
CORNERS[:30, :50], CORNERS[:30, 50:], CORNERS[30:, :50] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
LOSSLESS = ("-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast")


@pytest.mark.parametrize(
    ("aspect", "longest_px", "size"),
    [
        ("1", None, (60, 100)),
        ("1", 50, (30, 50)),
        ("1", 200, (60, 100)),
        ("1", 33, (20, 33)),
        ("2", None, (60, 200)),
        ("1/2", None, (120, 100)),
        ("8/9", 97, (66, 97)),
        ("16/11", 101, (42, 101)),
    ],
)
def test_pixels_are_square_and_no_edge_is_black(tmp_path, aspect, longest_px, size):
    film = make_still_film(tmp_path / "a.mkv", np.maximum(CORNERS, 40), "-vf", f"setsar={aspect}", *LOSSLESS)
    picture = samples_of(film, "3", longest_px)[0].picture
    assert np.abs(np.subtract(picture.shape[:2], size)).max() <= 1
    assert max(picture.shape[:2]) <= max(longest_px or 0, *size)
    assert picture.min() >= 20


def test_a_turned_film_stands_upright(tmp_path):
    flat = make_still_film(tmp_path / "flat.mp4", CORNERS, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "4")
    ffmpeg("-display_rotation", "90", "-i", flat, "-c", "copy", tmp_path / "turned.mp4")
    info = probe(tmp_path / "turned.mp4")
    assert info.rotation in (90, 270)
    picture = samples_of(tmp_path / "turned.mp4", "3")[0].picture
    assert picture.shape == (100, 60, 3)
    wanted = np.rot90(CORNERS, 1 if info.rotation == 270 else -1)
    assert np.abs(picture.astype(int) - wanted).mean() < 12


def test_a_film_that_breaks_off_gives_what_can_be_read(coded_clip, tmp_path):
    ffmpeg("-i", coded_clip("pal.mp4"), "-c", "copy", "-movflags", "+faststart", tmp_path / "whole.mp4")
    data = (tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "short.mp4").write_bytes(data[: len(data) * 2 // 3])
    samples = read_samples(probe(tmp_path / "short.mp4"), rate=Fraction(5), part=Part(), longest_px=None)
    whole, read = samples_of(coded_clip("pal.mp4"), "5"), []
    with pytest.raises(DamagedError, match=r"readable are 0:00.0 to 0:0\d"):
        read.extend(samples)
    assert 5 < len(read) < len(whole)
    for sample, other in zip(read[:-1], whole, strict=False):
        assert read_code(sample.picture[..., 1], BLOCK) == read_code(other.picture[..., 1], BLOCK)
