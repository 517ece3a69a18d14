import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.calibration import ISOTONIC, TEMPERATURE, UNCALIBRATED, Calibration, logits_of, probabilities_of
from vidtag.errors import OptionError, ShapeError

scores = arrays(np.float32, st.tuples(st.integers(0, 20), st.just(2)), elements=st.floats(0, 1, width=32))
temperatures = st.builds(
    lambda temperature: Calibration(method=TEMPERATURE, temperature=temperature), st.floats(0.05, 50)
)
curves = st.lists(st.integers(0, 1000), min_size=2, max_size=9, unique=True).flatmap(
    lambda found: st.lists(st.floats(0, 1), min_size=len(found), max_size=len(found)).map(
        lambda values: tuple(zip((x / 1000 for x in sorted(found)), sorted(values), strict=True))
    )
)
isotonics = st.builds(lambda *both: Calibration(method=ISOTONIC, curves=both), curves, curves)


@given(st.one_of(temperatures, isotonics), scores)
def test_calibrated_scores_stay_scores_in_the_same_order(calibration, values):
    before = values.copy()
    calibrated = calibration.apply(values)
    assert calibrated.dtype == np.float32
    assert calibrated.shape == values.shape
    assert ((calibrated >= 0) & (calibrated <= 1)).all()
    order = np.argsort(values, axis=0)
    assert (np.diff(np.take_along_axis(calibrated, order, 0), axis=0) >= 0).all()
    assert np.array_equal(values, before)


@given(scores)
def test_none_changes_nothing(values):
    assert UNCALIBRATED.apply(values) is values


@given(st.floats(0.001, 0.999), st.floats(0.1, 10))
def test_temperature_divides_the_logit(score, temperature):
    calibration = Calibration(method=TEMPERATURE, temperature=temperature)
    expected = 1 / (1 + np.exp(-np.log(score / (1 - score)) / temperature))
    assert calibration.apply(np.array([[score]], np.float32))[0, 0] == pytest.approx(expected, abs=1e-4)


def test_curves_are_linear_between_knots_and_level_outside():
    calibration = Calibration(method=ISOTONIC, curves=(((0.2, 0.0), (0.6, 1.0)), ((0.0, 0.5), (1.0, 0.5))))
    calibrated = calibration.apply(np.array([[0.1, 0.1], [0.3, 0.2], [0.9, 1.0]], np.float32))
    assert calibrated == pytest.approx(np.array([[0, 0.5], [0.25, 0.5], [1, 0.5]]), abs=1e-6)


@given(arrays(np.float32, 5, elements=st.floats(-12, 12, width=32)))
def test_logits_and_probabilities_undo_each_other(logits):
    assert logits_of(probabilities_of(logits)) == pytest.approx(logits, abs=0.1)
    assert np.isfinite(logits_of(np.array([0, 1], np.float32))).all()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"method": "platt"}, "one of none, temperature, isotonic, got 'platt'"),
        ({"method": TEMPERATURE, "temperature": 0.0}, "must be 0.05 to 50, got 0"),
        ({"temperature": 2.0}, "by none has no temperature, got 2"),
        ({"method": ISOTONIC}, "has curves if it is isotonic"),
        ({"method": ISOTONIC, "curves": (((0.0, 0.5), (0.5, 0.4)),)}, r"must rise, got \(0.5, 0.4\) after \(0, 0.5\)"),
    ],
)
def test_what_is_no_calibration_is_refused(facts, words):
    with pytest.raises(OptionError, match=words):
        Calibration(**facts)


def test_another_number_of_characters_is_refused():
    calibration = Calibration(method=ISOTONIC, curves=(((0.0, 0.0), (1.0, 1.0)),) * 2)
    with pytest.raises(OptionError, match="3 curves, one a character, got 2"):
        calibration.check_fits(3)
    for shape in ((4, 3), (4,)):
        with pytest.raises(ShapeError, match=r"\(n, 2\), got"):
            calibration.apply(np.zeros(shape, np.float32))
