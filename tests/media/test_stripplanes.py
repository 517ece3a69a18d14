"""What strips are converted to: the colours that ffmpeg would make of them, for every matrix, range and format."""

import numpy as np
import pytest
from media_recipes import ffmpeg

from vidtag.media import picture, stripplanes
from vidtag.media.stripplanes import StripConverter, StripFormat

HEIGHT, WIDTH = 16, 48
MATRICES = ["bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc"]
KINDS = [("", ""), ("j", ""), ("", "10le")]  # of television's range, full range, ten bits
FORMATS = [f"yuv{full}{chroma}p{deep}" for chroma in (420, 422, 444) for full, deep in KINDS]


@pytest.fixture(scope="module")
def colourful():
    """Give a strip of smooth changes, in which every colour and brightness comes."""
    down, across = np.mgrid[0 : np.pi : HEIGHT * 1j, 0 : 2 * np.pi : WIDTH * 1j]
    waves = [np.cos(across), np.sin(across) * np.cos(down), np.cos(down)]
    return np.stack([np.rint(127.5 + 127.5 * wave) for wave in waves], axis=-1).astype(np.uint8)


def converted_by_ffmpeg(strip, form):
    """Let ffmpeg convert a strip."""
    said = ("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{strip.shape[1]}x{strip.shape[0]}")
    to = f"out_color_matrix={form.matrix}:out_range={'pc' if form.full_range else 'tv'}"
    flags = "out_h_chr_pos=0:out_v_chr_pos=128:flags=bilinear+accurate_rnd+full_chroma_int+full_chroma_inp"
    filters = f"scale={to}:{flags},format={form.pixel_format}"
    return np.frombuffer(
        ffmpeg(*said, "-i", "pipe:0", "-vf", filters, "-f", "rawvideo", "-", stdin=strip.tobytes()), np.uint8
    )


def values(planes, form):
    """Read bytes as values of 8 bits."""
    return planes.view("<u2") / 4 if form.laid_under.endswith("10le") else planes.astype(float)


@pytest.mark.parametrize("full_range", [False, True])
@pytest.mark.parametrize("matrix", MATRICES)
def test_every_matrix_gives_the_colours_that_ffmpeg_makes(colourful, matrix, full_range):
    form = StripFormat("yuv444p", matrix, full_range)
    ours, theirs = (values(planes, form) for planes in (form.convert(colourful), converted_by_ffmpeg(colourful, form)))
    assert np.abs(ours - theirs).max() <= 1


@pytest.mark.parametrize("laid_under", FORMATS)
def test_every_format_holds_what_ffmpeg_makes_of_it(colourful, laid_under):
    form = StripFormat(laid_under, "bt709", full_range="j" in laid_under)
    ours, theirs = (values(planes, form) for planes in (form.convert(colourful), converted_by_ffmpeg(colourful, form)))
    assert ours.shape == theirs.shape
    luma = HEIGHT * WIDTH
    assert np.abs(ours[:luma] - theirs[:luma]).max() <= 1
    assert np.abs(ours - theirs).max() <= 2  # rounded in several steps
    assert np.abs(ours - theirs).mean() <= 0.5


def test_black_white_and_grey_hit_the_ends_of_the_range():
    strip = np.repeat(np.array([[[0], [255]], [[0], [255]]], np.uint8), 3, axis=2)
    limited = StripFormat("yuv420p", "bt709", full_range=False)
    assert limited.convert(strip).tolist() == [16, 235, 16, 235, 128, 128, 255, 255, 255, 255]
    full = StripFormat("yuv420p10le", "bt709", full_range=True)
    assert full.convert(strip).view("<u2").tolist() == [0, 1023, 0, 1023, 512, 512, 1023, 1023, 1023, 1023]


def test_a_look_is_converted_once_and_forgotten_when_there_are_too_many(monkeypatch):
    form = StripFormat("yuv420p", "bt709", full_range=False)
    looks = [np.full((2, 4, 3), grey, np.uint8) for grey in (10, 20, 30)]
    monkeypatch.setattr(stripplanes, "KEPT_BYTES", 2 * (looks[0].nbytes + form.convert(looks[0]).nbytes))
    converter = StripConverter(form)
    first, second = converter.convert(looks[0]), converter.convert(looks[1])
    assert converter.convert(looks[0]) is first
    converter.convert(looks[2])  # the second was used longest ago
    assert converter.convert(looks[0]) is first
    again = converter.convert(looks[1])
    assert again is not second
    assert np.array_equal(again, second)


def test_a_strip_that_takes_the_place_of_one_that_is_gone_is_not_taken_for_it():
    form = StripFormat("yuv444p", "bt709", full_range=True)
    converter = StripConverter(form)
    for grey in range(200):  # numpy gives the next one the memory that was just freed
        assert np.array_equal(converter.convert(np.full((2, 2, 3), grey, np.uint8))[:4], [grey] * 4)


def test_every_matrix_that_a_picture_may_be_meant_by_is_known():
    assert {*picture._MATRICES.values(), *picture._NEAREST.values()} == set(MATRICES)
