"""Makes episodes for tests of the catalogue: random ones, and those of the sample season."""

from fractions import Fraction
from pathlib import Path

import numpy as np
from score_recipes import make_scores

from vidtag.analysis.sampling import slot_count
from vidtag.records.scorefiles import load_scores
from vidtag.season.episode import Episode

SAMPLE_SEASON = Path(__file__).parents[2] / "samples" / "season"
IDS = ("carl", "anna", "ben", "dora")


def make_episode_of_scores(name, *, seed=0, end="40", ids=IDS, smooth=0, **changes):
    """Make an episode in which everybody comes and goes by chance."""
    length = Fraction(end) - Fraction(changes.get("start", "0"))
    count = slot_count(length, Fraction(changes.get("rate", "4")))
    rng = np.random.default_rng([seed, count])
    runs = np.repeat(rng.random((count // 4 + 1, len(ids))) < 0.4, 4, axis=0)[:count]
    scores = make_scores(np.where(runs, 0.9, 0.1) + rng.uniform(-0.1, 0.1, runs.shape), end=end, ids=ids, **changes)
    return Episode(name=name, scores=scores, timeline=scores.timeline(smooth=smooth))


def sample_season():
    """Give the episodes of the sample season, in order."""
    for path in sorted(SAMPLE_SEASON.glob("*/*.scores.npz")):
        scores = load_scores(path)
        name = path.relative_to(SAMPLE_SEASON).as_posix().removesuffix(".scores.npz")
        yield Episode(name=name, scores=scores, timeline=scores.timeline())
