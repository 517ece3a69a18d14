from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.metrics import EdgeMatch, false_alarm_share, match_all_edges, match_edges, screen_time_errors
from vidtag.analysis.presence import presence_of
from vidtag.cast import Cast
from vidtag.errors import ShapeError
from vidtag.timeline import Interval, Presence, Timeline

END = Fraction(20)
flags = arrays(bool, st.integers(1, 40))
tolerances = st.integers(0, 6).map(lambda quarters: Fraction(quarters, 4))


def presence(*intervals):
    return Presence.of((Interval(Fraction(a), Fraction(b)) for a, b in intervals), END)


def timeline(*presences):
    return Timeline(Cast.of(*"abcdef"[: len(presences)]), presences, END)


def from_flags(samples):
    return presence_of(samples, Fraction(4), END)


def slow_match(found, truth, tolerance):
    """The most pairs that can be, by trying everything."""

    @cache
    def best(i, j):
        if i == len(found) or j == len(truth):
            return 0
        near = abs(found[i] - truth[j]) <= tolerance
        return max(best(i + 1, j), best(i, j + 1), 1 + best(i + 1, j + 1) if near else 0)

    return best(0, 0)


def edges(shown):
    return (
        tuple(interval.start for interval in shown if interval.start > 0),
        tuple(interval.end for interval in shown if interval.end < END),
    )


@given(flags, flags, tolerances)
def test_no_pairing_has_more_pairs(a, b, tolerance):
    found, truth = from_flags(a), from_flags(b)
    slow = sum(slow_match(x, y, tolerance) for x, y in zip(edges(found), edges(truth), strict=True))
    match = match_edges(found, truth, tolerance)
    assert match.matched == slow
    assert match.matched + match.missed == sum(map(len, edges(truth)))
    assert match.matched + match.surplus == sum(map(len, edges(found)))


@given(flags, flags, tolerances)
def test_exchanging_the_two_exchanges_missed_and_surplus(a, b, tolerance):
    there = match_edges(from_flags(a), from_flags(b), tolerance)
    back = match_edges(from_flags(b), from_flags(a), tolerance)
    assert (there.matched, there.missed, there.surplus) == (back.matched, back.surplus, back.missed)


@given(flags)
def test_the_truth_itself_has_every_edge(samples):
    match = match_edges(from_flags(samples), from_flags(samples), Fraction(0))
    assert (match.missed, match.surplus, match.recall) == (0, 0, 1.0)


def test_an_edge_counts_up_to_the_tolerance_and_not_beyond():
    truth = presence((5, 10))
    assert match_edges(presence((5.25, 9.75)), truth, Fraction(1, 4)) == EdgeMatch(2, 0, 0)
    assert match_edges(presence((5.25, 9.75)), truth, Fraction(24, 100)) == EdgeMatch(0, 2, 2)


def test_an_appearance_never_pairs_with_a_disappearance():
    assert match_edges(presence((5, 10)), presence((2, 5)), Fraction(1)) == EdgeMatch(0, 2, 2)


def test_a_flicker_takes_only_one_edge():
    assert match_edges(presence((4, 4.5), (5, 5.5), (6, 10)), presence((5, 10)), Fraction(1)) == EdgeMatch(2, 0, 4)


def test_begin_and_end_of_the_film_are_no_edges():
    assert match_edges(presence((0, 20)), presence((0, 3)), Fraction(1)) == EdgeMatch(0, 1, 0)
    assert match_edges(presence(), presence((0, 20)), Fraction(1)).recall == 1.0


def test_begin_and_end_of_a_part_are_no_edges():
    part = presence((2, 18)).crop(Fraction(5), Fraction(15))
    assert match_edges(part, part, Fraction(1)) == EdgeMatch(0, 0, 0)


def test_edges_of_a_cast_add_up():
    found, truth = timeline(presence((1, 2)), presence((5, 9))), timeline(presence((1, 2)), presence((5, 8)))
    assert match_all_edges(found, truth, Fraction(1, 2)) == EdgeMatch(3, 1, 1)
    assert match_all_edges(found, truth, Fraction(1, 2)).recall == 0.75


def test_screen_times_are_compared_by_character():
    found, truth = timeline(presence((1, 4), (5, 6)), presence()), timeline(presence((1, 3)), presence((0, 1)))
    assert screen_time_errors(found, truth) == {"a": 2, "b": -1}


def test_other_casts_are_refused():
    one, two = timeline(presence()), timeline(presence(), presence())
    with pytest.raises(ShapeError, match="different casts"):
        screen_time_errors(one, two)
    with pytest.raises(ShapeError, match="different casts"):
        match_all_edges(one, two, Fraction(1))


@given(arrays(bool, (12, 3)), arrays(bool, (12, 3)))
def test_false_alarms_are_counted_where_nobody_is(found, truth):
    empty = [k for k in range(12) if not any(truth[k])]
    slow = sum(any(found[k]) for k in empty) / len(empty) if empty else 0
    assert false_alarm_share(found, truth) == pytest.approx(slow)


def test_false_alarms_need_the_same_samples():
    with pytest.raises(ShapeError, match=r"\(2, 3\) and \(3, 3\)"):
        false_alarm_share(np.zeros((2, 3), bool), np.zeros((3, 3), bool))
