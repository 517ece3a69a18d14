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
_SETTINGS = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}


def compile_for_openvino(bundle: ModelBundle, batch_size: int, layer: str) -> Compiled:
    """Make a bundle's network ready to run, in float32.

    Args:
        bundle: what to load.
        batch_size: pictures that the network sees at once, >= 1.
        layer: what it gives, `scores` or `maps`.

    Raises:
        BundleError: network, arguments or weights do not fit together, or there are no maps.
    """
    import openvino

    try:
        model = _build_model(bundle, batch_size, layer)
    except (OptionError, ShapeError) as error:
        raise BundleError(f"model {bundle.name!r}: {error}") from None
    request = openvino.Core().compile_model(model, "CPU", _SETTINGS).create_infer_request()

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        request.infer([pictures])
        return np.array(request.get_output_tensor(0).data, np.float32)

    return Compiled("openvino-cpu", batch_size, run)


def _build_model(bundle: ModelBundle, batch_size: int, layer: str) -> Any:
    import openvino
    from openvino import opset13

    passes = passes_of(bundle.arguments) if layer == SCORES else 0
    layers = OpenVinoLayers(read_weights(bundle), passes)
    pictures = opset13.parameter([batch_size, *bundle.input_size, 3], openvino.Type.u8, "pictures")
    answer = draw_network(layers, pictures, bundle.network, len(bundle.cast), bundle.arguments)
    for name in sorted(layers.unused):
        raise ShapeError(f"weights do not fit the network: {name} is not part of it")
    if layer != SCORES:
        answer = layers.rows_first(layer)
    return openvino.Model([answer], [pictures], bundle.name)
