import numpy as np
import pytest

from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import network_arrays
from vidtag.training.superresolution import set_super_resolution, train_super_resolution


@pytest.fixture(scope="module", autouse=True)
def runtime():
    prepare_tensorflow()


def drawings(count):
    """Pictures of flat patches with hard edges, as in cartoons."""
    random = np.random.default_rng(5)
    coarse = random.integers(0, 256, (count, 13, 13, 3)).astype(np.uint8)
    return list(coarse.repeat(5, axis=1).repeat(5, axis=2))


def test_what_was_enlarged_becomes_sharper_and_the_seed_decides():
    arrays, figures = train_super_resolution(drawings(12), channels=8, seed=3, steps=60)
    assert figures["psnr_after"] > figures["psnr_before"] + 0.1
    again, _ = train_super_resolution(drawings(12), channels=8, seed=3, steps=60)
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)


def test_a_network_takes_the_layers_and_keeps_them():
    arrays, _ = train_super_resolution([drawings(2)[0][:40], drawings(2)[1]], channels=4, seed=1, steps=1)
    network = build_network("cnn2", (48, 48), 2, width=4, units=8, super_resolution=4)
    set_super_resolution(network, arrays)
    stored = network_arrays(network)
    assert all(np.array_equal(stored[name], array) for name, array in arrays.items())
    assert not [layer.name for layer in network.layers if "enhance" in layer.name and layer.trainable_weights]
