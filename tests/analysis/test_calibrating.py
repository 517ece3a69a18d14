import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.calibrating import fit_calibration
from vidtag.analysis.calibration import UNCALIBRATED, probabilities_of
from vidtag.analysis.reliability import reliability
from vidtag.errors import OptionError

cases = st.integers(4, 40).flatmap(
    lambda n: st.tuples(
        arrays(np.float32, (n, 2), elements=st.sampled_from((-1.0, 0.0, 1.0))),
        arrays(np.float32, (n, 2), elements=st.floats(0, 1, width=32)),
    )
)


def usable(labels):
    return ((labels == 1).any(0) & (labels == 0).any(0)).any()


def overconfident(temperature, count=4000, seed=3):
    """Scores whose logits are too large by a factor, with labels drawn from the true probabilities."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, 3)).astype(np.float32)
    labels = (random.random(logits.shape) < probabilities_of(logits)).astype(np.float32)
    return labels, probabilities_of(logits * temperature)


def error(labels, scores):
    return reliability(labels, scores, np.ones((1, len(labels)))).error()[0]


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_is_found_again(temperature):
    labels, scores = overconfident(temperature)
    assert fit_calibration("temperature", labels, scores).temperature == pytest.approx(temperature, rel=0.05)


@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_other_samples_are_better_calibrated_too(method):
    labels, scores = overconfident(3.0)
    calibration = fit_calibration(method, labels[:2000], scores[:2000])
    before, after = error(labels[2000:], scores[2000:]), error(labels[2000:], calibration.apply(scores[2000:]))
    assert before > 0.1
    assert after < 0.03


@given(cases.filter(lambda case: usable(case[0])), st.sampled_from(("temperature", "isotonic")))
def test_a_calibration_keeps_the_order_of_scores(case, method):
    labels, scores = case
    calibrated = fit_calibration(method, labels, scores).apply(scores)
    for raw, new in zip(scores.T, calibrated.T, strict=True):
        apart = np.diff(np.sort(raw)) > 1e-4
        steps = np.diff(new[np.argsort(raw)])
        assert (steps >= 0).all()
        assert method == "temperature" or (steps[apart] > 0).all()


@settings(max_examples=40)
@given(cases.filter(lambda case: usable(case[0])))
def test_unknown_labels_have_no_say(case):
    labels, scores = case
    others = np.where(labels < 0, 1 - scores, scores).astype(np.float32)
    for method in ("temperature", "isotonic"):
        assert fit_calibration(method, labels, scores) == fit_calibration(method, labels, others)


def slow_isotonic(values):
    """For each place the largest over all beginnings of the smallest over all ends of the mean between them."""
    n = len(values)
    return [max(min(np.mean(values[a : b + 1]) for b in range(k, n)) for a in range(k + 1)) for k in range(n)]


@given(st.lists(st.booleans(), min_size=2, max_size=12).filter(lambda flags: len(set(flags)) == 2))
def test_the_curve_agrees_with_its_definition_in_the_middle_of_each_pool(flags):
    scores = np.linspace(0.05, 0.95, len(flags)).astype(np.float32)
    truth = np.array(flags, np.float32)
    fitted = slow_isotonic(truth)
    (curve,) = fit_calibration("isotonic", truth[:, np.newaxis], scores[:, np.newaxis]).curves
    middles = {round(float(scores[np.isclose(fitted, value)].mean()), 5): value for value in set(fitted)}
    for score, probability in curve[1:-1]:
        expected = next(value for middle, value in middles.items() if middle == pytest.approx(score, abs=1e-4))
        assert probability == pytest.approx(0.99 * expected + 0.01 * score, abs=1e-5)


def test_a_character_without_both_kinds_keeps_its_scores():
    labels = np.array([[1, 1], [0, 1], [0, -1]], np.float32)
    scores = np.array([[0.9, 0.2], [0.2, 0.6], [0.1, 0.8]], np.float32)
    calibrated = fit_calibration("isotonic", labels, scores).apply(scores)
    assert calibrated[:, 1] == pytest.approx(scores[:, 1])


def test_none_fits_nothing():
    assert fit_calibration("none", np.ones((1, 1), np.float32), np.ones((1, 1), np.float32)) is UNCALIBRATED


def test_what_cannot_be_fitted_is_refused():
    ones = np.ones((3, 1), np.float32)
    with pytest.raises(OptionError, match="one of none, temperature, isotonic, got 'platt'"):
        fit_calibration("platt", ones, ones)
    with pytest.raises(OptionError, match="nobody is known to be present in some pictures and not others"):
        fit_calibration("temperature", ones, ones)
