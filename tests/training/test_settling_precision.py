"""A new model runs in 8 bits only where that was measured to do as well."""

from dataclasses import replace

import numpy as np
import pytest
from network_recipes import make_bundle, patches

from vidtag.predictors.backends import BACKENDS, Backend
from vidtag.predictors.base import load_predictor
from vidtag.records.bundles import load_bundle
from vidtag.records.bundlewriter import rewrite_table
from vidtag.training.evaluate import NOBODY, WHOLE, DevFrames
from vidtag.training.precision import figures_of, settle_precision

pytestmark = pytest.mark.skipif(not BACKENDS["openvino"].available(), reason="OpenVINO is not installed")


@pytest.fixture
def bundle(tmp_path):
    return make_bundle(tmp_path / "any", "mobilenet-detectors")


def frames_it_is_right_about(bundle, frames):
    """Give frames whose truth is what the network says in float32."""
    lit = load_predictor(bundle, "openvino", precision="float32")(frames) > bundle.thresholds
    return DevFrames(frames, lit, np.where(lit.any(1), WHOLE, NOBODY))


def test_a_model_that_loses_nothing_runs_in_8_bits(bundle):
    frames = patches(60, 48, 64)
    exact, coarse = (load_predictor(bundle, "openvino", precision=name)(frames) for name in ("float32", "int8"))
    same = (exact > bundle.thresholds) == (coarse > bundle.thresholds)
    frames = frames[same.all(1) & (exact.argmax(1) == coarse.argmax(1))]
    assert len(frames) > 20
    lines = []
    settled = settle_precision(bundle, lambda: frames_it_is_right_about(bundle, frames), lines.append)
    assert lines == ["in 8 bits 0.00% of the yes/no answers differ and at most 0.00% are lost: the model runs in int8"]
    assert settled.precision == load_bundle(bundle.folder).precision == "int8"
    assert load_predictor(settled, "openvino").backend == "openvino-cpu-int8"


def test_a_model_that_loses_something_stays_exact(bundle):
    frames = patches(300, 48, 64)
    scores = load_predictor(bundle, "openvino", precision="float32")(frames)
    close = rewrite_table(replace(bundle, thresholds=np.median(scores, axis=0)))
    lines = []
    settled = settle_precision(close, lambda: frames_it_is_right_about(close, frames), lines.append)
    assert lines[0].endswith("are lost: the model runs in float32")
    assert settled.precision == load_bundle(bundle.folder).precision == "float32"


def draw_nothing():
    raise AssertionError("no frames are drawn where there is nothing to choose")


def test_there_is_no_choice_without_ceilings_or_openvino(tmp_path, bundle, monkeypatch):
    unbounded = make_bundle(tmp_path / "other", "cnn4")
    assert settle_precision(unbounded, draw_nothing, print).precision == "float32"
    missing = BACKENDS | {"openvino": Backend(lambda: False, BACKENDS["openvino"].compile)}
    monkeypatch.setattr("vidtag.training.precision.BACKENDS", missing)
    assert settle_precision(bundle, draw_nothing, print).precision == "float32"


def test_figures_count_answers_and_frames():
    truth = np.array([[True, False], [True, True], [False, False], [False, False]])
    scores = np.array([[0.9, 0.1], [0.9, 0.2], [0.1, 0.1], [0.1, 0.7]], np.float32)
    dev = DevFrames(np.zeros((4, 2, 2, 3), np.uint8), truth, np.array([WHOLE, WHOLE, NOBODY, NOBODY]))
    figures = figures_of(dev, scores, np.array([0.5, 0.5], np.float32))
    assert figures == pytest.approx({"f1": 4 / 6, "nobody": 0.5, "top1": 1.0})
