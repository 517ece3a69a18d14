from fractions import Fraction

from vidtag.analysis.screentime import screen_times
from vidtag.cast import Cast
from vidtag.timeline import Interval, Presence, Timeline


def timeline(*characters, end=20):
    presences = tuple(
        Presence.of([Interval(Fraction(a), Fraction(b)) for a, b in intervals], Fraction(end))
        for intervals in characters
    )
    return Timeline(Cast.of(*(f"c{n}" for n in range(len(characters)))), presences, Fraction(end))


def test_sums_of_one_who_comes_twice():
    (entry,) = screen_times(timeline([(1, 3), (10, 16)]))
    assert (entry.character, entry.seconds, entry.share, entry.appearances) == ("c0", 8, Fraction(2, 5), 2)
    assert (entry.first, entry.last, entry.longest) == (1, 16, 6)


def test_one_who_never_comes_has_no_first_and_last():
    entry = screen_times(timeline([(0, 20)], []))[1]
    assert (entry.seconds, entry.share, entry.appearances) == (0, 0, 0)
    assert (entry.first, entry.last, entry.longest) == (None, None, 0)


def test_share_is_of_the_part_that_was_looked_at():
    assert screen_times(timeline([(10, 15)]), start=Fraction(10))[0].share == Fraction(1, 2)


def test_a_film_of_no_length_has_no_shares():
    assert screen_times(timeline([], end=0))[0].share == 0


def test_shares_of_a_part_are_of_the_part():
    part = timeline([(10, 15)]).crop(Fraction(10), Fraction(20))
    for start in (Fraction(0), Fraction(10)):
        assert screen_times(part, start)[0].share == Fraction(1, 2)
