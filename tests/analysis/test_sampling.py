from fractions import Fraction

import numpy as np
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st

from vidtag.analysis.sampling import sampled_frames, slot_count, slot_middles

rates = st.sampled_from([Fraction(4), Fraction(5, 2), Fraction(24000, 1001), Fraction(7), Fraction(1, 3)])
durations = st.fractions(0, 100, max_denominator=1000)


@THOROUGH
@given(durations, rates)
def test_slots_that_begin_before_the_end_count(duration, rate):
    count = slot_count(duration, rate)
    assert all(k / rate < duration for k in (0, count - 1) if 0 <= k < count)
    assert count / rate >= duration


@THOROUGH
@given(st.integers(0, 500), rates, durations)
def test_middles_are_exact_to_a_nanosecond(count, rate, start):
    middles = slot_middles(count, rate, start)
    exact = [start + (k + Fraction(1, 2)) / rate for k in range(count)]
    assert middles.shape == (count,)
    assert all(abs(Fraction(found) - wanted) < Fraction(1, 10**9) for found, wanted in zip(middles, exact, strict=True))


def test_middles_do_not_drift_over_a_day():
    rate = Fraction(24000, 1001)
    count = slot_count(Fraction(86400), rate)
    last = slot_middles(count, rate)[-1]
    assert abs(Fraction(last) - (count - Fraction(1, 2)) / rate) < Fraction(1, 10**9)


@THOROUGH
@given(st.lists(st.integers(1, 900), max_size=60), st.integers(1, 900), rates)
def test_each_slot_shows_the_last_frame_at_or_before_its_middle(gaps, last_shown, rate):
    """Frame times in ms; the slow definition looks at every frame."""
    times = [Fraction(sum(gaps[:n]), 1000) for n in range(len(gaps) + 1)]
    duration = times[-1] + Fraction(last_shown, 1000)
    expected = []
    for k in range(slot_count(duration, rate)):
        middle = (k + Fraction(1, 2)) / rate
        expected.append(max(n for n, shown in enumerate(times) if shown <= middle))
    assert sampled_frames(np.array(times, np.float64), duration, rate).tolist() == expected
