import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vidtag.analysis.fitting import Placement, fit_inside
from vidtag.training.placing import film_size, panel_place, place_picture, random_place

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


@given(sides, sides, st.integers(0, 10**6), st.floats(0.05, 1))
def test_a_random_place_stays_within_its_columns(height, width, seed, share):
    place = random_place((height, width), (40, 20, 45), share, np.random.default_rng(seed))
    assert place.left >= 20
    assert place.left + place.width <= 45
    assert place.top >= 0
    assert place.top + place.height <= 40
    assert min(place.width, place.height) >= 1


def test_a_panel_is_filled_where_that_hardly_distorts():
    assert panel_place((100, 70), 40, 20, 50) == Placement(30, 40, 20, 0)
    assert panel_place((40, 70), 40, 20, 50) == Placement(30, 17, 20, 11)


def test_film_is_never_larger_than_the_input():
    random = np.random.default_rng(0)
    assert {film_size((144, 192), random) for _ in range(200)} == {(144, 192), (130, 192), (108, 192)}
