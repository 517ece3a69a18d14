"""A bundle's preprocessing decides how the film reader fits the picture."""

from fractions import Fraction

import numpy as np
import pytest
from network_recipes import SMALL, lively_arrays

from vidtag.cast import Cast
from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.options import AnalysisOptions
from vidtag.pipeline import analyze_episode
from vidtag.predictors.base import load_predictor
from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.records.bundlewriter import save_bundle

pytest_plugins = "episode_fixtures"


@pytest.mark.parametrize(("preprocessing", "keeps_aspect"), [("pad", True), ("resize", False), ("crop", True)])
def test_a_film_is_seen_as_the_bundle_says(made_episode, tmp_path, preprocessing, keeps_aspect):
    prepare_tensorflow()
    arrays = lively_arrays(build_network("cnn2", (64, 48), 2, **SMALL["cnn2"]))
    facts = {"cast": Cast.of("ada", "bob"), "network": "cnn2", "arguments": SMALL["cnn2"], "input_size": (64, 48)}
    thresholds = np.full(2, 0.5, np.float32)
    bundle = save_bundle(
        tmp_path / "any", thresholds=thresholds, preprocessing=preprocessing, arrays=arrays, card="", **facts
    )
    scores = analyze_episode(made_episode, AnalysisOptions(model=str(bundle.folder), rate=Fraction(2)))
    whole = {"input_size": (64, 48), "rate": Fraction(2), "batch_size": 100, "keeps_aspect": keeps_aspect}
    with SampleReader(probe(made_episode), **whole) as reader:
        samples = np.concatenate(list(reader))
    assert np.allclose(scores.values, load_predictor(bundle)(samples), atol=1e-5)
    assert (samples[:, 0].max() == 0) == keeps_aspect
