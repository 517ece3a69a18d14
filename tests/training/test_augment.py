import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.training.augment import crop_randomly, degrade, fade_randomly, jitter_colours


def fade(picture, random):
    return fade_randomly(picture, random, 1.0)


SAME_SIZE = (degrade, jitter_colours, fade)


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 10**6), st.sampled_from(SAME_SIZE))
def test_size_and_type_stay_and_the_original_is_left_alone(height, width, seed, change):
    picture = noise(height, width)
    before = picture.copy()
    changed = change(picture, np.random.default_rng(seed))
    assert changed.shape == picture.shape
    assert changed.dtype == np.uint8
    assert np.array_equal(picture, before)


@pytest.mark.parametrize("change", [*SAME_SIZE, lambda picture, random: crop_randomly(picture, random, 0.5)])
def test_the_same_seed_gives_the_same_picture(change):
    picture = noise(48, 64)
    first, again = (change(picture, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, again)


@given(st.integers(0, 10**6), st.floats(0, 0.9))
def test_a_crop_is_a_part_that_keeps_the_promised_share(seed, most):
    picture = np.arange(40 * 30, dtype=np.uint16).reshape(40, 30)
    cut = crop_randomly(picture, np.random.default_rng(seed), most)
    assert cut.shape[0] >= 40 * (1 - most) - 0.5
    assert cut.shape[1] >= 30 * (1 - most) - 0.5
    top, left = divmod(int(cut[0, 0]), 30)
    assert np.array_equal(cut, picture[top : top + cut.shape[0], left : left + cut.shape[1]])


def test_a_fade_darkens_the_stated_share_of_pictures():
    random = np.random.default_rng(1)
    bright = np.full((8, 8, 3), 200, np.uint8)
    faded = [int(fade_randomly(bright, random, 0.3).max()) for _ in range(400)]
    assert 80 <= sum(level < 200 for level in faded) <= 160
    assert min(faded) >= 50


def test_some_pictures_lose_detail_and_others_stay():
    picture = noise(48, 64)
    changed = [degrade(picture, np.random.default_rng(seed)) for seed in range(60)]
    detail = np.array([np.abs(np.diff(each.astype(int), axis=1)).mean() for each in changed])
    usual = np.abs(np.diff(picture.astype(int), axis=1)).mean()
    assert 0.3 < np.mean([np.array_equal(each, picture) for each in changed]) < 0.7
    assert (detail < 0.7 * usual).sum() > 5
