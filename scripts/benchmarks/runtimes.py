"""The runtimes whose speed is measured: OpenVINO, Keras on any of its backends, and whatever vidtag itself takes.

Each is imported when it is made. All run the same drawing function with the same weights.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import SetupError
from vidtag.predictors.networks import build_network_in_use, draw_network, passes_of
from vidtag.predictors.quietopenvino import quiet_openvino

KERAS_BACKENDS = ("tensorflow", "jax", "torch")
OPENVINO, VIDTAG = "openvino", "vidtag"
BACKENDS = (VIDTAG, OPENVINO, *KERAS_BACKENDS)
OWN = "own"  # the precision that a runtime chooses by itself
PRECISIONS = ("float32", "bfloat16", "float16")
_HINTS = {"float32": "f32", "bfloat16": "bf16", "float16": "f16"}  # OpenVINO's words
_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16", "float16": "mixed_float16"}  # Keras'

Run = Callable[[int], NDArray[np.float32]]
"""Scores a batch so many times, all results fetched, and gives the last (n, characters)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is run: a network's name and arguments, and its weights by name.

    Attributes:
        name: a key of `vidtag.predictors.networks.NETWORKS`.
        input_size: (height, width) in px.
        characters: columns of the answer.
        arguments: what it is built with.
        arrays: float16 or float32 weights by name.
        source: name or folder of the bundle, for vidtag itself; empty where the weights are random.
    """

    name: str
    input_size: tuple[int, int]
    characters: int
    arguments: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    source: str = ""


class Runtime(Protocol):
    """Something that calculates.

    Attributes:
        device: what it runs on, in words.
        matrix_side: side of matrices that are large enough to keep it busy.
    """

    device: str
    matrix_side: int

    def prepare(self, network: Network, pictures: NDArray[np.uint8], ahead: int) -> Run:
        """Make a network ready for a batch, (n, height, width, 3) uint8, of which `ahead` may be under way at once."""

    def product(self, side: int) -> Callable[[int], object]:
        """Give what multiplies square matrices so many times, and returns when that is done."""


def make_runtime(backend: str, precision: str) -> Runtime:
    """Make one of `BACKENDS`; for Keras, KERAS_BACKEND must be set already."""
    if backend == VIDTAG:
        return OwnRuntime()
    return OpenVinoRuntime(precision) if backend == OPENVINO else KerasRuntime(precision)


class OpenVinoRuntime:
    """OpenVINO on the CPU, several batches at once, as it suits the processor."""

    def __init__(self, precision: str) -> None:
        self._openvino, self.device, self.matrix_side = quiet_openvino(), "cpu", 2048
        self._precision = {"INFERENCE_PRECISION_HINT": _HINTS[precision]} if precision != OWN else {}

    def prepare(self, network: Network, pictures: NDArray[np.uint8], ahead: int) -> Run:
        """Make a network ready; OpenVINO itself says how many batches are under way."""
        from vidtag.predictors.openvinolayers import OpenVinoLayers

        layers = OpenVinoLayers(network.arrays, passes_of(network.arguments))
        taken = self._openvino.opset13.parameter(list(pictures.shape), self._openvino.Type.u8, "pictures")
        answer = draw_network(layers, taken, network.name, network.characters, network.arguments)
        queue = self._queue(answer, taken)
        scores = np.empty((len(pictures), network.characters), np.float32)
        queue.set_callback(lambda request, _: np.copyto(scores, request.get_output_tensor(0).data))

        def run(count: int) -> NDArray[np.float32]:
            for _ in range(count):
                queue.start_async([pictures])
            queue.wait_all()
            return scores

        return run

    def product(self, side: int) -> Callable[[int], object]:
        """Give what multiplies a matrix by a constant one, as many times at once as pictures are scored."""
        opset13 = self._openvino.opset13
        taken = opset13.parameter([side, side], self._openvino.Type.f32, "matrix")
        queue = self._queue(opset13.matmul(taken, _matrix(side), False, False), taken)
        matrix = _matrix(side)

        def run(count: int) -> None:
            for _ in range(count):
                queue.start_async([matrix])
            queue.wait_all()

        return run

    def _queue(self, answer: Any, taken: Any) -> Any:
        model = self._openvino.Model([answer], [taken], "measured")
        settings = {"PERFORMANCE_HINT": "THROUGHPUT", **self._precision}
        compiled = self._openvino.Core().compile_model(model, "CPU", settings)
        found = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        if found != self._precision.get("INFERENCE_PRECISION_HINT", found):
            raise SetupError(f"this processor calculates in {found} instead")
        return self._openvino.AsyncInferQueue(compiled)


class KerasRuntime:
    """Keras on the backend that it was started with, compiled for one batch size where the backend can."""

    def __init__(self, precision: str) -> None:
        import keras

        self._keras, self._precision = keras, precision
        self._backend = keras.backend.backend()
        self.device, on_gpu = _BACKEND_DEVICES[self._backend]()
        self.matrix_side = 8192 if on_gpu else 2048
        keras.config.set_image_data_format("channels_last")
        keras.config.set_dtype_policy(_POLICIES[precision])

    def prepare(self, network: Network, pictures: NDArray[np.uint8], ahead: int) -> Run:
        """Make a network ready; pictures go to the device as uint8 each time."""
        from vidtag.predictors.weights import set_network_arrays

        passes = passes_of(network.arguments)
        built = build_network_in_use(network.name, network.input_size, network.characters, network.arguments, passes)
        set_network_arrays(built, network.arrays)
        start = _BACKEND_CALLS[self._backend](built, pictures.shape)

        def run(count: int) -> NDArray[np.float32]:
            under_way, scores = deque[Any](), None
            for _ in range(count):
                under_way.append(start(pictures))
                if len(under_way) > ahead:
                    scores = self._keras.ops.convert_to_numpy(under_way.popleft())
            while under_way:
                scores = self._keras.ops.convert_to_numpy(under_way.popleft())
            return np.asarray(scores, np.float32)

        return run

    def product(self, side: int) -> Callable[[int], object]:
        """Give what multiplies a matrix by another again and again on the device."""
        ops = self._keras.ops
        first, other = (ops.convert_to_tensor(_matrix(side), dtype=self._precision) for _ in range(2))

        def run(count: int) -> object:
            product = first
            for _ in range(count):
                product = ops.matmul(product, other)
            return ops.convert_to_numpy(ops.cast(product[0, 0], "float32"))

        return run


class OwnRuntime:
    """The predictor that vidtag itself would take for a bundle, with its own precision and its own threads.

    Its limit is that of the runtime beneath it, which may choose its precision.
    """

    def __init__(self) -> None:
        from vidtag.predictors.backends import choose_backend

        backend = choose_backend("auto")
        self._beneath: Runtime = OpenVinoRuntime(OWN) if backend == OPENVINO else KerasRuntime("float32")
        self.device, self.matrix_side = f"{backend}, {self._beneath.device}", self._beneath.matrix_side
        self.product = self._beneath.product

    def prepare(self, network: Network, pictures: NDArray[np.uint8], ahead: int) -> Run:
        """Make the bundle ready as `vidtag analyze` does."""
        from vidtag.predictors.base import load_predictor
        from vidtag.records.bundles import find_bundle

        predictor = load_predictor(find_bundle(network.source), batch_size=len(pictures))
        return lambda count: [predictor(pictures) for _ in range(count)][-1]


def _tensorflow_device() -> tuple[str, bool]:
    from vidtag.predictors.tensorflow import prepare_tensorflow

    config = prepare_tensorflow().config
    gpus = config.list_physical_devices("GPU")
    return (config.experimental.get_device_details(gpus[0]).get("device_name", "gpu") if gpus else "cpu"), bool(gpus)


def _jax_device() -> tuple[str, bool]:
    import jax

    device = jax.devices()[0]
    return str(device.device_kind), device.platform != "cpu"


def _torch_device() -> tuple[str, bool]:
    import torch

    there = torch.cuda.is_available()
    return (torch.cuda.get_device_name(0) if there else "cpu"), there


def _tensorflow_call(network: Any, shape: tuple[int, ...]) -> Callable[[NDArray[np.uint8]], Any]:
    import tensorflow

    form = tensorflow.TensorSpec(shape, tensorflow.uint8)
    return tensorflow.function(lambda pictures: network(pictures, training=False), input_signature=[form])


def _jax_call(network: Any, shape: tuple[int, ...]) -> Callable[[NDArray[np.uint8]], Any]:
    import jax

    learned = [variable.value for variable in network.trainable_variables]
    kept = [variable.value for variable in network.non_trainable_variables]
    return jax.jit(lambda pictures: network.stateless_call(learned, kept, pictures, training=False)[0])


def _torch_call(network: Any, shape: tuple[int, ...]) -> Callable[[NDArray[np.uint8]], Any]:
    import torch

    def call(pictures: NDArray[np.uint8]) -> Any:
        with torch.inference_mode():
            return network(pictures, training=False)

    return call


_BACKEND_DEVICES = {"tensorflow": _tensorflow_device, "jax": _jax_device, "torch": _torch_device}
_BACKEND_CALLS = {"tensorflow": _tensorflow_call, "jax": _jax_call, "torch": _torch_call}


def _matrix(side: int) -> NDArray[np.float32]:
    """Give a (side, side) matrix whose powers stay of one size."""
    return (np.random.default_rng(1).standard_normal((side, side)) / np.sqrt(side)).astype(np.float32)
