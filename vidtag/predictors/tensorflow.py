"""Runs a bundle's network with Keras on TensorFlow, on the GPU where there is one."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError, SetupError, ShapeError
from vidtag.predictors.networks import build_network
from vidtag.predictors.weights import set_network_arrays
from vidtag.records.bundles import ModelBundle, read_weights


def prepare_tensorflow() -> Any:
    """Import TensorFlow as the backend of Keras, with few messages and with memory taken from a GPU as it is needed.

    Networks are built in float32 and with channels last, whatever the user's keras.json says.

    Raises:
        SetupError: Keras already runs on something else in this process.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    with _stderr_set_aside():
        import keras
        import tensorflow
    if keras.backend.backend() != "tensorflow":
        raise SetupError(f"Keras runs on {keras.backend.backend()} in this process; set KERAS_BACKEND=tensorflow")
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    for device in tensorflow.config.list_physical_devices("GPU"):
        if not tensorflow.config.experimental.get_memory_growth(device):
            try:
                tensorflow.config.experimental.set_memory_growth(device, True)
            except RuntimeError:  # the GPU is in use already: its memory cannot be arranged any more
                break
    return tensorflow


@contextlib.contextmanager
def _stderr_set_aside() -> Iterator[None]:
    """Send what C++ writes to stderr nowhere for a moment.

    TensorFlow logs from static initialisers, while it is loaded and before it has read TF_CPP_MIN_LOG_LEVEL (its issue
    100442), so no setting keeps these lines off a user's terminal.
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class TensorFlowPredictor:
    """A `Predictor`. One compiled function takes batches of `batch_size` pictures; short ones are filled up.

    Args:
        bundle: what to load.
        batch_size: pictures that the network sees at once, >= 1.

    Raises:
        BundleError: the weights do not fit the network that the bundle names.
    """

    def __init__(self, bundle: ModelBundle, batch_size: int) -> None:
        tensorflow = prepare_tensorflow()
        self.cast: Cast = bundle.cast
        self.thresholds: NDArray[np.float32] = bundle.thresholds
        self.input_size: tuple[int, int] = bundle.input_size
        self.backend: str = f"tensorflow-{'gpu' if tensorflow.config.list_physical_devices('GPU') else 'cpu'}"
        network = load_network(bundle)
        self._batch_size = batch_size
        form = tensorflow.TensorSpec((batch_size, *self.input_size, 3), tensorflow.uint8)
        self._score: Any = tensorflow.function(
            lambda pictures: network(pictures, training=False), input_signature=[form]
        )

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score (n, height, width, 3) uint8 RGB pictures; gives (n, characters) float32 in [0, 1]."""
        if pictures.shape[1:] != (*self.input_size, 3) or pictures.dtype != np.uint8:
            wanted = f"(n, {self.input_size[0]}, {self.input_size[1]}, 3) uint8"
            raise ShapeError(f"pictures must be {wanted}, got {pictures.shape} {pictures.dtype}")
        scores = np.empty((len(pictures), len(self.cast)), np.float32)
        size = self._batch_size
        for start in range(0, len(pictures), size):
            part = pictures[start : start + size]
            if len(part) < size:
                part = np.concatenate([part, np.zeros((size - len(part), *part.shape[1:]), np.uint8)])
            scores[start : start + size] = self._score(part).numpy()[: len(pictures) - start]
        return scores


def load_network(bundle: ModelBundle) -> Any:
    """Build a bundle's network and fill in its weights.

    Raises:
        BundleError: network, arguments or weights do not fit together.
    """
    arrays = read_weights(bundle)
    try:
        network = build_network(bundle.network, bundle.input_size, len(bundle.cast), **bundle.arguments)
        set_network_arrays(network, arrays)
    except (OptionError, ShapeError) as error:
        raise BundleError(f"model {bundle.name!r}: {error}") from None
    return network
