import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.thresholdcurves import HIGHEST, LOWEST, threshold_curve
from vidtag.analysis.thresholdrules import AS_GOOD, LEAST_FOR_FILM, ThresholdRule, choose_threshold
from vidtag.errors import OptionError

coarse = st.integers(0, 25).map(lambda steps: np.float32(steps / 25))
cases = (
    st.integers(2, 16)
    .flatmap(
        lambda n: st.tuples(
            arrays(np.float32, n, elements=st.sampled_from((-1.0, 0.0, 1.0))), arrays(np.float32, n, elements=coarse)
        )
    )
    .filter(lambda case: {0, 1} <= set(case[0].tolist()))
)
rules = st.sampled_from(
    ("f1", "accuracy", "precision=0.9", "precision=0.6", "recall=0.75", "recall=1", "film", "film=0.6")
)


def counts(labels, scores, threshold):
    known = [
        (label == 1, score > np.float32(threshold)) for label, score in zip(labels, scores, strict=True) if label >= 0
    ]
    return tuple(known.count(pair) for pair in ((True, True), (False, True), (True, False), (False, False)))


def f1(case, threshold):
    right, false, missed, _ = counts(*case, threshold)
    return 2 * right / (2 * right + false + missed)


def accuracy(case, threshold):
    right, _, _, away = counts(*case, threshold)
    return (right + away) / sum(counts(*case, threshold))


def precision(case, threshold):
    right, false, *_ = counts(*case, threshold)
    return right / (right + false) if right + false else 0.0


def recall(case, threshold):
    right, _, missed, _ = counts(*case, threshold)
    return right / (right + missed)


def choose(text, case):
    return choose_threshold(ThresholdRule.parse(text), threshold_curve(*case))


def everywhere():
    """All thresholds that matter for scores in steps of 1/25."""
    return [LOWEST, *(step / 50 for step in range(1, 50, 2)), HIGHEST]


@given(cases, st.floats(LOWEST, HIGHEST))
def test_a_curve_agrees_with_counting(case, threshold):
    curve = threshold_curve(*case, np.array([threshold], np.float32))
    right, false, missed, away = counts(*case, threshold)
    assert (curve.right[0], curve.shown[0] - right, curve.present - right, curve.absent - false) == (
        right,
        false,
        missed,
        away,
    )
    assert curve.f1[0] == pytest.approx(f1(case, threshold))
    assert curve.accuracy[0] == pytest.approx(accuracy(case, threshold))
    assert curve.recall[0] == pytest.approx(recall(case, threshold))


@settings(max_examples=40)
@given(cases)
def test_no_threshold_is_better(case):
    for figure, name in ((f1, "f1"), (accuracy, "accuracy")):
        chosen, met = choose(name, case)
        assert met
        assert figure(case, chosen) == pytest.approx(max(figure(case, threshold) for threshold in everywhere()))


@settings(max_examples=40)
@given(cases, st.sampled_from((0.5, 0.9)))
def test_a_wanted_precision_is_reached_with_the_most_found(case, wanted):
    chosen, met = choose(f"precision={wanted}", case)
    good = [threshold for threshold in everywhere() if precision(case, threshold) >= wanted]
    assert met == bool(good)
    if good:
        assert precision(case, chosen) >= wanted
        assert recall(case, chosen) == max(recall(case, threshold) for threshold in good)
    else:
        assert precision(case, chosen) == max(precision(case, threshold) for threshold in everywhere())


@settings(max_examples=40)
@given(cases.map(lambda case: (case[0], np.maximum(case[1], np.float32(0.04)))), st.sampled_from((0.5, 0.75, 0.99)))
def test_a_wanted_recall_is_reached_with_the_fewest_lit(case, wanted):
    chosen, met = choose(f"recall={wanted}", case)
    assert met
    assert recall(case, chosen) >= wanted
    false = {threshold: counts(*case, threshold)[1] for threshold in everywhere() if recall(case, threshold) >= wanted}
    assert counts(*case, chosen)[1] == min(false.values())


@settings(max_examples=40)
@given(cases, st.sampled_from((0.8, 0.6)))
def test_for_film_it_is_high_but_nearly_as_good_as_any_in_its_range(case, most):
    chosen, _ = choose(f"film={most}", case)
    inside = [threshold for threshold in everywhere() if LEAST_FOR_FILM <= threshold <= most]
    best = max(f1(case, threshold) for threshold in inside)
    assert LEAST_FOR_FILM <= round(chosen, 6) <= most
    assert f1(case, chosen) >= best - AS_GOOD - 1e-9
    assert all(f1(case, threshold) < best - AS_GOOD for threshold in inside if threshold > chosen + 0.05)


@given(cases, rules)
def test_a_threshold_can_be_kept_in_a_bundle_as_it_is(case, rule):
    chosen, _ = choose(rule.replace("recall=1", "recall=0.9999"), case)
    assert 0 < chosen < 1
    assert np.float32(float(f"{chosen:.6f}")) == np.float32(chosen)


def test_of_equal_thresholds_the_one_farthest_from_any_score_is_taken():
    labels, scores = np.array([0, 0, 1, 1], np.float32), np.array([0.1, 0.2, 0.8, 0.9], np.float32)
    assert choose("f1", (labels, scores))[0] == pytest.approx(0.5)


def test_saturated_scores_still_have_a_threshold_between_them():
    labels, scores = np.array([0, 1], np.float32), np.array([0, 1], np.float32)
    assert choose("f1", (labels, scores))[0] == pytest.approx(0.5)


def test_a_fixed_threshold_is_that():
    assert choose("fixed=0.37", (np.ones(1, np.float32), np.ones(1, np.float32))) == (0.37, True)


@pytest.mark.parametrize("text", ["f1", "accuracy", "precision=0.9", "recall=0.75", "fixed=0.5", "film=0.8"])
def test_rules_are_written_as_they_are_read(text):
    assert str(ThresholdRule.parse(text)) == text
    assert str(ThresholdRule.parse("film")) == "film=0.8"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("best", "chosen by f1, accuracy, precision=0.9"),
        ("", "chosen by f1"),
        ("precision", "needs a value, such as precision=0.9"),
        ("recall=high", "expected a number after recall=, got 'high'"),
        ("recall=1.2", "above 0 and below 1"),
        ("fixed=nan", "above 0 and below 1"),
        ("fixed=0", "above 0 and below 1"),
        ("f1=0.5", "takes no value"),
    ],
)
def test_what_is_no_rule_is_refused(text, words):
    with pytest.raises(OptionError, match=words):
        ThresholdRule.parse(text)
