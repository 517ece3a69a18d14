import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vidtag.analysis.fitting import fit_inside
from vidtag.training.placing import film_size, paste_randomly, place_picture

sides = st.integers(1, 300)


@given(sides, sides)
def test_placed_picture_fills_its_place_and_leaves_the_rest_black(width, height):
    placed = place_picture(np.full((height, width, 3), 200, np.uint8), (48, 64))
    place = fit_inside(width, height, 64, 48)
    inside = np.zeros((48, 64), bool)
    inside[place.top : place.top + place.height, place.left : place.left + place.width] = True
    assert placed.shape == (48, 64, 3)
    assert (placed[inside] == 200).all()
    assert not placed[~inside].any()


def test_shape_of_things_is_kept():
    picture = np.zeros((200, 100, 3), np.uint8)
    picture[50:150, 25:75] = 255
    bright = np.argwhere(place_picture(picture, (64, 64))[..., 0] > 127)
    rows, columns = bright.max(0) - bright.min(0) + 1
    assert (rows, columns) == (32, 16)


@given(st.integers(0, 10**6), st.floats(0.05, 1))
def test_pasting_stays_within_its_columns(seed, share):
    frame = np.zeros((40, 60, 3), np.uint8)
    paste_randomly(frame, np.full((30, 20, 3), 9, np.uint8), np.random.default_rng(seed), (20, 45), share)
    assert frame[:, 20:45].any()
    assert not frame[:, :20].any()
    assert not frame[:, 45:].any()


def test_film_is_never_larger_than_the_input():
    random = np.random.default_rng(0)
    assert {film_size((144, 192), random) for _ in range(200)} == {(144, 192), (130, 192), (108, 192)}
