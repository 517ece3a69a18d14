"""What a season adds up to agrees with the algebra of presences, which is slow and plain."""

from fractions import Fraction
from functools import reduce
from operator import or_

import pytest
from hypothesis import given
from season_recipes import episode_of, make_episode, make_season, seasons, timelines

from vidtag.analysis.screentime import screen_times
from vidtag.errors import UsageError
from vidtag.season.appearances import Absence, Moment, absences, longest_absences, spans
from vidtag.season.season import Season, length_of
from vidtag.season.together import together_in, together_over
from vidtag.season.totals import character_totals, episode_totals, seconds_table
from vidtag.season.trend import moving_mean, thirds_of, trends
from vidtag.timeline import Interval, Presence

THREE = make_season(
    make_episode("S1/E1", {"anna": [("0.5", "1"), ("2", "2.5")], "ben": [("0.75", "2.25")]}),
    make_episode("S1/E2", {"ben": [(0, 3)]}),
    make_episode("S2/E1", {"anna": [("1.25", "3")], "cleo": [(1, 2)]}, ids=("cleo", "anna")),
)


@given(timelines())
def test_pairs_agree_with_the_intersection_of_presences(timeline):
    found = together_in(timeline)
    for a, one in enumerate(timeline.presences):
        for b, other in enumerate(timeline.presences):
            both = one & other
            assert (found.seconds[a][b], found.scenes[a][b]) == (both.duration, len(both))
            assert found.episodes[a][b] == bool(both.intervals)


@given(timelines())
def test_alone_is_without_all_others(timeline):
    for a, one in enumerate(timeline.presences):
        others = [other for b, other in enumerate(timeline.presences) if b != a]
        assert together_in(timeline).alone[a] == (one & ~reduce(or_, others)).duration


@given(seasons())
def test_a_season_of_pairs_is_the_sum_of_its_episodes(season):
    found = together_over(season)
    for a, first in enumerate(season.cast.ids):
        for b, second in enumerate(season.cast.ids):
            both = [
                one & other
                for one, other in zip(season.presences(first), season.presences(second), strict=True)
                if one is not None and other is not None
            ]
            assert found.seconds[a][b] == sum(each.duration for each in both)
            assert found.scenes[a][b] == sum(len(each) for each in both)
            assert found.episodes[a][b] == sum(bool(each.intervals) for each in both)


def test_those_who_never_meet_share_no_scene():
    found = together_over(make_season(make_episode("a", {"anna": [(0, 1)], "ben": [(1, 2)]})))
    assert (found.seconds[0][1], found.scenes[0][1], found.episodes[0][1]) == (0, 0, 0)
    assert found.alone == (1, 1)


def test_times_that_fit_no_64_bits_are_still_exact():
    tiny = Fraction(1, 10**25 + 13)
    found = together_in(make_episode("a", {"anna": [(tiny, 1)], "ben": [(0, 2 * tiny)]}).timeline)
    assert found.seconds[0][1] == tiny


@given(seasons())
def test_totals_are_the_sums_of_what_single_reports_say(season):
    rows = [{entry.character: entry for entry in screen_times(each.timeline)} for each in season.episodes]
    for total in character_totals(season):
        parts = [row[total.character] for row in rows if total.character in row]
        assert total.seconds == sum(part.seconds for part in parts)
        assert total.appearances == sum(part.appearances for part in parts)
        assert total.longest == max(part.longest for part in parts)
        assert total.episodes == sum(part.appearances > 0 for part in parts)
        assert 0 <= total.share <= 1
    table = seconds_table(season)
    for row, parts in zip(table, rows, strict=True):
        assert row == tuple(parts[identity].seconds if identity in parts else None for identity in season.cast.ids)


@given(seasons())
def test_somebody_is_there_when_anyone_is(season):
    for total, episode in zip(episode_totals(season), season.episodes, strict=True):
        assert total.somebody == reduce(or_, episode.timeline.presences).duration
        assert max(each.duration for each in episode.timeline.presences) <= total.somebody <= total.length
        assert (total.most is None) == (total.somebody == 0)


def test_the_figures_of_three_episodes():
    anna, ben, cleo = character_totals(THREE)
    assert (anna.seconds, anna.episodes, anna.appearances, anna.looked_at) == (Fraction("2.75"), 2, 3, 9)
    assert (ben.seconds, ben.looked_at, ben.share) == (Fraction("4.5"), 6, Fraction("0.75"))
    assert (cleo.seconds, cleo.longest) == (1, 1)
    assert [total.most for total in episode_totals(THREE)] == ["ben", "ben", "anna"]
    assert [total.characters for total in episode_totals(THREE)] == [2, 1, 2]
    assert seconds_table(THREE)[1] == (0, 3, None)
    assert THREE.length == 9


