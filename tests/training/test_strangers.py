import numpy as np
import pytest

from vidtag.training.strangers import (
    borrow_colours,
    draw_shapes,
    make_pale,
    make_up_stranger,
    rotate_hue,
    shuffle_patches,
    swap_colours,
)

CHANGES = (make_pale, rotate_hue, shuffle_patches, swap_colours)


def noise(height, width):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)


@pytest.mark.parametrize("change", CHANGES)
def test_the_original_is_left_alone_and_the_same_seed_gives_the_same(change):
    picture = noise(48, 96)
    before = picture.copy()
    first, again = (change(picture, np.random.default_rng(5)) for _ in range(2))
    assert first.shape == picture.shape
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert np.array_equal(picture, before)


def test_shuffling_keeps_every_pixel_but_moves_most():
    picture = noise(48, 96)
    mixed = shuffle_patches(picture, np.random.default_rng(1), side=24)
    assert np.array_equal(np.sort(mixed.ravel()), np.sort(picture.ravel()))
    assert (mixed != picture).mean() > 0.5


@pytest.mark.parametrize("change", [rotate_hue, swap_colours, make_pale])
def test_no_skin_keeps_its_colour(change):
    yellow = np.full((8, 8, 3), (255, 217, 15), np.uint8)
    for seed in range(50):
        red, green, blue = change(yellow, np.random.default_rng(seed))[0, 0].astype(int)
        assert not (red > 200 and green > 170 and blue < 80)


def test_every_way_is_taken():
    picture = np.full((60, 40, 3), (255, 217, 15), np.uint8)
    made = [make_up_stranger(picture, (48, 64), np.random.default_rng(seed)) for seed in range(40)]
    assert all(one.ndim == 3 and one.shape[2] == 3 and one.dtype == np.uint8 for one in made)
    assert len({one.tobytes() for one in made}) > 25


def test_made_up_pictures_differ():
    pictures = [draw_shapes(40, 60, np.random.default_rng(seed)) for seed in range(10)]
    assert all(picture.shape == (40, 60, 3) and picture.dtype == np.uint8 for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == 10


def test_shapes_of_a_palette_have_no_other_colour():
    palette = np.array([[(255, 217, 15), (40, 90, 200)]], np.uint8)
    drawn = draw_shapes(40, 60, np.random.default_rng(3), palette).reshape(-1, 3)
    low, high = palette.min((0, 1)), palette.max((0, 1))
    assert ((drawn >= low) & (drawn <= high)).all()  # a shaded ground mixes the colours
    assert {tuple(colour) for colour in palette[0].tolist()} <= {tuple(colour) for colour in drawn.tolist()}


def test_a_stranger_takes_the_mean_colour_and_keeps_its_shapes():
    stranger = np.asarray(noise(48, 96) // 4 + 90, np.uint8)
    stranger[:, 48:] //= 2
    lent = np.full((30, 30, 3), (120, 60, 40), np.uint8)
    lent[::2] = (150, 80, 60)
    given = borrow_colours(stranger, lent)
    assert np.abs(given.mean((0, 1)) - lent.mean((0, 1))).max() < 8
    assert given[:, :48].mean() > given[:, 48:].mean() + 5
