from fractions import Fraction

import numpy as np
import pytest
from score_recipes import make_scores

from vidtag.errors import OptionError, ShapeError
from vidtag.timeline import Interval

ANNA = [0.9, 0.9, 0.1, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9]
BEN = [0.6] * 12
VALUES = np.column_stack([ANNA, BEN])


def spans(presence):
    return [(float(interval.start), float(interval.end)) for interval in presence]


def test_times_are_the_middles_of_the_slots():
    assert make_scores(start="1", end="1.6").times.tolist() == [1.125, 1.375, 1.625]


def test_timeline_is_smoothed_and_cut_at_the_end():
    timeline = make_scores(VALUES, end="2.9").timeline()
    assert spans(timeline["anna"]) == [(0, 1.5), (2.75, 2.9)]
    assert spans(timeline["ben"]) == [(0, 2.9)]


def test_smoothing_can_be_left_out():
    assert spans(make_scores(VALUES).timeline(smooth=0)["anna"]) == [(0, 0.5), (0.75, 1.5), (2.75, 3)]


def test_timeline_of_a_part_is_in_seconds_of_the_episode():
    timeline = make_scores(VALUES, start="10", end="13").timeline()
    assert timeline["anna"].intervals[0] == Interval(Fraction(10), Fraction("11.5"))
    assert (timeline.start, timeline.end) == (10, 13)
    assert timeline["ben"].gaps() == ()


@pytest.mark.parametrize(
    ("thresholds", "ben_is_there"), [(0.55, True), (0.65, False), ({"ben": 0.65}, False), ({"anna": 0.65}, True)]
)
def test_thresholds_can_be_chosen_for_all_or_some(thresholds, ben_is_there):
    timeline = make_scores(VALUES).timeline(thresholds=thresholds)
    assert bool(timeline["ben"].intervals) == ben_is_there
    assert timeline["anna"].intervals


@pytest.mark.parametrize("thresholds", [1.5, -0.1, {"ben": 2}, {"carl": 0.5}, float("nan")])
def test_thresholds_that_make_no_sense_are_refused(thresholds):
    with pytest.raises(OptionError):
        make_scores().timeline(thresholds=thresholds)


@pytest.mark.parametrize(
    "values", [np.full((12, 2), 1.5), np.full((12, 2), -0.1), np.full((12, 2), np.nan), np.full((12, 2), np.inf)]
)
def test_scores_outside_their_range_are_refused(values):
    with pytest.raises(ShapeError, match=r"within \[0, 1\]"):
        make_scores(values)


def test_scores_of_the_wrong_type_or_length_are_refused():
    scores = make_scores()
    given = {"thresholds": scores.thresholds, "cast": scores.cast, "provenance": scores.provenance}
    with pytest.raises(ShapeError, match="float64"):
        type(scores)(values=scores.values.astype(np.float64), **given)
    with pytest.raises(ShapeError, match=r"expected scores \(12, 2\), got \(11, 2\)"):
        type(scores)(values=scores.values[:11], **given)


@pytest.mark.parametrize(
    "changes",
    [
        {"rate": "0"},
        {"rate": "241", "start": "2.999"},
        {"start": "3"},
        {"start": "-1"},
        {"frames": 0},
        {"size": -1},
    ],
)
def test_an_impossible_origin_is_refused(changes):
    with pytest.raises((ShapeError, ZeroDivisionError)):
        make_scores(**changes)


def test_scores_cannot_be_changed():
    scores = make_scores()
    for array in (scores.values, scores.times, scores.thresholds):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_callers_arrays_stay_the_callers():
    made = make_scores()
    values, thresholds = made.values.copy(), made.thresholds.copy()
    scores = type(made)(values=values, thresholds=thresholds, cast=made.cast, provenance=made.provenance)
    values[:], thresholds[:] = 0, 0
    assert np.array_equal(scores.values, made.values)
    assert np.array_equal(scores.thresholds, made.thresholds)


def test_scores_become_a_data_frame():
    frame = make_scores(VALUES).to_frame()
    assert list(frame.columns) == ["anna", "ben"]
    assert frame.index.name == "time_s"
    assert frame.loc[0.125, "anna"] == pytest.approx(0.9)
