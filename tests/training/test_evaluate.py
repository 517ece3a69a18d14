from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.training.dataset import Example
from vidtag.training.evaluate import (
    NOBODY,
    PAIR,
    WHOLE,
    DevFrames,
    choose_thresholds,
    macro_f1,
    make_dev_frames,
    measure,
)

flags = st.integers(1, 30).flatmap(lambda n: st.tuples(arrays(bool, (n, 3)), arrays(bool, (n, 3))))


def slow_macro_f1(truth, lit):
    per = []
    for column in range(truth.shape[1]):
        pairs = list(zip(truth[:, column], lit[:, column], strict=True))
        right, false, missed = pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False))
        if right + missed:
            per.append(2 * right / (2 * right + false + missed))
    return sum(per) / len(per) if per else 0.0


@given(flags)
def test_macro_f1_agrees_with_its_definition(both):
    assert macro_f1(*both) == pytest.approx(slow_macro_f1(*both))


@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(arrays(bool, (n, 2)), arrays(np.float32, (n, 2), elements=st.floats(0, 1, width=32)))
    )
)
def test_no_fixed_threshold_beats_the_chosen_ones(case):
    truth, scores = case
    chosen = choose_thresholds(truth, scores)
    assert chosen.dtype == np.float32
    assert ((chosen >= np.float32(0.4)) & (chosen <= np.float32(0.8))).all()
    best = macro_f1(truth, scores > chosen)
    assert all(best >= macro_f1(truth, scores > np.float32(fixed)) - 0.006 for fixed in np.arange(0.4, 0.81, 0.05))


def test_of_equally_good_thresholds_the_highest_is_taken():
    truth = np.array([[True], [True], [False], [False]])
    scores = np.array([[0.9], [0.73], [0.45], [0.1]], np.float32)
    assert choose_thresholds(truth, scores)[0] == pytest.approx(0.72)


def test_somebody_who_never_occurs_gets_a_half():
    assert choose_thresholds(np.zeros((4, 1), bool), np.ones((4, 1), np.float32)).tolist() == [0.5]


def test_figures_of_a_small_example():
    truth = np.array([[1, 0], [1, 0], [0, 1], [1, 1], [0, 0], [0, 0]], bool)
    scores = np.array([[0.9, 0.1], [0.2, 0.6], [0.1, 0.8], [0.9, 0.4], [0.1, 0.1], [0.7, 0.1]], np.float32)
    dev = DevFrames(np.zeros((6, 1, 1, 3), np.uint8), truth, np.array([WHOLE] * 3 + [PAIR] + [NOBODY] * 2))
    figures = measure(dev, scores, np.array([0.5, 0.5], np.float32))
    assert figures["top1"] == pytest.approx(2 / 3)
    assert figures["worst"] == pytest.approx(1 / 2)
    assert figures["pairs_f1"] == pytest.approx(1 / 2)
    assert figures["nobody"] == pytest.approx(1 / 2)
    assert figures["all_f1"] == pytest.approx((4 / 6 + 2 / 4) / 2)


def plain(column, width, colour):
    return Example.showing(Path("x"), np.full((90, width, 3), colour, np.uint8), column, 3)


def test_dev_frames_tell_who_is_in_them():
    examples = [plain((0,), 60, (255, 0, 0)), plain((1,), 60, (0, 255, 0)), plain((), 60, (0, 0, 255))]
    dev = make_dev_frames(examples, 2, (48, 64), pairs=5, seed=1)
    assert dev.frames.shape == (3 + 5 + 5, 48, 64, 3)
    assert dev.kinds.tolist() == [WHOLE, WHOLE, NOBODY] + [PAIR] * 5 + [NOBODY] * 5
    assert dev.truth.sum(1).tolist() == [1, 1, 0] + [2] * 5 + [0] * 5
    for frame in dev.frames[3:8]:
        assert frame[24, 8].max() == frame[24, 56].max() == 255
        assert frame[24, 8].argmax() != frame[24, 56].argmax()


def test_there_are_no_pairs_of_one_character():
    dev = make_dev_frames([plain((0,), 60, (255, 0, 0))] * 2, 1, (48, 64), pairs=5, seed=1)
    assert PAIR not in dev.kinds


def test_half_frames_that_share_a_character_make_no_pairs():
    picture = np.zeros((64, 32, 3), np.uint8)
    halves = [
        Example.showing(Path(f"{k}.png"), picture, columns, 2, complete=True)
        for k, columns in enumerate([(0,), (0, 1)])
    ]
    assert not (make_dev_frames(halves, 2, (48, 64), pairs=4, seed=1).kinds == PAIR).any()


def test_there_is_no_figure_of_the_cast_where_nobody_is_held_out():
    dev = make_dev_frames([], 2, (48, 64), pairs=3, seed=1)
    assert measure(dev, np.zeros((3, 2), np.float32), np.float32([0.5, 0.5])) == {"nobody": 0.0}
