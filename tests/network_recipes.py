"""Small forms of every network, for tests."""

import numpy as np

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
    from vidtag.predictors.weights import network_arrays

    rng = np.random.default_rng(7)
    arrays = network_arrays(network)
    for name, array in arrays.items():
        if array.ndim == 4:
            inputs = array[..., 0, 0].size if "_dw_" in name else array[..., 0].size
            arrays[name] = rng.normal(0, np.sqrt(2 / inputs), array.shape).astype(np.float32)
    return arrays
