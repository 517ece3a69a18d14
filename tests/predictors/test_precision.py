"""What a network is calculated in: float32 unless asked for less, which is close, said, or refused."""

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from network_recipes import make_bundle, patches

from vidtag.errors import BundleError, OptionError
from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.predictors.backends import BACKENDS
from vidtag.predictors.base import load_predictor
from vidtag.predictors.eightbit import EightBitLayers
from vidtag.predictors.networks import NETWORKS
from vidtag.predictors.openvino import capabilities, compile_model
from vidtag.predictors.quietopenvino import quiet_openvino
from vidtag.records.bundles import load_bundle
from vidtag.records.bundlewriter import rewrite_table

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not BACKENDS["openvino"].available(), reason="OpenVINO is not installed")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return make_bundle(tmp_path_factory.mktemp("models") / "any", "mobilenet-detectors")


@pytest.fixture(scope="module")
def film():
    """(144, height, width, 3) uint8 samples of the sample film, as its model sees them."""
    episode = probe(ROOT / "samples" / "lantern-lane.mp4")
    with SampleReader(episode, input_size=(144, 256), rate=Fraction(2), batch_size=16) as reader:
        return np.concatenate(list(reader))


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_a_film_is_seen_alike_in_every_precision_and_the_backend_says_which(film, precision):
    if precision == "bfloat16" and "BF16" not in capabilities():
        pytest.skip("this processor does not calculate in bfloat16")
    model = load_bundle(ROOT / "models" / "lantern-lane")
    exact, coarse = (load_predictor(model, "openvino", precision=name) for name in ("float32", precision))
    assert (exact.backend, coarse.backend) == ("openvino-cpu", f"openvino-cpu-{precision}")
    expected, found = exact(film), coarse(film)
    assert np.abs(found - expected).max() > 0
    assert ((expected > exact.thresholds) != (found > coarse.thresholds)).mean() <= 0.01


def test_eight_bits_are_even_steps_of_activations_and_kernels():
    """Against the same rounding by hand, on a layer that OpenVINO leaves as it is marked."""
    openvino = quiet_openvino()
    opset13 = openvino.opset13
    kernel = np.random.default_rng(1).normal(size=(1, 1, 3, 4)).astype(np.float32)
    layers = EightBitLayers({"one/kernel": kernel})
    x = opset13.parameter([1, 3, 5, 5], openvino.Type.f32, "x")
    y = layers.convolution(layers.relu(x, "relu", ceiling=6.0), 4, 1, "one", bias=None)
    assert layers.activations_marked == 1
    given = np.random.default_rng(2).uniform(-2, 8, (1, 3, 5, 5)).astype(np.float32)
    found = compile_model(openvino.Model([y], [x]), {"INFERENCE_PRECISION_HINT": "f32"})([given])
    activations = np.round(given.clip(0, 6) * 255 / 6) * 6 / 255
    step = np.abs(kernel[0, 0]).max(axis=0) / 64
    expected = np.einsum("nirc,io->norc", activations, np.round(kernel[0, 0] / step) * step)
    assert np.abs(found[0] - expected).max() < 1e-4 * np.abs(expected).max()


def test_eight_bits_never_overflow_whatever_the_processor():
    """The largest activations meet the largest weights of one sign: where two products overflow, the sum is cut."""
    openvino = quiet_openvino()
    opset13 = openvino.opset13
    layers = EightBitLayers({"one/kernel": np.ones((1, 1, 64, 32), np.float32)})
    x = opset13.parameter([1, 64, 16, 16], openvino.Type.f32, "x")
    y = layers.convolution(layers.relu(x, "relu", ceiling=6.0), 32, 1, "one", bias=None)
    given = np.full((1, 64, 16, 16), 6, np.float32)
    found = compile_model(openvino.Model([y], [x]), {"INFERENCE_PRECISION_HINT": "f32"})([given])
    assert np.allclose(found[0], 64 * 6)


@pytest.mark.parametrize(("backend", "name"), [("openvino", "openvino-cpu-int8"), ("tensorflow", "tensorflow-cpu")])
def test_a_model_is_calculated_as_it_was_measured_unless_asked_otherwise(bundle, backend, name):
    coarse = replace(bundle, precision="int8")
    assert load_predictor(coarse, backend).backend == name
    assert load_predictor(coarse, backend, precision="float32").backend == name.removesuffix("-int8")
    assert load_predictor(bundle, backend).backend == name.removesuffix("-int8")


def test_a_bundle_keeps_its_precision_and_names_one_that_there_is(tmp_path):
    kept = rewrite_table(replace(make_bundle(tmp_path / "any", "mobilenet-detectors"), precision="int8"))
    assert load_bundle(kept.folder).precision == "int8"
    table = kept.folder / "bundle.toml"
    table.write_text(table.read_text(encoding="utf-8").replace('"int8"', '"int4"'), encoding="utf-8")
    with pytest.raises(BundleError, match=r"precision must be float32 or int8, got 'int4'"):
        load_bundle(kept.folder)


