"""Says where somebody is: the highest place of each character's map."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import OptionError
from vidtag.options import DEFAULT_BATCH
from vidtag.predictors.backends import BACKENDS, choose_backend
from vidtag.predictors.compiled import MAPS, check_pictures, preprocessing_of
from vidtag.predictors.ensemble import ENSEMBLE, load_members
from vidtag.predictors.networks import NETWORKS
from vidtag.records.bundles import ModelBundle

Locator = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def load_locator(bundle: ModelBundle, backend: str = "auto", batch_size: int = DEFAULT_BATCH) -> Locator:
    """Make what tells where each character most likely is, whether or not it is there.

    Args:
        bundle: of a network with maps, or an ensemble with such a member, the first of which is asked.
        backend: as `load_predictor` takes it.
        batch_size: pictures that the network sees at once, >= 1.

    Returns:
        A function from (n, height, width, 3) uint8 RGB pictures of the input size, n >= 1, to (n, characters, 2)
        float32: x and y of the middle of the best cell, as fractions of the input; see `to_picture_fractions`.

    Raises:
        OptionError: no network of the bundle has maps, or only a member of another input size; or no such backend.
        SetupError: the backend is not installed.
        BundleError: the bundle is damaged.
    """
    network = _network_with_maps(bundle)
    maps = BACKENDS[choose_backend(backend)].compile(network, batch_size, MAPS)
    finish = preprocessing_of(network).finish

    def locate(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        check_pictures(pictures, network.input_size)
        return peaks(maps.run(finish(pictures)))

    return locate


def peaks(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Find the highest cell of maps.

    Args:
        maps: (n, rows, columns, characters).

    Returns:
        (n, characters, 2) float32: x and y of the cell's middle as fractions; of equal cells, the first row by row.

    >>> peaks(np.array([[[[0.1], [0.7]], [[0.2], [0.3]]]], np.float32)).tolist()
    [[[0.75, 0.25]]]
    """
    count, rows, columns, characters = maps.shape
    cell = maps.reshape(count, rows * columns, characters).argmax(axis=1)
    return np.stack([(cell % columns + 0.5) / columns, (cell // columns + 0.5) / rows], axis=-1).astype(np.float32)


def _network_with_maps(bundle: ModelBundle) -> ModelBundle:
    """Give the bundle, or the first member of an ensemble, whose network has maps of pictures of the input size."""
    bundles = load_members(bundle) if bundle.network == ENSEMBLE else [bundle]
    with_maps = [one for one in bundles if one.network in NETWORKS and NETWORKS[one.network].has_maps]
    why = "it has no maps"
    for one in with_maps:
        if one.input_size == bundle.input_size:
            return one
        sizes = ["{}x{}".format(*size) for size in (one.input_size, bundle.input_size)]
        why = f"its member {one.name} has maps, but of {sizes[0]} px pictures, not of {sizes[1]} px ones"
    raise OptionError(f"the model {bundle.name} ({bundle.network}) cannot say where somebody is: {why}")
