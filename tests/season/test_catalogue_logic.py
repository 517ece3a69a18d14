"""Together, alone, without: SQL says to the tick what the algebra of presences says, on random timelines."""

from fractions import Fraction
from functools import reduce
from itertools import combinations, pairwise

import numpy as np
import pytest
from catalogue_recipes import IDS
from hypothesis import given, settings
from hypothesis import strategies as st
from score_recipes import make_scores

from vidtag.analysis.screentime import screen_times
from vidtag.cast import Cast
from vidtag.errors import LimitError
from vidtag.season.catalogue import Catalogue
from vidtag.season.episode import Episode
from vidtag.season.ticks import Clock
from vidtag.timeline import Interval, Presence, Timeline

END = Fraction(1001, 40)  # 25.025 s
PARTS = ((Fraction(0), END), (Fraction(10, 3), END))


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    with Catalogue.open(tmp_path_factory.mktemp("logic") / "season.duckdb") as opened:
        yield opened


@st.composite
def episodes(draw):
    """An episode whose timeline has edges anywhere, on slots or not."""
    start, end = draw(st.sampled_from(PARTS))
    grid = draw(st.sampled_from([1, 4, 24]))
    edges = st.integers(0, int(end * grid) + 1).map(lambda count: min(max(Fraction(count, grid), start), end))
    pairs = st.lists(st.tuples(edges, edges).map(sorted), max_size=6)
    presences = tuple(Presence.of([Interval(a, b) for a, b in draw(pairs) if a < b], end, start) for _ in IDS)
    rate = draw(st.sampled_from(["4", "24000/1001", "5/2"]))
    scores = make_scores(rate=rate, start=start, end=end, ids=IDS)
    return Episode(name="random", scores=scores, timeline=Timeline(Cast.of(*IDS), presences, end, start))


def stretches(catalogue, table, where):
    """Give what a table holds of the episode as exact intervals, in the order of time."""
    rows = catalogue.ask(
        f"SELECT t.start_tick, t.end_tick, tick_rate, t.start_s, t.end_s FROM {table} AS t "
        f"JOIN episodes USING (season, episode) WHERE {where} ORDER BY t.start_tick"
    ).rows
    exact = tuple(Interval(Fraction(a, rate), Fraction(b, rate)) for a, b, rate, _, _ in rows)
    assert [(start, end) for _, _, _, start, end in rows] == [(float(each.start), float(each.end)) for each in exact]
    return exact


@given(episodes())
@settings(max_examples=60)
def test_sql_agrees_with_the_algebra_of_presences(catalogue, episode):
    catalogue.put("season", episode)
    timeline = episode.timeline
    for identity in IDS:
        me = timeline[identity]
        others = reduce(Presence.__or__, (timeline[other] for other in IDS if other != identity))
        assert stretches(catalogue, "intervals", f"character = '{identity}'") == me.intervals
        assert stretches(catalogue, "absences", f"character = '{identity}'") == (~me).intervals == me.gaps()
        assert stretches(catalogue, "alone", f"character = '{identity}'") == (me & ~others).intervals
    for one, other in combinations(sorted(IDS), 2):
        both = timeline[one] & timeline[other]
        assert stretches(catalogue, "together", f"character = '{one}' AND other = '{other}'") == both.intervals


@given(episodes())
@settings(max_examples=30)
def test_company_is_who_is_there_and_fills_the_episode(catalogue, episode):
    catalogue.put("season", episode)
    timeline = episode.timeline
    found = stretches(catalogue, "company", "true")
    who = [row[0] for row in catalogue.ask("SELECT characters FROM company ORDER BY start_tick").rows]
    assert found[0].start == timeline.start
    assert found[-1].end == timeline.end
    assert all(a.end == b.start for a, b in pairwise(found))
    assert all(a != b for a, b in pairwise(who))
    for stretch, characters in zip(found, who, strict=True):
        there = timeline.present_at(stretch.start)
        assert characters == [identity for identity, present in zip(IDS, there, strict=True) if present]


@given(episodes())
@settings(max_examples=30)
def test_samples_and_screen_times_follow_from_the_timeline(catalogue, episode):
    catalogue.put("season", episode)
    rows = catalogue.ask(
        "SELECT sample, character, time_s, score, present FROM samples ORDER BY list_position($$"
        f"[{', '.join(IDS)}]$$::VARCHAR[], character), sample"
    ).rows
    scores = episode.scores
    origin, last = scores.provenance, scores.provenance.end - Fraction(1, 10**9)
    instants = [origin.start + (k + Fraction(1, 2)) / origin.rate for k in range(len(scores.values))]
    present = np.array([episode.timeline.present_at(min(instant, last)) for instant in instants])
    expected = [
        (k, identity, float(scores.times[k]), float(scores.values[k, column]), bool(present[k, column]))
        for column, identity in enumerate(IDS)
        for k in range(len(instants))
    ]
    assert rows == expected
    times = catalogue.ask("SELECT * EXCLUDE (season, episode) FROM screen_times ORDER BY character").rows
    for row, entry in zip(
        times, sorted(screen_times(episode.timeline), key=lambda entry: entry.character), strict=True
    ):
        figures = (entry.seconds, entry.share, entry.appearances, entry.first, entry.last, entry.longest)
        assert row == (
            entry.character,
            *(None if figure is None else pytest.approx(float(figure)) for figure in figures),
        )


@given(st.lists(st.fractions(0, 1000, max_denominator=5000), min_size=1, max_size=5))
def test_every_time_falls_on_a_tick(times):
    clock = Clock.of(times)
    assert [Fraction(clock.ticks(time), clock.rate) for time in times] == times


def test_times_that_need_more_than_64_bits_are_refused():
    with pytest.raises(LimitError, match="too fine for a catalogue"):
        Clock.of([Fraction(1, 2**40 + 1), Fraction(1, 3**30)])
