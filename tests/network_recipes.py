"""Small forms of every network, for tests."""

import numpy as np

from vidtag.cast import Cast
from vidtag.predictors.networks import NETWORKS, build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import compact_arrays, network_arrays, set_network_arrays
from vidtag.records.bundlewriter import save_bundle

SMALL = {
    "cnn2": {"width": 4, "units": 8},
    "cnn4": {"width": 4, "units": 8},
    "cnn6": {"width": 4, "units": 8},
    "mobilenet-detectors": {"blocks": 3, "alpha": 0.25},
    "vgg16-detectors": {"entry": "block2_pool", "alpha": 0.1, "detectors": 32, "connected": 16, "fine_tuning": 2},
}


def noise(*shape):
    """Random pictures, uint8."""
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)


def patches(count, height, width):
    """Random pictures of 8 px patches, uint8: unlike noise, they still differ after a few layers."""
    coarse = noise(count, height // 8, width // 8, 3)
    return coarse.repeat(8, axis=1).repeat(8, axis=2)


def lively_arrays(network):
    """Random weights that let pictures through: fresh ones shrink them to nothing layer by layer."""
    rng = np.random.default_rng(7)
    arrays = network_arrays(network)
    for name, array in arrays.items():
        if array.ndim == 4:
            inputs = array[..., 0, 0].size if "_dw_" in name else array[..., 0].size
            arrays[name] = rng.normal(0, np.sqrt(2 / inputs), array.shape).astype(np.float32)
    return arrays


def spread_logits(network, last):
    """Change the last layer such that scores differ from picture to picture, around 0.5."""
    import keras

    logits = np.asarray(keras.Model(network.input, network.get_layer("pool").output)(patches(10, 48, 64)))
    kernel, bias = network.get_layer(last).get_weights()
    spread = logits.std(axis=0)
    network.get_layer(last).set_weights([kernel / spread, (bias - logits.mean(axis=0)) / spread])


def make_bundle(folder, name, **arguments):
    """Write a bundle of a network with random weights for three characters and 64x48 px."""
    prepare_tensorflow()
    arguments = SMALL[name] | arguments
    network = build_network(name, (48, 64), 3, **arguments)
    set_network_arrays(network, lively_arrays(network))
    for _ in range(3):
        spread_logits(network, "maps" if NETWORKS[name].has_maps else "pool")
    return save_bundle(
        folder,
        cast=Cast.of("ada", "bob", "eve"),
        network=name,
        arguments=arguments,
        input_size=(48, 64),
        thresholds=np.full(3, 0.5, np.float32),
        arrays=compact_arrays(network_arrays(network)),
        card="",
    )
