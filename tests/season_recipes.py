"""Makes seasons for tests: any timelines, and a plausible random one of a made-up cast of 19, drawn from a seed."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st
from score_recipes import make_scores

from vidtag.analysis.sampling import slot_count
from vidtag.season.episode import Episode
from vidtag.season.season import Season
from vidtag.timeline import Interval, Presence, Timeline

CAST = (
    *("ada_finch", "bruno_castle", "cora_vale", "dov_marsh", "edda_stone", "fitz_harrow", "gus_pepper", "hana_reed"),
    *("ines_lark", "jory_flint", "kit_bramley", "lou_sparrow", "mabel_thorne", "nico_wren", "olive_birch"),
    *("percy_glass", "quill", "rosa_tide", "sol_winter"),
)


def make_episode(name="episode", intervals=None, *, ids=("anna", "ben"), start="0", end="3", **changes):
    """Make an episode of given intervals, `{id: [(start, end), …]}` in seconds; the scores are random."""
    scores = make_scores(ids=ids, start=start, end=end, **({"source": f"{name.split('/')[-1]}.mp4"} | changes))
    start, end = Fraction(start), Fraction(end)

    def presence(identity):
        stretches = (intervals or {}).get(identity, ())
        return Presence.of([Interval(Fraction(a), Fraction(b)) for a, b in stretches], end, start)

    timeline = Timeline(scores.cast, tuple(map(presence, ids)), end, start)
    return Episode(name=name, scores=scores, timeline=timeline)


def make_season(*episodes):
    return Season.of(episodes)


@st.composite
def timelines(draw, ids=("anna", "ben", "cleo")):
    """Draw a timeline whose edges lie anywhere: on quarters, on frames of 23.976, or on nothing at all."""
    clock = draw(st.sampled_from([Fraction(1, 4), Fraction(1001, 24000), Fraction(1, 7), Fraction(1, 10**12 + 39)]))
    last = draw(st.integers(2, 40))
    start = draw(st.integers(0, last - 1)) * clock
    end = last * clock + draw(st.sampled_from([Fraction(0), Fraction(1, 3)]))

    def presence():
        edges = sorted(draw(st.sets(st.integers(int(start / clock), last), max_size=12)))
        stretches = [Interval(a * clock, b * clock) for a, b in list(pairwise(edges))[::2]]
        return Presence.of(stretches, end, start)

    episode = make_episode(ids=ids)
    return Timeline(episode.scores.cast, tuple(presence() for _ in ids), end, start)


def episode_of(timeline, name):
    """Give a timeline as an episode; its scores are of anything."""
    return Episode(name=name, scores=make_scores(ids=timeline.cast.ids), timeline=timeline)


@st.composite
def seasons(draw, most=4):
    """Draw a season of up to `most` episodes, whose casts need not be the same."""
    casts = st.sampled_from([("anna", "ben", "cleo"), ("ben", "dora"), ("cleo", "anna")])
    count = draw(st.integers(1, most))
    return Season.of([episode_of(draw(timelines(draw(casts))), f"E{number}") for number in range(count)])


def plausible_scores(number, *, seconds=1320, ids=CAST, seed=5, source=None):
    """Make scores of episode `number` as a network might give them: scenes of a few who come and go with the shots.

    A few lead the season, some rise or fade in it, some are seen in a few episodes only.
    """
    random = np.random.default_rng((seed, number))
    count = slot_count(Fraction(seconds), Fraction(4))
    there = np.zeros((count, len(ids)), bool)
    weights = _weights(number, len(ids), seed)
    at = 0
    while at < count:
        scene = int(random.integers(60, 360))
        size = min(int(random.choice([0, 1, 2, 3, 4, 6], p=[0.05, 0.2, 0.35, 0.2, 0.15, 0.05])), (weights > 0).sum())
        for who in random.choice(len(ids), size=size, replace=False, p=weights / weights.sum()):
            shot = at
            while shot < min(at + scene, count):
                length = int(random.integers(6, 40))
                there[shot : min(shot + length, at + scene), who] |= random.random() < 0.6
                shot += length
        at += scene
    values = np.clip(np.where(there, 0.85, 0.08) + random.normal(0, 0.08, there.shape), 0, 1)
    return make_scores(
        values, end=str(seconds), ids=ids, source=source or f"E{number + 1:02d}.mp4", model="no-such-model"
    )


def _weights(number, size, seed):
    """Give how often each one is drawn into a scene of an episode."""
    random = np.random.default_rng(seed)
    weights = 1 / (1 + np.arange(size)) ** 0.8
    turn = random.normal(0, 0.06, size)
    weights = weights * np.exp(turn * number)
    guests = random.random((64, size)) < 0.35
    rare = np.arange(size) >= size * 2 // 3
    return np.where(rare & ~guests[number % 64], 0, weights)
