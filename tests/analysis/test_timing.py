from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.presence import presence_of
from vidtag.analysis.timing import EdgeErrors, TimeErrors, edge_errors, time_errors
from vidtag.timeline import Interval, Presence

END = Fraction(10)
NOTHING = Presence((), END)
flags = arrays(bool, 40)
tolerances = st.integers(1, 8).map(lambda quarters: Fraction(quarters, 4))


def of(samples):
    return presence_of(samples, Fraction(4), END)


def presence(*pairs):
    return Presence.of((Interval(Fraction(a), Fraction(b)) for a, b in pairs), END)


@THOROUGH
@given(flags, flags, flags)
def test_seconds_are_quarters_of_the_samples(found, truth, ignored):
    def seconds(samples):
        return Fraction(int(samples.sum()), 4)

    assert time_errors(of(found), of(truth), of(ignored)) == TimeErrors(
        reference=seconds(truth & ~ignored),
        found=seconds(found & ~ignored),
        missed=seconds(truth & ~found & ~ignored),
        false=seconds(found & ~truth & ~ignored),
        scored=seconds(~ignored),
    )


def slow_cost(found, truth, tolerance):
    """The least sum of distances of pairs, and half the tolerance for each that stays alone, by trying everything."""

    @cache
    def least(i, j):
        if i == len(found) or j == len(truth):
            return (len(found) - i + len(truth) - j) * tolerance / 2
        ways = [least(i + 1, j) + tolerance / 2, least(i, j + 1) + tolerance / 2]
        gap = abs(found[i] - truth[j])
        return min([*ways, gap + least(i + 1, j + 1)] if gap <= tolerance else ways)

    return least(0, 0)


def edges(shown):
    came = tuple(interval.start for interval in shown if interval.start > 0)
    return came, tuple(interval.end for interval in shown if interval.end < END)


@THOROUGH
@given(flags, flags, tolerances)
def test_no_pairing_costs_less(a, b, tolerance):
    found, truth = of(a), of(b)
    errors = edge_errors(found, truth, NOTHING, tolerance)
    cost = sum(map(abs, errors.seconds)) + float(tolerance) / 2 * (errors.missed + errors.surplus)
    slow = sum(slow_cost(x, y, tolerance) for x, y in zip(edges(found), edges(truth), strict=True))
    assert cost == pytest.approx(float(slow))
    assert len(errors.seconds) + errors.missed == sum(map(len, edges(truth)))
    assert len(errors.seconds) + errors.surplus == sum(map(len, edges(found)))


@THOROUGH
@given(flags, flags)
def test_the_truth_itself_has_no_errors(samples, ignored):
    errors = edge_errors(of(samples), of(samples), of(ignored), Fraction(2))
    assert (set(errors.seconds) | {0.0}, errors.missed, errors.surplus) == ({0.0}, 0, 0)


def test_errors_are_found_less_true():
    assert edge_errors(presence((2.5, 5)), presence((2, 6)), NOTHING, Fraction(1)) == EdgeErrors((0.5, -1.0), 0, 0)


def test_an_edge_beyond_the_tolerance_is_missed_and_surplus():
    assert edge_errors(presence((2, 8)), presence((2, 5)), NOTHING, Fraction(1)) == EdgeErrors((0.0,), 1, 1)


def test_what_borders_on_an_ignored_stretch_is_no_edge():
    ignored = presence((4, 6))
    truth = presence((1, 4))
    for left in (3.5, 4, 5, 6.5):  # nobody knows when it goes, so wherever it goes does no harm
        assert edge_errors(presence((1, left)), truth, ignored, Fraction(1)) == EdgeErrors((0.0,), 0, 0)
    assert edge_errors(presence((1, 8)), truth, ignored, Fraction(1)) == EdgeErrors((0.0,), 0, 1)


def test_errors_add_up():
    both = EdgeErrors((0.25,), 1, 0) + EdgeErrors((-0.75,), 0, 2)
    assert both == EdgeErrors((0.25, -0.75), 1, 2)
    assert both.percentile(50) == 0.5
    assert np.isnan(EdgeErrors().percentile(50))
    one = TimeErrors(Fraction(1), Fraction(2), Fraction(3), Fraction(4), Fraction(5))
    assert one + one == TimeErrors(Fraction(2), Fraction(4), Fraction(6), Fraction(8), Fraction(10))
