"""Runs a bundle's network with OpenVINO on the CPU. Imports neither TensorFlow nor Keras, so it starts in no time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import BundleError, OptionError, ShapeError
from vidtag.predictors.compiled import SCORES, Compiled
from vidtag.predictors.networks import draw_network, passes_of
from vidtag.predictors.openvinolayers import OpenVinoLayers
from vidtag.records.bundles import ModelBundle, read_weights

# Left alone, OpenVINO calculates in bfloat16 where the processor can, and its scores differ in the second digit.
# THROUGHPUT lets every core score pictures of its own, so that none waits for one that ffmpeg keeps busy.
_SETTINGS = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": "f32"}


def compile_for_openvino(bundle: ModelBundle, batch_size: int, layer: str) -> Compiled:
    """Make a bundle's network ready to run, in float32, a picture at a time on each core.

    Args:
        bundle: what to load.
        batch_size: not used: larger batches were no quicker, and slower on a busy machine.
        layer: what it gives, `scores` or `maps`.

    Raises:
        BundleError: network, arguments or weights do not fit together, or there are no maps.
    """
    import openvino

    try:
        model = _build_model(bundle, layer)
    except (OptionError, ShapeError) as error:
        raise BundleError(f"model {bundle.name!r}: {error}") from None
    compiled = openvino.Core().compile_model(model, "CPU", _SETTINGS)
    shape = tuple(compiled.output(0).shape)[1:]
    queue = openvino.AsyncInferQueue(compiled)

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = np.empty((len(pictures), *shape), np.float32)

        def keep(request: Any, row: int) -> None:
            rows[row] = request.get_output_tensor(0).data[0]

        queue.set_callback(keep)
        for row in range(len(pictures)):
            queue.start_async([pictures[row : row + 1]], row)
        queue.wait_all()
        return rows

    return Compiled("openvino-cpu", run)


def _build_model(bundle: ModelBundle, layer: str) -> Any:
    """Draw the network for one picture, filled with the bundle's weights."""
    import openvino
    from openvino import opset13

    passes = passes_of(bundle.arguments) if layer == SCORES else 0
    layers = OpenVinoLayers(read_weights(bundle), passes)
    pictures = opset13.parameter([1, *bundle.input_size, 3], openvino.Type.u8, "pictures")
    answer = draw_network(layers, pictures, bundle.network, len(bundle.cast), bundle.arguments)
    for name in sorted(layers.unused):
        raise ShapeError(f"weights do not fit the network: {name} is not part of it")
    if layer != SCORES:
        answer = layers.rows_first(layer)
    return openvino.Model([answer], [pictures], bundle.name)
