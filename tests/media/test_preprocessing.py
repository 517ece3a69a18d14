"""A sample that ffmpeg scales looks as a training picture that OpenCV scales: mean difference at most 1 grey level."""

from fractions import Fraction

import numpy as np
import pytest
from media_recipes import make_still_film

from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.training.placing import place_picture, scale_as_ffmpeg

INPUT_SIZE = (144, 192)
YUV = "scale=out_color_matrix=bt601:flags=accurate_rnd+full_chroma_int+full_chroma_inp"
RGB = (("-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast"), "null")
YUV444 = (("-c:v", "ffv1", "-pix_fmt", "yuv444p"), YUV)
YUV420 = (("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv420p"), YUV)


def drawn_picture(rows: int, columns: int) -> np.ndarray:
    """Draw what films are made of: gradients, discs with hard edges, thin lines, and noise on one half."""
    random = np.random.default_rng(rows * columns)
    y, x = np.mgrid[0:rows, 0:columns] / np.array([rows, columns])[:, None, None]
    picture = 255 * np.stack([x, y, (1 - x) * (1 - y)], axis=2)
    for _ in range(12):
        row, column, radius = random.random(), random.random(), random.uniform(0.05, 0.25)
        picture[(y - row) ** 2 + (x - column) ** 2 < radius**2] = random.integers(0, 256, 3)
    picture += random.integers(-25, 26, (rows, columns, 1)) * (x > 0.5)[..., None]
    picture[:, :: max(1, columns // 20)] = 0
    return np.clip(picture, 0, 255).astype(np.uint8)


def mean_difference(folder, size, codec, sample_aspect="1"):
    arguments, conversion = codec
    picture = drawn_picture(*size)
    clock = ("-vf", f"setsar={sample_aspect},{conversion}")
    info = probe(make_still_film(folder / "still.mkv", picture, *clock, *arguments))
    assert info.sample_aspect == Fraction(sample_aspect)
    with SampleReader(info, input_size=INPUT_SIZE, rate=Fraction(4), batch_size=4) as reader:
        sample = next(iter(reader))[0]
    placed = place_picture(picture, INPUT_SIZE, Fraction(sample_aspect))
    assert np.array_equal(sample.any(axis=(1, 2)), placed.any(axis=(1, 2)))  # the same rows are black
    assert np.array_equal(sample.any(axis=(0, 2)), placed.any(axis=(0, 2)))
    return np.abs(sample.astype(int) - placed).mean()


@pytest.mark.parametrize("size", [(360, 640), (576, 720)], ids=["wide", "high"])
def test_a_stretched_sample_fills_the_input(tmp_path, size):
    picture = drawn_picture(*size)
    info = probe(make_still_film(tmp_path / "still.mkv", picture, "-vf", f"setsar=2,{RGB[1]}", *RGB[0]))
    whole = {"input_size": INPUT_SIZE, "rate": Fraction(4), "batch_size": 4, "keeps_aspect": False}
    with SampleReader(info, **whole) as reader:
        sample = next(iter(reader))[0]
    assert np.abs(sample.astype(int) - scale_as_ffmpeg(picture, 192, 144)).mean() <= 1


SIZES = [(480, 640), (360, 640), (1080, 1920), (720, 480), (144, 192), (200, 257), (100, 700)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[1]}x{size[0]}")
@pytest.mark.parametrize("codec", [RGB, YUV444], ids=["rgb", "yuv444"])
def test_reader_scales_as_training_does(tmp_path, size, codec):
    assert mean_difference(tmp_path, size, codec) <= 1


@pytest.mark.parametrize("sample_aspect", ["2", "8/9", "16/11"])
@pytest.mark.parametrize("size", [(480, 640), (576, 720)], ids=["4:3", "pal"])
def test_wide_pixels_are_scaled_alike(tmp_path, size, sample_aspect):
    assert mean_difference(tmp_path, size, RGB, sample_aspect) <= 1


@pytest.mark.parametrize("size", [(480, 640), (360, 640), (1080, 1920)], ids=["480p", "360p", "1080p"])
def test_ordinary_colour_resolution_makes_little_difference(tmp_path, size):
    assert mean_difference(tmp_path, size, YUV420) <= 1


@pytest.mark.parametrize("size", [(96, 128), (60, 100)], ids=["128x96", "100x60"])
def test_films_smaller_than_the_input_are_enlarged_alike(tmp_path, size):
    assert mean_difference(tmp_path, size, RGB) <= 1
