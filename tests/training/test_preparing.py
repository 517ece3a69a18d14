from pathlib import Path

import numpy as np
import pytest

from vidtag.predictors.preprocessing import PREPROCESSINGS
from vidtag.training.dataset import Example
from vidtag.training.placing import place_picture, scale_as_ffmpeg
from vidtag.training.preparing import cut_box, cut_examples, fit_picture, prepare_example


@pytest.fixture
def picture():
    return np.random.default_rng(2).integers(0, 256, (60, 100, 3)).astype(np.uint8)


def test_pictures_are_placed_as_the_film_reader_places_frames(picture):
    box = (0.2, 0.0, 0.7, 0.5)
    assert np.array_equal(fit_picture(picture, (48, 48), PREPROCESSINGS["pad"], box), place_picture(picture, (48, 48)))
    stretched = fit_picture(picture, (48, 48), PREPROCESSINGS["resize"], box)
    assert np.array_equal(stretched, scale_as_ffmpeg(picture, 48, 48))
    cropped = fit_picture(picture, (48, 48), PREPROCESSINGS["crop"], box)
    assert np.array_equal(cropped, place_picture(picture[:30, 20:70], (48, 48)))
    whole = fit_picture(picture, (48, 48), PREPROCESSINGS["crop"])
    assert np.array_equal(whole, place_picture(picture, (48, 48)))


def test_a_box_is_never_empty(picture):
    assert cut_box(picture, (1.0, 1.0, 1.0, 1.0)).shape == (1, 1, 3)
    assert np.array_equal(cut_box(picture, (0.0, 0.0, 1.0, 1.0)), picture)


def test_an_example_is_cut_at_the_largest_box_of_the_cast(picture):
    boxes = np.array([[-1, 0, 0, 1, 1], [0, 0, 0, 0.1, 0.1], [1, 0.5, 0.5, 1, 1]], np.float32)
    example = Example(Path("a.png"), picture, np.array([1, 1], np.float32), boxes)
    found = prepare_example(example, (32, 32), PREPROCESSINGS["crop"])
    assert np.array_equal(found, place_picture(picture[30:, 50:], (32, 32)))
    nobody = Example(Path("b.png"), picture, np.zeros(2, np.float32), boxes[:1])
    assert np.array_equal(prepare_example(nobody, (32, 32), PREPROCESSINGS["crop"]), place_picture(picture, (32, 32)))


def test_of_others_than_the_one_cut_out_only_those_who_are_absent_are_known(picture):
    boxes = np.array([[0, 0, 0, 0.1, 0.1], [1, 0.5, 0.5, 1, 1]], np.float32)
    example = Example(Path("a.png"), picture, np.array([1, 1, 0], np.float32), boxes)
    (cut,) = cut_examples([example], PREPROCESSINGS["crop"])
    assert cut.labels.tolist() == [-1, 1, 0]
    assert np.array_equal(cut.picture, picture[30:, 50:])
    assert len(cut.boxes) == 0
    assert cut_examples([example], PREPROCESSINGS["pad"]) == [example]
