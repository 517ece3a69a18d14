from fractions import Fraction

import numpy as np
import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st

from vidtag.cast import Cast
from vidtag.errors import ShapeError
from vidtag.timeline import Interval, Presence, Timeline

END = 24  # seconds; intervals begin and end on whole quarters, so that looking at every quarter shows all
QUARTERS = [Fraction(k, 4) for k in range(4 * END)]

bounds = st.tuples(st.integers(0, 4 * END - 1), st.integers(1, 20)).map(
    lambda pair: Interval(Fraction(pair[0], 4), Fraction(min(sum(pair), 4 * END), 4))
)
presences = st.lists(bounds, max_size=8).map(lambda intervals: Presence.of(intervals, Fraction(END)))


def shown(presence):
    return [t in presence for t in QUARTERS]


@THOROUGH
@given(st.lists(bounds, max_size=8))
def test_presence_is_there_where_one_of_its_intervals_is(intervals):
    presence = Presence.of(intervals, Fraction(END))
    assert shown(presence) == [any(t in interval for interval in intervals) for t in QUARTERS]
    assert all(a.end < b.start for a, b in zip(presence.intervals, presence.intervals[1:], strict=False))


@THOROUGH
@given(presences, presences)
def test_and_or_not_mean_what_they_say(a, b):
    assert shown(a & b) == [x and y for x, y in zip(shown(a), shown(b), strict=True)]
    assert shown(a | b) == [x or y for x, y in zip(shown(a), shown(b), strict=True)]
    assert shown(~a) == [not x for x in shown(a)]


@THOROUGH
@given(presences, presences)
def test_laws_of_algebra(a, b):
    assert ~~a == a
    assert a & b == b & a == ~(~a | ~b)
    assert a & ~a == Presence((), Fraction(END))
    assert (a | ~a).duration == END
    assert a.duration + (~a).duration == END
    assert (a | b).duration + (a & b).duration == a.duration + b.duration


@THOROUGH
@given(presences)
def test_gaps_are_where_it_is_not(a):
    assert a.gaps() == (~a).intervals
    assert a.duration == sum(shown(a)) * Fraction(1, 4)


@THOROUGH
@given(presences, bounds)
def test_crop_keeps_what_is_inside(a, window):
    cut = a.crop(window.start, window.end)
    assert (cut.start, cut.end) == (window.start, window.end)
    assert shown(cut) == [x and t in window for x, t in zip(shown(a), QUARTERS, strict=True)]


@THOROUGH
@given(bounds, bounds)
def test_intervals_share_what_both_cover(a, b):
    both = a & b
    assert [t in a and t in b for t in QUARTERS] == [both is not None and t in both for t in QUARTERS]


def test_intervals_are_half_open():
    interval = Interval(Fraction(1), Fraction(2))
    assert 1 in interval
    assert 2 not in interval
    assert (interval & Interval(Fraction(2), Fraction(3))) is None


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 1), (-1, 1)])
def test_empty_or_early_intervals_are_refused(start, end):
    with pytest.raises(ShapeError, match="0 <= start < end"):
        Interval(Fraction(start), Fraction(end))


@pytest.mark.parametrize("intervals", [[(1, 2), (2, 3)], [(3, 4), (1, 2)], [(1, 3), (2, 4)], [(20, 25)]])
def test_presence_checks_what_it_is_given(intervals):
    with pytest.raises(ShapeError):
        Presence(tuple(Interval(Fraction(a), Fraction(b)) for a, b in intervals), Fraction(END))


def test_presences_of_different_films_are_not_mixed():
    with pytest.raises(ShapeError, match="different parts"):
        Presence((), Fraction(1)) | Presence((), Fraction(2))


def make_timeline():
    here = Presence.of([Interval(Fraction(2), Fraction(4))], Fraction(END))
    return Timeline(Cast.of("anna", "ben"), (here, ~here), Fraction(END))


def test_timeline_is_looked_up_by_id_and_instant():
    timeline = make_timeline()
    assert timeline["ben"] == ~timeline["anna"]
    assert np.array_equal(timeline.present_at(3.5), [True, False])
    assert np.array_equal(timeline.present_at(4), [False, True])
    with pytest.raises(KeyError, match="carl"):
        timeline["carl"]


def test_timeline_is_cropped_for_everyone():
    cut = make_timeline().crop(Fraction(3), Fraction(10))
    assert cut["anna"].intervals == (Interval(Fraction(3), Fraction(4)),)
    assert cut["ben"].intervals == (Interval(Fraction(4), Fraction(10)),)
    assert (cut.start, cut.end) == (3, 10)
    assert ~cut["anna"] == cut["ben"]


def test_nothing_is_known_outside_the_part():
    anna = Presence.of([Interval(Fraction(12), Fraction(14))], Fraction(20), Fraction(10))
    assert anna.gaps() == (Interval(Fraction(10), Fraction(12)), Interval(Fraction(14), Fraction(20)))
    assert ((~anna) | anna).intervals == (Interval(Fraction(10), Fraction(20)),)
    assert (~anna & anna) == Presence((), Fraction(20), Fraction(10))
    cut = anna.crop(Fraction(0), Fraction(13))
    assert (cut.start, cut.end) == (10, 13)
    with pytest.raises(ShapeError, match="0 <= start < end"):
        anna.crop(Fraction(0), Fraction(10))


def test_presences_lie_within_the_part():
    with pytest.raises(ShapeError, match="before the part"):
        Presence.of([Interval(Fraction(5), Fraction(11))], Fraction(20), Fraction(10))
    with pytest.raises(ShapeError, match="0 <= start <= end"):
        Presence((), Fraction(1), Fraction(2))
    with pytest.raises(ShapeError, match="different parts"):
        Presence((), Fraction(2)) | Presence((), Fraction(2), Fraction(1))
    with pytest.raises(ShapeError, match="must be of the part"):
        Timeline(Cast.of("anna"), (Presence((), Fraction(2), Fraction(1)),), Fraction(2))


def test_timeline_needs_a_presence_a_character_of_the_same_length():
    with pytest.raises(ShapeError, match="as many presences"):
        Timeline(Cast.of("anna", "ben"), (Presence((), Fraction(1)),), Fraction(1))
    with pytest.raises(ShapeError, match="must be of the part"):
        Timeline(Cast.of("anna"), (Presence((), Fraction(1)),), Fraction(2))