def test_first_and_last_appearances():
    anna, ben, cleo = spans(THREE)
    assert (anna.first, anna.last) == (Moment(0, Fraction("0.5")), Moment(2, Fraction(3)))
    assert (ben.first, ben.last) == (Moment(0, Fraction("0.75")), Moment(1, Fraction(3)))
    assert cleo.first == Moment(2, Fraction(1))
    never = spans(make_season(make_episode("a")))
    assert [(span.first, span.last) for span in never] == [(None, None), (None, None)]


def test_absences_reach_over_episodes_and_pass_over_those_that_nobody_looked_through():
    assert absences(THREE, "anna") == (
        Absence("anna", Moment(0, Fraction(1)), Moment(0, Fraction(2)), Fraction(1), 0),
        Absence("anna", Moment(0, Fraction("2.5")), Moment(2, Fraction("1.25")), Fraction("4.75"), 1),
    )
    without = make_season(
        make_episode("a", {"anna": [(1, 2)]}),
        make_episode("b", ids=("ben",)),
        make_episode("c", {"anna": [(2, 3)]}),
    )
    assert [(each.seconds, each.missed) for each in absences(without, "anna")] == [(3, 0)]


def test_longest_absences_come_longest_first_and_the_earlier_of_equal_ones():
    season = make_season(
        make_episode("a", {"anna": [(0, 1), (2, 3)], "ben": [("0", "0.25")]}),
        make_episode("b", {"anna": [(1, 3)], "ben": [(1, 2)]}),
    )
    assert [(each.character, each.seconds, each.gone) for each in longest_absences(season)] == [
        ("ben", Fraction("3.75"), Moment(0, Fraction("0.25"))),
        ("anna", 1, Moment(0, Fraction(1))),
    ]


@given(seasons())
def test_absences_are_the_gaps_between_first_and_last_of_the_film_in_one_piece(season):
    for character in season.cast.ids:
        pieces, offset = [], Fraction(0)
        for presence in season.presences(character):
            if presence is not None:
                pieces += [(offset + i.start - presence.start, offset + i.end - presence.start) for i in presence]
                offset += presence.end - presence.start
        whole = Presence.of([Interval(*piece) for piece in pieces], offset)
        inner = [gap.duration for gap in whole.gaps() if gap.start > 0 and gap.end < offset]
        ends = [gap.duration for gap in whole.gaps() if (gap.start == 0) != (gap.end == offset)]
        found = [absence.seconds for absence in absences(season, character)]
        assert found == inner
        assert sum(found) + sum(ends) == (offset - whole.duration if whole.intervals else 0)


@given(seasons(most=7))
def test_trends_are_shares_and_their_means(season):
    for trend in trends(season):
        presences = season.presences(trend.character)
        assert trend.shares == tuple(
            None if each is None else each.duration / (each.end - each.start) for each in presences
        )
        known = [share for share in trend.shares if share is not None]
        assert all(min(known) <= share <= max(known) for share in (*trend.smooth, *trend.thirds) if share is not None)
        assert trend.change is None or -1 <= trend.change <= 1


def test_thirds_go_by_length_of_film():
    season = make_season(
        make_episode("a", {"anna": [(0, 1)]}, end="1"),
        make_episode("b", end="3"),
        make_episode("c"),
        make_episode("d", {"anna": [(0, "1.5")]}),
    )
    anna, _ = trends(season)
    assert anna.thirds == (1, 0, Fraction(1, 2))
    assert anna.change == Fraction(-1, 2)
    assert moving_mean([Fraction(1), None, Fraction(3)]) == (1, None, 3)


@pytest.mark.parametrize("count", range(30))
def test_thirds_are_as_even_as_can_be(count):
    sizes = [len(range(count)[part]) for part in thirds_of(count)]
    assert sum(sizes) == count
    assert sizes[0] == sizes[2]
    assert max(sizes) - min(sizes) <= 1


def test_a_season_refuses_names_given_twice_and_no_episode_at_all():
    with pytest.raises(UsageError, match="got twice: S1/E1"):
        make_season(make_episode("S1/E1"), make_episode("S1/E1"))
    with pytest.raises(UsageError, match="at least one episode"):
        Season.of([])


def test_the_cast_of_a_season_is_everyone_once():
    assert THREE.cast.ids == ("anna", "ben", "cleo")
    assert length_of(episode_of(THREE.episodes[0].timeline, "x")) == 3
