"""Operations are counted right, whatever the network, and every runtime that is here gives figures. No time counts."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from network_recipes import SMALL

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.operations import counted, random_weights  # noqa: E402
from benchmarks.predictor import patches  # noqa: E402
from benchmarks.timing import rates_of  # noqa: E402

LANTERN_LANE = ROOT / "models/lantern-lane"
BARE = """
import runpy, sys
for name in ("av", "click", "cv2", "imageio_ffmpeg", "keras", "openvino", "safetensors", "tensorflow"):
    sys.modules[name] = None
sys.argv = ["bench-predictor", *sys.argv[2:]]
runpy.run_path(SCRIPT, run_name="__main__")
"""


def bench(*arguments):
    command = [sys.executable, ROOT / "scripts" / "bench-predictor", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_small_network_counted_by_hand():
    layers = counted("mobilenet-detectors", (32, 32), 2, {"blocks": 1})
    assert layers.multiply_adds == {
        "conv1": 16 * 16 * 32 * 3 * 3 * 3,  # step 2, of 33 x 33 padded px
        "conv_dw_1": 16 * 16 * 32 * 3 * 3,
        "conv_pw_1": 16 * 16 * 64 * 32,
        "maps": 16 * 16 * 2 * 64,
    }
    assert layers.operations == 2 * 851_968


def test_passes_count_from_the_first_dropout_on():
    once = counted("mobilenet-detectors", (32, 32), 2, {"blocks": 1, "dropout": 0.5})
    passes = counted("mobilenet-detectors", (32, 32), 2, {"blocks": 1, "dropout": 0.5, "passes": 3})
    assert passes.multiply_adds == once.multiply_adds | {"maps": 3 * once.multiply_adds["maps"]}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("more", [{}, {"super_resolution": 4}], ids=["plain", "enhanced"])
def test_counts_and_weights_agree_with_the_network_that_keras_builds(name, more):
    from vidtag.predictors.tensorflow import prepare_tensorflow

    prepare_tensorflow()
    from vidtag.predictors.networks import build_network
    from vidtag.predictors.weights import network_arrays

    size, arguments = (52, 70), SMALL[name] | more
    network = build_network(name, size, 3, **arguments)
    layers = counted(name, size, 3, arguments)
    assert layers.weights == {path: array.shape for path, array in network_arrays(network).items()}
    expected = {}
    for layer in network.layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            cells = layer.output.shape[1:-1]  # none for dense layers
            expected[layer.name] = int(np.prod(cells, dtype=int) * np.prod(kernel.shape))
    assert layers.multiply_adds == expected


def test_random_weights_keep_scores_apart_and_finite():
    from vidtag.predictors.tensorflow import prepare_tensorflow

    prepare_tensorflow()
    from vidtag.predictors.networks import build_network
    from vidtag.predictors.weights import set_network_arrays

    arguments = SMALL["mobilenet-detectors"]
    network = build_network("mobilenet-detectors", (48, 64), 5, **arguments)
    set_network_arrays(network, random_weights(counted("mobilenet-detectors", (48, 64), 5, arguments).weights))
    scores = np.asarray(network(patches(4, 48, 64)))
    assert np.isfinite(scores).all()
    assert scores.std() > 0.01


def test_the_first_pictures_do_not_depend_on_how_many_there_are():
    assert np.array_equal(patches(1, 50, 70)[0], patches(7, 50, 70)[0])
    assert patches(2, 50, 70).shape == (2, 50, 70, 3)


def test_a_rate_counts_runs_that_last_long_enough():
    now, counts = [0.0], []

    def run(count):
        counts.append(count)
        now[0] += 0.01 * count

    assert rates_of(run, 0.5, lambda: now[0]) == pytest.approx([100] * 3)
    assert counts[:2] == [1, 1]
    assert min(counts[-3:]) >= 50


def test_every_runtime_that_is_here_gives_a_row_for_each_batch(tmp_path):
    quick = ("--batches", "1,3", "--seconds", 0.01, "--matrix-side", 64, "--precisions", "float32")
    done = bench("--model", LANTERN_LANE, *quick, "-o", tmp_path / "figures.json")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "figures.json").read_text())
    assert str(ROOT) not in json.dumps(report)
    found = [(row["backend"], row["precision"], row["batch"]) for row in report["rows"]]
    kinds = [("vidtag", "own"), ("openvino", "float32"), ("tensorflow", "float32")]
    assert found == [(*kind, batch) for kind in kinds for batch in (1, 3)]
    operations = report["network"]["operations"]
    assert operations == 2 * sum(report["network"]["multiply_adds"].values())
    for row in report["rows"]:
        assert row["gflops"] == pytest.approx(row["pictures_per_second"] * operations / 1e9)
        assert row["share"] == pytest.approx(row["gflops"] / row["limit_gflops"])
        assert row["difference"] is None if row["backend"] == "vidtag" else row["difference"] < 1e-3


def test_a_limit_that_is_given_is_taken_and_random_weights_will_do(tmp_path):
    few = ("--backends", "vidtag,openvino", "--batches", 2, "--seconds", 0.01, "--precisions", "float32")
    given = ("--random-weights", "--limit-gflops", 1000)
    done = bench("--model", LANTERN_LANE, *few, *given, "-o", tmp_path / "figures.json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads((tmp_path / "figures.json").read_text())["rows"]
    assert (row["backend"], row["limit_gflops"]) == ("openvino", 1000)


def test_counting_needs_no_runtime_and_no_media_library():
    text = f"SCRIPT = {str(ROOT / 'scripts/bench-predictor')!r}\n{BARE}"
    command = [sys.executable, "-c", text, "-", "--model", LANTERN_LANE, "--count"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "GFLOP a picture" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--backends", "openvino,abacus"), 2, "expected some of vidtag, openvino, tensorflow, jax, torch"),
        (("--precisions", "int3"), 2, "expected some of float32, bfloat16, float16"),
        (("--batches", "none"), 2, "at least one batch size"),
        (("--batches", "0"), 2, "expected numbers 1 to 4096"),
        (("--model", "nobody"), 3, "no model is called 'nobody'"),
    ],
)
def test_what_is_wrong_is_one_line(arguments, code, said):
    done = bench(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
