"""Runs a bundle's network with Keras on TensorFlow, on the GPU where there is one."""

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import BundleError, ExhaustedError, OptionError, SetupError, ShapeError
from vidtag.options import FLOAT16, FLOAT32
from vidtag.predictors.compiled import SCORES, Compiled
from vidtag.predictors.networks import build_network_in_use, passes_of
from vidtag.predictors.weights import set_network_arrays
from vidtag.records.bundles import ModelBundle, read_weights

_POLICIES: Mapping[str, str] = {FLOAT32: "float32", FLOAT16: "mixed_float16"}  # Keras' words


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


_SETTING_ASIDE = threading.Lock()


@contextlib.contextmanager
def _stderr_set_aside() -> Iterator[None]:
    """Send what C++ writes to stderr nowhere for a moment.

    TensorFlow logs from static initialisers, while it is loaded and before it has read TF_CPP_MIN_LOG_LEVEL (its issue
    100442), so no setting keeps these lines off a user's terminal. One thread at a time: a second one would keep what
    the first has set, and restore that.
    """
    with _SETTING_ASIDE:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)


def compile_for_tensorflow(
    bundle: ModelBundle, batch_size: int, layer: str, precision: str = FLOAT32, threads: int = 0
) -> Compiled:
    """Make a bundle's network ready to run: one compiled function for batches of one size, filled up with black.

    Args:
        bundle: what to load.
        batch_size: pictures that the network sees at once, >= 1.
        layer: what it gives, `scores` or `maps`.
        precision: float32, or float16, in which layers calculate; what sums up their answer stays in float32.
        threads: that an operation may use, 0 for one a core; counts for the first network of a process.

    Raises:
        BundleError: network, arguments or weights do not fit together, or there are no maps.
        OptionError: another precision.
        ExhaustedError: when it runs, if the memory does not hold the batch.
    """
    if precision not in _POLICIES:
        raise OptionError(
            f"TensorFlow calculates in {' or '.join(_POLICIES)} here, not in {precision}; take --backend openvino"
        )
    tensorflow = prepare_tensorflow()
    if threads:
        with contextlib.suppress(RuntimeError):  # it has run before in this process
            tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    device = "gpu" if tensorflow.config.list_physical_devices("GPU") else "cpu"
    network = load_network(bundle, layer, precision)
    form = tensorflow.TensorSpec((batch_size, *bundle.input_size, 3), tensorflow.uint8)
    score = tensorflow.function(lambda pictures: network(pictures, training=False), input_signature=[form])

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = []
        for start in range(0, len(pictures), batch_size):
            part = pictures[start : start + batch_size]
            missing = batch_size - len(part)
            full = np.concatenate([part, np.zeros((missing, *part.shape[1:]), np.uint8)]) if missing else part
            try:
                rows.append(score(full).numpy()[: len(part)].astype(np.float32, copy=False))
            except tensorflow.errors.ResourceExhaustedError as error:
                raise ExhaustedError(
                    f"the memory of the {device.upper()} does not hold the network with {batch_size} pictures at once; "
                    "make room there, or take a smaller --batch-size or --backend openvino"
                ) from error
        return np.concatenate(rows)

    return Compiled(f"tensorflow-{device}" if precision == FLOAT32 else f"tensorflow-{device}-{precision}", run)


def load_network(bundle: ModelBundle, layer: str = SCORES, precision: str = FLOAT32) -> Any:
    """Build a bundle's network as it is used, from pictures to a layer, and fill in its weights.

    Args:
        bundle: what to load.
        layer: what it gives, `scores` or `maps`.
        precision: float32, or float16, in which layers calculate with weights in float32.

    Raises:
        BundleError: network, arguments or weights do not fit together.
    """
    import keras

    arrays = read_weights(bundle)
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(_POLICIES[precision])
    try:
        passes = passes_of(bundle.arguments) if layer == SCORES else 0
        network = build_network_in_use(bundle.network, bundle.input_size, len(bundle.cast), bundle.arguments, passes)
        set_network_arrays(network, arrays)
    except (OptionError, ShapeError) as error:
        raise BundleError(f"model {bundle.name!r}: {error}") from None
    finally:
        keras.config.set_dtype_policy(usual)
    return network if layer == SCORES else keras.Model(network.input, network.get_layer(layer).output)
