"""Runs a bundle's network with OpenVINO on the CPU. Imports neither TensorFlow nor Keras, so it starts in no time."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import BundleError, OptionError, ShapeError
from vidtag.options import BFLOAT16, FLOAT32, INT8
from vidtag.predictors.compiled import SCORES, Compiled
from vidtag.predictors.eightbit import EightBitLayers
from vidtag.predictors.networks import draw_network, passes_of
from vidtag.predictors.openvinolayers import OpenVinoLayers
from vidtag.predictors.quietopenvino import quiet_openvino
from vidtag.records.bundles import ModelBundle, read_weights

Result = TypeVar("Result")

# Left alone, OpenVINO calculates in bfloat16 where the processor can, and its scores differ in the first digit.
# In 8 bits, too, what is not marked for it shall stay in float32.
_HINTS: Mapping[str, str] = {FLOAT32: "f32", BFLOAT16: "bf16", INT8: "f32"}


def compile_for_openvino(
    bundle: ModelBundle, batch_size: int, layer: str, precision: str = FLOAT32, threads: int = 0
) -> Compiled:
    """Make a bundle's network ready to run, a picture at a time on each core.

    Args:
        bundle: what to load.
        batch_size: not used: larger batches were no quicker, and slower on a busy machine.
        layer: what it gives, `scores` or `maps`.
        precision: float32, bfloat16 or int8.
        threads: that run at once, 0 for one a core.

    Raises:
        BundleError: network, arguments or weights do not fit together, or there are no maps.
        OptionError: the runtime, the processor or the network cannot be calculated in that precision.
    """
    if precision not in _HINTS:
        raise OptionError(
            f"OpenVINO does not calculate in {precision} here; {', '.join(_HINTS)} work, or --backend tensorflow"
        )
    if precision == BFLOAT16 and "BF16" not in capabilities():
        raise OptionError(f"this processor does not calculate in bfloat16; --precision {FLOAT32} and {INT8} work")
    model = _build_model(bundle, layer, precision)
    # THROUGHPUT lets every core score pictures of its own, so that none waits for one that ffmpeg keeps busy.
    settings: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": _HINTS[precision]}
    compiled = compile_model(model, settings | ({"INFERENCE_NUM_THREADS": threads} if threads else {}))
    shape = tuple(compiled.output(0).shape)[1:]
    queue = quiet_openvino().AsyncInferQueue(compiled)

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = np.empty((len(pictures), *shape), np.float32)

        def keep(request: Any, row: int) -> None:
            rows[row] = request.get_output_tensor(0).data[0]

        queue.set_callback(keep)
        for row in range(len(pictures)):
            queue.start_async([pictures[row : row + 1]], row)
        queue.wait_all()
        return rows

    return Compiled("openvino-cpu" if precision == FLOAT32 else f"openvino-cpu-{precision}", run)


def capabilities() -> list[str]:
    """List what the processor calculates in, as OpenVINO calls it."""
    return _in_a_thread(lambda: list(quiet_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")))


def compile_model(model: Any, settings: Mapping[str, Any]) -> Any:
    """Compile an `openvino.Model` for the CPU."""
    return _in_a_thread(lambda: quiet_openvino().Core().compile_model(model, "CPU", settings))


def _in_a_thread(work: Callable[[], Result]) -> Result:
    """Load OpenVINO's CPU plugin in a thread that ends at once.

    The plugin gives the thread that loads it another stack for signals, and takes its memory back with the last
    network: whichever thread drops that. A signal that came to the main thread after would end in a segmentation fault.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _build_model(bundle: ModelBundle, layer: str, precision: str) -> Any:
    """Draw the network for one picture, filled with the bundle's weights."""
    layers: OpenVinoLayers
    try:
        passes = passes_of(bundle.arguments) if layer == SCORES else 0
        if precision != INT8:
            return _draw_model(bundle, layer, OpenVinoLayers(read_weights(bundle), passes))
        layers = EightBitLayers(read_weights(bundle), passes)
        model = _draw_model(bundle, layer, layers)
    except (OptionError, ShapeError) as error:
        raise BundleError(f"model {bundle.name!r}: {error}") from None
    if not layers.activations_marked:
        raise OptionError(
            f"the network {bundle.network} cannot be calculated in 8 bits: the range of its activations is not fixed; "
            f"leave --precision {INT8} out"
        )
    return model


def _draw_model(bundle: ModelBundle, layer: str, layers: OpenVinoLayers) -> Any:
    openvino = quiet_openvino()
    pictures = openvino.opset13.parameter([1, *bundle.input_size, 3], openvino.Type.u8, "pictures")
    answer = draw_network(layers, pictures, bundle.network, len(bundle.cast), bundle.arguments)
    for name in sorted(layers.unused):
        raise ShapeError(f"weights do not fit the network: {name} is not part of it")
    if layer != SCORES:
        answer = layers.rows_first(layer)
    return openvino.Model([answer], [pictures], bundle.name)
