"""A glimpse is a frame that begins within the stretch that it stands for, upright and with square pixels."""

from fractions import Fraction

import numpy as np
import pytest
from media_recipes import BLOCK, ffmpeg, make_still_film, picture_clock, read_code

from vidtag.media.glimpses import glimpse_size, glimpses
from vidtag.media.probe import probe

LOSSLESS = ("-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast")


def seen(path, *stretches, box=(10_000, 10_000)):
    info = probe(path)
    box = min(box[0], info.width), min(box[1], info.height)
    exact = [(Fraction(a), Fraction(b)) for a, b in stretches]
    return list(glimpses(info, exact, glimpse_size(info, *box)))


STRETCHES = [("0", "0.3"), ("0.5", "1"), ("0.75", "2"), ("1.9", "2.15"), ("2.25", "3")]


@pytest.mark.parametrize("name", ["film.mp4", "jitter.mkv", "gaps.mp4", "late.ts", "film.avi", "pal.mp4"])
def test_pictures_are_the_frames_of_their_times_within_the_stretches(coded_clip, name):
    path = coded_clip(name)
    clock, _, _ = picture_clock(path)
    shown = [time - clock[0] for time in clock]
    found = seen(path, *STRETCHES)
    assert found
    for glimpse in found:
        number = read_code(glimpse.picture[..., 1], BLOCK)
        assert abs(glimpse.seconds - shown[number]) < Fraction(1, 500)
        assert any(Fraction(a) <= glimpse.seconds < Fraction(b) for a, b in STRETCHES)


def test_every_stretch_with_a_frame_gets_one(coded_clip):
    assert len(seen(coded_clip("film.mp4"), *STRETCHES)) == len(STRETCHES)


def test_a_stretch_between_two_frames_or_behind_the_end_is_passed_over(coded_clip):
    (only,) = seen(coded_clip("one.mp4"), ("0.1", "0.9"), ("1", "1.5"), ("900", "901"))
    assert only.seconds == 1


def test_a_broken_film_shows_what_can_be_decoded(coded_clip, tmp_path):
    data = coded_clip("film.mkv").read_bytes()
    (tmp_path / "broken.mkv").write_bytes(data[: len(data) // 3] + b"\xff" * (len(data) // 2))
    found = seen(tmp_path / "broken.mkv", *STRETCHES)
    assert 1 <= len(found) < len(STRETCHES)
    assert read_code(found[0].picture[..., 1], BLOCK) == 0


@pytest.mark.parametrize(("turn", "corner"), [(0, (0, 0)), (90, (1, 0)), (180, (1, 1)), (270, (0, 1))])
def test_turned_films_come_out_upright(tmp_path, turn, corner):
    picture = np.zeros((60, 100, 3), np.uint8)
    picture[:30, :50] = 255
    flat = make_still_film(tmp_path / "flat.mp4", picture, *LOSSLESS)
    ffmpeg("-display_rotation", turn, "-i", flat, "-c", "copy", tmp_path / "turned.mp4")
    (glimpse,) = seen(tmp_path / "turned.mp4", ("0", "1"), box=(60, 60))
    height, width = glimpse.picture.shape[:2]
    assert (height > width) == (turn in (90, 270))
    halves = glimpse.picture.mean(axis=2)
    bright = [[halves[: height // 2, : width // 2], halves[: height // 2, width // 2 :]]]
    bright.append([halves[height // 2 :, : width // 2], halves[height // 2 :, width // 2 :]])
    found = {(row, column): float(np.mean(bright[row][column])) for row in (0, 1) for column in (0, 1)}
    assert max(found, key=found.__getitem__) == corner
    assert found[corner] > 200


def test_pictures_have_square_pixels_and_fit_into_the_box(tmp_path):
    wide = make_still_film(tmp_path / "wide.mp4", np.full((60, 100, 3), 90, np.uint8), *LOSSLESS, "-aspect", "10:3")
    (glimpse,) = seen(wide, ("0", "1"), box=(80, 80))
    assert glimpse.picture.shape == (24, 80, 3)


def test_a_film_that_kills_its_decoder_shows_nothing(coded_clip, monkeypatch):
    info = probe(coded_clip("film.mp4"))
    monkeypatch.setattr("vidtag.media.isolated._START", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert glimpses(info, [(Fraction(0), Fraction(1))], (32, 24)) == []
