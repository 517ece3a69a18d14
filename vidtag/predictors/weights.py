"""Weights as arrays by name: out of a network, into one, and from files of ImageNet weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import InputError, ShapeError
from vidtag.predictors.enhancing import ENHANCERS
from vidtag.predictors.networks import NETWORKS

_VGG16_FIRST = "block1_conv1"


def network_arrays(network: Any) -> dict[str, NDArray[np.float32]]:
    """Give the weights by name, such as `conv_pw_1/kernel`, as float32 arrays."""
    return {variable.path: np.asarray(variable, np.float32) for variable in network.weights}


def set_network_arrays(network: Any, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Fill a network with weights by name.

    Args:
        network: what `build_network` gave.
        arrays: exactly one finite array of the right shape for every weight.

    Raises:
        ShapeError: a name is missing or surplus, or a shape or value is wrong.
    """
    wanted = {variable.path: variable for variable in network.weights}
    for name in sorted(wanted.keys() ^ arrays.keys()):
        raise ShapeError(
            f"weights do not fit the network: {name} is {'missing' if name in wanted else 'not part of it'}"
        )
    for name, variable in wanted.items():
        array = arrays[name]
        if tuple(array.shape) != tuple(variable.shape):
            raise ShapeError(
                f"weights do not fit the network: {name} is {array.shape}, expected {tuple(variable.shape)}"
            )
        if array.dtype.kind != "f" or not np.isfinite(array).all():
            raise ShapeError(f"weights do not fit the network: {name} holds values that are not finite floats")
        variable.assign(array.astype(np.float32))


def compact_arrays(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Give matrices and kernels as float16 to halve the file; vectors (statistics and biases) stay float32."""
    return {
        name: array.astype(np.float16 if array.ndim > 1 and np.abs(array).max() < 6e4 else np.float32)
        for name, array in arrays.items()
    }


def take_over_backbone(network: Any, path: Path) -> list[str]:
    """Copy ImageNet weights into the layers of the same name and shape.

    Args:
        network: a `mobilenet-detectors` or `vgg16-detectors` network.
        path: `.weights.h5` of `keras.applications.MobileNet` (alpha 1.0) or `VGG16`, cut at any of its last layers.

    Returns:
        Names of the layers that were filled.

    Raises:
        InputError: the file cannot be read or no layer fits.
    """
    import h5py  # type: ignore[import-untyped]

    try:
        with h5py.File(path, "r") as file:
            stored = _layer_arrays(file)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} is not a Keras .weights.h5 file: {error}") from error
    filled = []
    for layer in network.layers:
        arrays = stored.get(layer.name, [])
        if layer.name == _VGG16_FIRST and arrays:  # learned on blue, green, red
            arrays = [arrays[0][:, :, ::-1], *arrays[1:]]
        if arrays and [array.shape for array in arrays] == [tuple(weight.shape) for weight in layer.weights]:
            layer.set_weights(arrays)
            filled.append(layer.name)
    if not filled:
        wanted = NETWORKS[network.name].backbone if network.name in NETWORKS else ""
        raise InputError(f"{path} holds no layer that fits; expected {wanted or 'another network'} weights")
    return filled


def take_over_layers(network: Any, arrays: Mapping[str, NDArray[Any]], characters: int) -> int:
    """Fill a network with the weights of one for another cast, as far as names and shapes agree.

    Args:
        network: what `build_network` gave.
        arrays: finite arrays by name, such as those of a bundle.
        characters: how many the other network knows; weights with one for each of them stay as they are.

    Returns:
        How many weights were filled.

    Raises:
        ShapeError: fewer than half of the network's weights fit.
    """
    fitting = {
        variable.path: variable
        for variable in network.weights
        if variable.path in arrays
        and arrays[variable.path].shape == tuple(variable.shape)
        and variable.shape[-1] != characters
    }
    if 2 * len(fitting) < len(network.weights):
        raise ShapeError(f"only {len(fitting)} of its {len(network.weights)} weights fit")
    for name, variable in fitting.items():
        variable.assign(arrays[name].astype(np.float32))
    return len(fitting)


def start_without_backbone(network: Any) -> str:
    """Let all layers learn, as they start from random weights, and say so in a line for the user.

    Args:
        network: what `build_network` gave; layers that would have kept ImageNet weights are set free.
    """
    backbone = NETWORKS[network.name].backbone
    if not backbone:
        return "training starts from random weights, as this network always does"
    for layer in network.layers:
        layer.trainable = layer.name not in ENHANCERS
    return (
        f"no ImageNet weights are given: all layers of {network.name} start from random weights and learn, which needs "
        f"more pictures and rounds; a Keras .weights.h5 file of {backbone} would spare that"
    )


def _layer_arrays(file: Any) -> dict[str, list[NDArray[np.float32]]]:
    """Give the arrays of each layer of an open `.weights.h5` file by the layer's name, in Keras' order."""
    found: dict[str, list[NDArray[np.float32]]] = {}
    for group in file["layers"].values():
        if "vars" in group and "name" in group["vars"].attrs:
            stored = group["vars"]
            found[str(stored.attrs["name"])] = [np.asarray(stored[key], np.float32) for key in sorted(stored, key=int)]
    return found
