from fractions import Fraction

import numpy as np
import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st

from vidtag.analysis.presence import presence_of, runs
from vidtag.errors import ShapeError

flags = st.lists(st.booleans(), max_size=60).map(lambda values: np.array(values, bool))
rates = st.sampled_from([Fraction(4), Fraction(5, 2), Fraction(24000, 1001)])
starts = st.fractions(0, 50, max_denominator=20)


@THOROUGH
@given(flags)
def test_runs_put_together_give_the_flags_again(values):
    again = np.zeros_like(values)
    found = runs(values)
    for first, behind in found:
        assert first < behind
        again[first:behind] = True
    assert np.array_equal(again, values)
    assert (found[1:, 0] > found[:-1, 1]).all()  # runs that touch are one


@THOROUGH
@given(flags, rates, starts, st.fractions(Fraction(1, 100), 1, max_denominator=100))
def test_presence_says_of_every_slot_what_its_flag_says(values, rate, start, shown):
    """The film ends within the last slot, after `shown` of it."""
    end = start + (max(0, len(values) - 1) + shown) / rate
    presence = presence_of(values, rate, end, start)
    for k, value in enumerate(values):
        assert (start + k / rate in presence) == value
        middle = start + (k + Fraction(1, 2)) / rate
        assert (middle in presence) == (value and middle < end)
    lit = sum(1 if k < len(values) - 1 else shown for k in np.flatnonzero(values))
    assert presence.duration == lit / rate
    assert presence.end == end


def test_a_slot_behind_the_end_is_refused():
    with pytest.raises(ShapeError, match="begin after the end"):
        presence_of(np.ones(5, bool), Fraction(4), Fraction(1))
