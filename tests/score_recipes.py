"""Makes scores for tests, without a film and without a network."""

from fractions import Fraction

import numpy as np

from vidtag.analysis.sampling import slot_count
from vidtag.cast import Cast
from vidtag.scores import Provenance, Scores


def make_scores(
    values=None, *, rate="4", start="0", end="3", thresholds=None, ids=("anna", "ben"), **changes
) -> Scores:
    """Make scores of a part; random ones by default."""
    rate, start, end = Fraction(rate), Fraction(start), Fraction(end)
    count = slot_count(end - start, rate)
    if values is None:
        values = np.random.default_rng(count).random((count, len(ids)))
    origin = {
        "origin": Fraction("0.083"),
        "frames": 72,
        "source": "episode.mp4",
        "size": 123_456,
        "fingerprint": "f" * 64,
    }
    origin |= {"model": "simpsons", "digest": "d" * 64, "backend": "tensorflow-cpu", "version": "0.1.0", "to_end": True}
    return Scores(
        values=np.array(values, np.float32).reshape(count, len(ids)),
        thresholds=np.array(thresholds or [0.5] * len(ids), np.float32),
        cast=Cast.of(*ids),
        provenance=Provenance(rate=rate, start=start, end=end, **(origin | changes)),
    )
