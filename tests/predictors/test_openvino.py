"""OpenVINO gives what TensorFlow gives, for every network, and without TensorFlow."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from network_recipes import make_bundle, patches

from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.predictors.backends import BACKENDS
from vidtag.predictors.base import load_predictor
from vidtag.predictors.networks import NETWORKS
from vidtag.predictors.openvino import compile_for_openvino
from vidtag.predictors.tensorflow import compile_for_tensorflow
from vidtag.records.bundles import load_bundle

MODELS = Path(__file__).parents[2] / "models"

pytestmark = pytest.mark.skipif(not BACKENDS["openvino"].available(), reason="OpenVINO is not installed")


def both(bundle, layer):
    return (compile(bundle, 4, layer).run(patches(10, 48, 64)) for compile in RUNTIMES)


RUNTIMES = (compile_for_tensorflow, compile_for_openvino)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_scores_alike(tmp_path, name):
    expected, found = both(make_bundle(tmp_path / "any", name), "scores")
    assert expected.std(axis=0).min() > 0.01
    assert np.abs(found - expected).max() <= 1e-5


@pytest.mark.parametrize("name", [name for name in NETWORKS if NETWORKS[name].has_maps])
def test_maps_are_alike(tmp_path, name):
    expected, found = both(make_bundle(tmp_path / "any", name, dropout=0.5, passes=3), "maps")
    assert expected.shape == found.shape
    assert len(expected) == 10
    assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max()


@pytest.mark.parametrize("name", NETWORKS)
def test_thinned_passes_are_alike(tmp_path, name):
    bundle = make_bundle(tmp_path / "any", name, dropout=0.4, passes=5)
    expected, found = both(bundle, "scores")
    assert expected.shape == (10, 3)
    assert np.abs(found - expected).max() <= 1e-5


def film_frames(input_size, every=6):
    """Give some samples of our own film, as the network sees them: (n, height, width, 3) uint8 RGB."""
    film = probe(MODELS.parent / "samples/lantern-lane.mp4")
    with SampleReader(film, input_size=input_size, rate=Fraction(1), batch_size=every) as reader:
        return np.stack([batch[0] for batch in reader])


@pytest.mark.parametrize("name", sorted(path.name for path in MODELS.iterdir()))
def test_shipped_models_score_alike(name):
    """Also for pictures that we have none of: sigmoid((score before it) / temperature) rises by 1/4 at most."""
    bundle = load_bundle(MODELS / name)
    pictures = np.concatenate([film_frames(bundle.input_size), patches(6, *bundle.input_size)])
    expected, found = (
        load_predictor(bundle, backend, precision="float32")(pictures) for backend in ("tensorflow", "openvino")
    )
    assert np.abs(found - expected).max() <= 1e-3
    expected, found = (compile(bundle, 4, "maps").run(pictures) for compile in RUNTIMES)
    assert expected.std(axis=0).min() > 0.1  # nothing is alike only because everything is dark
    assert np.abs(found - expected).max() / (4 * bundle.calibration.temperature) <= 1e-3


def test_a_run_imports_neither_tensorflow_nor_keras():
    code = f"""
import sys, numpy as np
from pathlib import Path
from vidtag.predictors.base import load_predictor
from vidtag.records.bundles import load_bundle
predictor = load_predictor(load_bundle(Path({str(MODELS / "lantern-lane")!r})), "openvino")
predictor(np.zeros((1, *predictor.input_size, 3), np.uint8))
print(predictor.backend, sorted({{"tensorflow", "keras"}} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["openvino-cpu", "[]"]


def test_signals_are_heard_when_networks_are_gone():
    code = f"""
import os, signal
from pathlib import Path
from vidtag.predictors.base import load_predictor
from vidtag.records.bundles import load_bundle
bundle = load_bundle(Path({str(MODELS / "lantern-lane")!r}))
first, second = load_predictor(bundle, "openvino"), load_predictor(bundle, "openvino")
del first
del second
signal.signal(signal.SIGTERM, lambda *_: print("heard"))
os.kill(os.getpid(), signal.SIGTERM)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "heard\n")


QUIETLY = """
import sys
from vidtag.predictors.quietopenvino import quiet_openvino

quiet_openvino().Core()
print(*(name for name in sys.modules if name.startswith(("openvino.tools", "openvino_telemetry"))))
"""


def test_nobody_is_told_that_openvino_is_imported():
    """Its converter does that, in a process of its own."""
    found = subprocess.run([sys.executable, "-c", QUIETLY], capture_output=True, text=True, check=True)
    assert found.stdout.split() in ([], ["openvino.tools"])  # the package that the converter would be in


def test_threads_that_load_at_once_import_it_once_and_quietly():
    threads = "; ".join(
        (
            "from concurrent.futures import ThreadPoolExecutor as Pool",
            "from vidtag.predictors.quietopenvino import quiet_openvino as quiet",
            "print(len({id(each) for each in Pool(8).map(lambda _: quiet(), range(8))}))",
            "import sys; print('openvino_telemetry' in sys.modules)",
        )
    )
    found = subprocess.run([sys.executable, "-c", threads], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["1", "False"]


def test_the_converter_of_openvino_is_there_for_others():
    """A program may use OpenVINO itself, beside vidtag."""
    call = """
import sys
from vidtag.predictors.quietopenvino import quiet_openvino

openvino = quiet_openvino()
assert "openvino.tools.ovc" not in sys.modules
assert quiet_openvino() is openvino
try:
    openvino.convert_model(object())
except Exception as error:
    print(type(error).__module__)
"""
    environment = os.environ | {"CI": "true"}
    found = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.split() == ["openvino.tools.ovc.error"]


def test_openvino_that_is_there_already_is_taken_as_it_is():
    call = (
        "import openvino; from vidtag.predictors.quietopenvino import quiet_openvino as quiet\n"
        "before = openvino.convert_model; assert quiet() is openvino; assert openvino.convert_model is before"
    )
    subprocess.run([sys.executable, "-c", call], check=True, env=os.environ | {"CI": "true"})
