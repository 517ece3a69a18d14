import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.diversity import farthest_points, picture_feature

points = arrays(np.float32, st.tuples(st.integers(1, 12), st.integers(1, 3)), elements=st.integers(-9, 9))


@given(points, st.integers(1, 14))
def test_each_choice_is_the_farthest_from_those_before(points, count):
    chosen = farthest_points(points, count)
    assert len(chosen) == min(count, len(np.unique(points, axis=0)))
    for number in range(1, len(chosen)):
        distances = np.linalg.norm(points[:, None] - points[chosen[:number]], axis=2).min(axis=1)
        assert distances[chosen[number]] == distances.max()


@given(points)
def test_asking_for_more_keeps_the_first_ones(points):
    assert farthest_points(points, 5)[:2] == farthest_points(points, 2)


def test_nothing_to_choose_from():
    assert farthest_points(np.zeros((0, 3), np.float32), 4) == []


def test_features_tell_colour_place_and_edges_apart():
    plain = np.full((36, 64, 3), 128, np.uint8)
    left, right, striped = plain.copy(), plain.copy(), plain.copy()
    left[:, :32] = right[:, 32:] = (200, 40, 40)
    striped[:, ::2], striped[:, 1::2] = 64, 192
    features = [picture_feature(picture) for picture in (plain, left, right, striped)]
    assert all(feature.shape == (80,) and feature.dtype == np.float32 for feature in features)
    distances = [np.linalg.norm(a - b) for number, a in enumerate(features) for b in features[:number]]
    assert min(distances) > 0.5
