import dataclasses
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from network_recipes import lively_arrays

from vidtag.analysis.calibration import Calibration
from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError, SetupError, ShapeError
from vidtag.options import DEFAULT_BATCH as BATCH
from vidtag.predictors import backends
from vidtag.predictors.backends import BACKENDS, Backend, choose_backend
from vidtag.predictors.base import load_predictor
from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import compact_arrays
from vidtag.records.bundlewriter import save_bundle

ARGUMENTS = {"blocks": 4, "alpha": 0.25, "stride": 8}


def make_bundle(folder, **changes):
    prepare_tensorflow()
    network = build_network("mobilenet-detectors", (48, 64), 3, **ARGUMENTS)
    arrays = lively_arrays(network)
    given = {
        "cast": Cast.of("ada", "bob", "eve"),
        "network": "mobilenet-detectors",
        "arguments": ARGUMENTS,
        "input_size": (48, 64),
        "thresholds": np.array([0.3, 0.5, 0.7], np.float32),
        "licence": "MIT",
        "arrays": compact_arrays(arrays),
        "card": "",
    }
    return save_bundle(folder, **given | changes)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return make_bundle(tmp_path_factory.mktemp("models") / "random")


@pytest.fixture(scope="module", params=BACKENDS)
def predictor(request, bundle):
    if not BACKENDS[request.param].available():
        pytest.skip(f"{request.param} is not installed")
    return load_predictor(bundle, request.param)


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(1).integers(0, 256, (2 * BATCH + 5, 48, 64, 3)).astype(np.uint8)


def test_predictor_tells_what_it_is(predictor, bundle):
    assert predictor.cast == bundle.cast
    assert predictor.input_size == (48, 64)
    assert np.array_equal(predictor.thresholds, bundle.thresholds)
    assert predictor.backend.split("-")[1] in {"cpu", "gpu"}


def test_scores_differ_between_pictures_and_stay_in_range(predictor, pictures):
    scores = predictor(pictures)
    assert scores.shape == (len(pictures), 3)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert scores.std(axis=0).min() > 1e-4


CALIBRATIONS = (
    Calibration(method="temperature", temperature=2.0),
    Calibration(method="isotonic", curves=(((0.0, 0.2), (1.0, 0.9)),) * 3),
)


@pytest.mark.parametrize("calibration", CALIBRATIONS, ids=lambda calibration: calibration.method)
def test_scores_leave_every_backend_calibrated(predictor, bundle, pictures, calibration):
    calibrated = load_predictor(dataclasses.replace(bundle, calibration=calibration), predictor.backend.split("-")[0])
    assert calibrated.cast == predictor.cast
    assert calibrated.input_size == predictor.input_size
    assert calibrated.backend == predictor.backend
    assert np.array_equal(calibrated.thresholds, predictor.thresholds)
    scores = calibrated(pictures[:5])
    assert scores.dtype == np.float32
    assert np.allclose(scores, calibration.apply(predictor(pictures[:5])), atol=1e-6)
    assert not np.allclose(scores, predictor(pictures[:5]), atol=0.02)


@pytest.mark.parametrize("size", [1, 3, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 5])
def test_scores_do_not_depend_on_the_batch(predictor, pictures, size):
    whole = predictor(pictures)
    parts = [predictor(pictures[start : start + size]) for start in range(0, len(pictures), size)]
    assert np.abs(np.concatenate(parts) - whole).max() <= 1e-5


@pytest.mark.parametrize("size", [1, 3, 40])
def test_scores_do_not_depend_on_what_the_network_sees_at_once(bundle, predictor, pictures, size):
    again = load_predictor(bundle, predictor.backend.split("-")[0], size)
    assert np.abs(again(pictures) - predictor(pictures)).max() <= 1e-5


def test_nothing_in_nothing_out(predictor):
    assert predictor(np.empty((0, 48, 64, 3), np.uint8)).shape == (0, 3)


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((2, 64, 48, 3), np.uint8), np.zeros((48, 64, 3), np.uint8), np.zeros((2, 48, 64, 3), np.float32)],
)
def test_other_shapes_and_types_are_refused(predictor, wrong):
    with pytest.raises(ShapeError, match=r"must be \(n, 48, 64, 3\) uint8"):
        predictor(wrong)


