import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.classification import confusion, count_answers, mean_known
from vidtag.analysis.ranking import rank
from vidtag.analysis.reliability import reliability

tenths = st.integers(0, 10).map(lambda tenth: np.float32(tenth / 10))
cases = st.integers(1, 20).flatmap(
    lambda n: st.tuples(
        arrays(np.float32, (n, 2), elements=st.sampled_from((-1.0, 0.0, 1.0))),
        arrays(np.float32, (n, 2), elements=tenths),
        arrays(np.int64, n, elements=st.integers(0, 3)),
    )
)


def once(labels):
    return np.ones((1, len(labels)))


def column_of(case, column=0):
    """Give the known (label, score) pairs of a character, each as often as its weight."""
    labels, scores, weights = case
    return [
        (bool(label), float(score))
        for label, score, weight in zip(labels[:, column], scores[:, column], weights, strict=True)
        for _ in range(weight)
        if label >= 0
    ]


def slow_average_precision(pairs):
    present = sum(label for label, _ in pairs)
    total, found = 0.0, 0
    for threshold in sorted({score for _, score in pairs}, reverse=True):
        lit = [label for label, score in pairs if score >= threshold]
        total += (sum(lit) - found) / present * sum(lit) / len(lit)
        found = sum(lit)
    return total


def slow_roc_area(pairs):
    present, absent = ([score for label, score in pairs if label == kind] for kind in (True, False))
    wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a in present for b in absent]
    return sum(wins) / len(wins)


@given(cases)
def test_answers_agree_with_counting(case):
    labels, scores, weights = case
    answers = count_answers(labels, scores > 0.5, weights[np.newaxis].astype(float))
    for column in range(2):
        pairs = [(label, score > 0.5) for label, score in column_of(case, column)]
        right, false, missed = (pairs.count(pair) for pair in ((True, True), (False, True), (True, False)))
        assert (answers.right[0, column], answers.false[0, column], answers.missed[0, column]) == (right, false, missed)
        assert answers.precision[0, column] == pytest.approx(
            right / (right + false) if right + false else np.nan, nan_ok=True
        )
        assert answers.recall[0, column] == pytest.approx(
            right / (right + missed) if right + missed else np.nan, nan_ok=True
        )
        f1 = 2 * right / (2 * right + false + missed) if right + missed else np.nan
        assert answers.f1[0, column] == pytest.approx(f1, nan_ok=True)
        accuracy = (right + pairs.count((False, False))) / len(pairs) if pairs else np.nan
        assert answers.accuracy[0, column] == pytest.approx(accuracy, nan_ok=True)


@given(cases)
def test_ranks_agree_with_their_definitions(case):
    labels, scores, weights = case
    ranking = rank(labels[:, 0], scores[:, 0], weights[np.newaxis].astype(float))
    pairs = column_of(case)
    kinds = {label for label, _ in pairs}
    precision = slow_average_precision(pairs) if True in kinds else np.nan
    assert ranking.average_precision()[0] == pytest.approx(precision, nan_ok=True)
    area = slow_roc_area(pairs) if len(kinds) == 2 else np.nan
    assert ranking.roc_area()[0] == pytest.approx(area, nan_ok=True)


@given(cases)
def test_many_weights_at_once_are_each_by_itself(case):
    labels, scores, weights = case
    both = np.stack([np.ones(len(labels)), weights.astype(float)])
    for figure in (
        lambda w: count_answers(labels, scores > 0.5, w).f1,
        lambda w: rank(labels[:, 0], scores[:, 0], w).average_precision(),
        lambda w: reliability(labels, scores, w).error(),
    ):
        apart = [figure(both[:1])[0], figure(both[1:])[0]]
        assert figure(both) == pytest.approx(np.array(apart), nan_ok=True)


@given(cases)
def test_the_calibration_error_agrees_with_its_definition(case):
    labels, scores, _ = case
    bins = {}
    for label, score in zip(labels.ravel(), scores.ravel(), strict=True):
        if label >= 0:
            bins.setdefault(min(int(np.float32(score) * 15), 14), []).append((label, score))
    total = sum(map(len, bins.values()))
    gaps = (len(held) / total * abs(np.mean([a - b for a, b in held])) for held in bins.values())
    expected = sum(gaps) if total else np.nan
    assert reliability(labels, scores, once(labels)).error()[0] == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_a_perfect_and_a_useless_score():
    labels = np.array([1, 1, 0, 0], np.float32)
    perfect = rank(labels, labels, once(labels))
    assert (perfect.average_precision()[0], perfect.roc_area()[0]) == (1, 1)
    useless = rank(labels, np.full(4, 0.5, np.float32), once(labels))
    assert (useless.average_precision()[0], useless.roc_area()[0]) == (0.5, 0.5)


def test_pooled_answers_count_all_characters_together():
    labels = np.array([[1, 0], [1, -1], [0, 0]], np.float32)
    lit = np.array([[True, True], [False, True], [False, False]])
    pooled = count_answers(labels, lit, once(labels)).pooled()
    assert [part[0, 0] for part in (pooled.right, pooled.false, pooled.missed, pooled.away)] == [1, 1, 1, 2]


def test_confusion_counts_who_scores_highest():
    scores = np.array([[0.9, 0.1], [0.2, 0.3], [0.4, 0.5], [0.9, 0.1]], np.float32)
    assert confusion(np.array([0, 0, 1, -1]), scores).tolist() == [[1, 1], [0, 1]]
    assert confusion(np.array([-1, -1, -1, -1]), scores).tolist() == [[0, 0], [0, 0]]


def test_means_leave_out_what_is_not_known():
    assert mean_known(np.array([[1.0, np.nan, 0.5]])).tolist() == [0.75]
    assert np.isnan(mean_known(np.array([[np.nan]])))[0]