def test_what_has_no_fixed_range_stays_exact():
    openvino = quiet_openvino()
    opset13 = openvino.opset13
    layers = EightBitLayers({"one/kernel": np.ones((1, 1, 3, 4), np.float32), "two/kernel": np.ones((1, 1, 4, 2))})
    x = opset13.parameter([1, 3, 5, 5], openvino.Type.f32, "x")
    one = layers.convolution(x, 4, 1, "one", bias=None)
    two = layers.convolution(layers.relu(one, "relu"), 2, 1, "two", bias=None)
    assert layers.activations_marked == 0
    kinds = {node.get_type_name() for node in openvino.Model([two], [x]).get_ops()}
    assert "Convolution" in kinds
    assert "FakeQuantize" not in kinds


def test_a_network_whose_activations_have_no_ceiling_is_refused(tmp_path):
    with pytest.raises(OptionError, match=r"cnn4 cannot be calculated in 8 bits.*leave --precision int8 out"):
        load_predictor(make_bundle(tmp_path / "any", "cnn4"), "openvino", precision="int8")


@pytest.mark.parametrize("name", NETWORKS)
def test_half_precision_in_tensorflow_is_close_and_said(tmp_path, name):
    bundle, pictures = make_bundle(tmp_path / "any", name), patches(10, 48, 64)
    exact, coarse = (load_predictor(bundle, "tensorflow", precision=each) for each in ("float32", "float16"))
    assert (exact.backend, coarse.backend) == ("tensorflow-cpu", "tensorflow-cpu-float16")
    apart = np.abs(coarse(pictures) - exact(pictures))
    assert coarse(pictures).dtype == np.float32
    assert 0 < apart.max() <= 5e-3


def test_half_precision_sees_a_film_alike(film):
    model = load_bundle(ROOT / "models" / "lantern-lane")
    exact, coarse = (load_predictor(model, "tensorflow", precision=each) for each in ("float32", "float16"))
    expected, found = exact(film), coarse(film)
    assert 0 < np.abs(found - expected).max() <= 5e-3
    assert ((expected > exact.thresholds) != (found > coarse.thresholds)).mean() <= 0.001


@pytest.mark.parametrize(
    ("backend", "precision", "words"),
    [
        ("tensorflow", "int8", "TensorFlow calculates in float32 or float16 here, not in int8"),
        ("tensorflow", "bfloat16", "not in bfloat16; take --backend openvino"),
        ("openvino", "float16", "OpenVINO does not calculate in float16 here; float32, bfloat16, int8 work"),
    ],
)
def test_a_runtime_says_what_it_calculates_in(bundle, backend, precision, words):
    with pytest.raises(OptionError, match=words):
        load_predictor(bundle, backend, precision=precision)


def test_bfloat16_is_refused_where_the_processor_has_none(bundle, monkeypatch):
    openvino = quiet_openvino()

    class Old(openvino.Core):
        def get_property(self, *_):
            return ["FP32", "INT8"]

    monkeypatch.setattr(openvino, "Core", Old)
    with pytest.raises(OptionError, match="does not calculate in bfloat16; --precision float32 and int8 work"):
        load_predictor(bundle, "openvino", precision="bfloat16")


@pytest.mark.parametrize("backend", BACKENDS)
def test_threads_change_no_score(bundle, backend):
    pictures = patches(5, 48, 64)
    one, usual = (load_predictor(bundle, backend, threads=threads)(pictures) for threads in (1, 0))
    assert np.abs(one - usual).max() <= 1e-6


def test_unknown_precisions_and_impossible_threads_are_refused():
    words = "precision must be one of auto, float32, bfloat16, float16, int8, got 'double'"
    with pytest.raises(OptionError, match=words):
        AnalysisOptions(precision="double")
    for options in (AnalysisOptions, RenderOptions):
        with pytest.raises(OptionError, match="threads must be 1 to 1024, or 0 for as many as suit, got -1"):
            options(threads=-1)


SCORING = """
import sys
import numpy as np
from vidtag.predictors.base import load_predictor
from vidtag.records.bundles import find_bundle
model, film, scores = sys.argv[1:]
np.save(scores, load_predictor(find_bundle(model), "openvino", precision="int8")(np.load(film)))
"""


@pytest.mark.parametrize(("instructions", "apart"), [("AVX512_CORE", 1e-6), ("AVX2", 1e-6), ("SSE41", 0.02)])
def test_eight_bits_give_the_same_scores_whatever_the_processor(film, tmp_path, instructions, apart):
    """An older processor is played by kernels for it. Before AVX2, float32 between 8-bit layers rounds otherwise."""
    model, pictures, scores = ROOT / "models" / "lantern-lane", tmp_path / "film.npy", tmp_path / "scores.npy"
    np.save(pictures, film[:24])
    older = os.environ | {"ONEDNN_MAX_CPU_ISA": instructions}
    subprocess.run([sys.executable, "-c", SCORING, model, pictures, scores], check=True, env=older)
    usual = load_predictor(load_bundle(model), "openvino", precision="int8")(film[:24])
    assert np.abs(np.load(scores) - usual).max() <= apart