def test_the_same_bundle_gives_the_same_scores_in_every_backend(predictor, bundle, pictures):
    assert np.abs(load_predictor(bundle)(pictures) - predictor(pictures)).max() <= 1e-4


def test_auto_takes_the_first_that_is_installed_and_tensorflow_where_it_has_a_gpu(monkeypatch):
    runtimes = {name: Backend(lambda: True, lambda *_: None) for name in ("openvino", "tensorflow")}
    monkeypatch.setattr(backends, "BACKENDS", runtimes)
    for there, usable, expected in ((False, True, "openvino"), (True, False, "openvino"), (True, True, "tensorflow")):
        monkeypatch.setattr(backends, "_gpu_is_there", lambda there=there: there)
        monkeypatch.setattr(backends, "_tensorflow_has_gpu", lambda usable=usable: usable)
        assert choose_backend("auto") == expected
        assert choose_backend("tensorflow") == "tensorflow"
    monkeypatch.setitem(runtimes, "openvino", Backend(lambda: False, lambda *_: None))
    assert choose_backend("auto") == "tensorflow"


def test_a_hidden_gpu_is_not_there(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert not backends._gpu_is_there()


def test_unknown_and_missing_backends_are_refused(bundle, monkeypatch):
    with pytest.raises(OptionError, match="no backend is called 'torch'; there are: auto, openvino, tensorflow"):
        load_predictor(bundle, "torch")
    missing = Backend(lambda: False, lambda bundle, batch_size, layer: None)
    monkeypatch.setattr(backends, "BACKENDS", {"openvino": missing, "tensorflow": missing})
    for backend, package in (
        ("auto", "tensorflow keras"),
        ("tensorflow", "tensorflow keras"),
        ("openvino", "openvino"),
    ):
        with pytest.raises(SetupError, match=f"`pip install {package}`"):
            load_predictor(bundle, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "changes",
    [
        {"network": "no-such-network"},
        {"arguments": {"blocks": 5, "alpha": 0.25, "stride": 8}},
        {"arguments": {"blocks": 4, "alpha": 0.5, "stride": 8}},
        {"arguments": {"depth": 99}},
        *({"arguments": {name: 3}} for name in ("name", "input_size", "characters", "self")),
        {"arrays": {}},
        {"arrays": {"scale": np.array([np.nan], np.float32)}},
        {"cast": Cast.of("ada", "bob"), "thresholds": np.array([0.5, 0.5], np.float32)},
    ],
)
def test_a_bundle_whose_parts_do_not_fit_is_refused(tmp_path, changes, backend):
    with pytest.raises(BundleError, match="model 'odd': "):
        load_predictor(make_bundle(tmp_path / "odd", **changes), backend)


def test_looking_at_bundles_imports_no_runtime():
    code = (
        "import sys, vidtag.predictors.base, vidtag.records.bundles, vidtag.cli.train;"
        "print(sorted({'tensorflow', 'keras', 'safetensors', 'cv2'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SCORE = """
import sys
from pathlib import Path
import numpy as np
from vidtag.predictors.base import load_predictor
from vidtag.records.bundles import load_bundle

pictures = np.random.default_rng(1).integers(0, 256, (3, 48, 64, 3)).astype(np.uint8)
np.save(sys.argv[2], load_predictor(load_bundle(Path(sys.argv[1])), "tensorflow")(pictures))
"""


@pytest.mark.parametrize("setting", [{"image_data_format": "channels_first"}, {"floatx": "float16"}], ids=str)
def test_the_users_keras_settings_do_not_count(bundle, pictures, tmp_path, setting):
    (tmp_path / "keras.json").write_text(json.dumps(setting))
    command = [sys.executable, "-c", SCORE, str(bundle.folder), str(tmp_path / "scores.npy")]
    subprocess.run(command, env=os.environ | {"KERAS_HOME": str(tmp_path)}, capture_output=True, check=True)
    assert np.abs(np.load(tmp_path / "scores.npy") - load_predictor(bundle, "tensorflow")(pictures[:3])).max() <= 1e-5
