import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.shots import DEFAULT_CUT, content_change

SHAPE = (36, 64, 3)
pictures = arrays(np.uint8, SHAPE)


def filled(*colour):
    return np.full(SHAPE, colour, np.uint8)


@given(pictures, pictures)
def test_change_is_a_share_the_same_both_ways_and_none_for_the_same_picture(first, second):
    assert 0 <= content_change(first, second) <= 1
    assert content_change(first, second) == content_change(second, first)
    assert content_change(first, first) == 0


@given(st.integers(0, 255))
def test_black_against_white_is_all_there_is(grey):
    assert content_change(filled(0, 0, 0), filled(255, 255, 255)) == 1
    assert content_change(filled(0, 0, 0), filled(grey, grey, grey)) <= 1


def test_a_cut_is_above_the_usual_threshold_and_motion_and_light_below():
    random = np.random.default_rng(0)
    scene = np.kron(random.integers(0, 256, (9, 16, 3)), np.ones((4, 4, 1))).astype(np.uint8)
    other = np.kron(random.integers(0, 128, (9, 16, 3)), np.ones((4, 4, 1))).astype(np.uint8)
    moved = scene.copy()
    moved[8:24, 20:32] = scene[8:24, 23:35]
    assert content_change(scene, other) > 2 * DEFAULT_CUT
    assert content_change(scene, moved) < DEFAULT_CUT
    assert content_change(scene, np.roll(scene, 8, axis=1)) < DEFAULT_CUT  # a pan keeps the colours
