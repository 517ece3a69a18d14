"""Layers of OpenVINO that calculate with 8 bits where the range of what flows between them is fixed.

An activation with a ceiling, such as ReLU6, needs no pictures to learn its range from: even steps from 0 to the
ceiling. Kernels take even steps either side of 0, for each output channel up to its largest weight. Normalisation only
scales and shifts what comes out, so it stays as it is. OpenVINO finds the marked places and uses its 8-bit kernels
there (see its low precision transformations); everything else stays in float32, and so do depthwise kernels: there is
little to calculate in them, and rounding them costs most.

Processors without instructions of their own for this (VNNI) add the products of two neighbours in 16 bits, which
overflow without a word. So kernels only go so far that two products always fit. Activations get all of their steps, as
most of them are small beside the ceiling.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.predictors.openvinolayers import Floats, OpenVinoLayers

_ACTIVATION_STEPS, _KERNEL_STEPS = 256, 255  # in the whole of 8 bits
_MOST_KERNEL = 64  # of 127 that is used: 2 * 255 * 64 < 2**15
_KERNEL_ROOM = 127 / _MOST_KERNEL


class EightBitLayers(OpenVinoLayers):
    """`OpenVinoLayers` with 8-bit activations and kernels.

    Attributes:
        activations_marked: how many activations have a fixed range; without any, 8 bits make no sense.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], passes: int = 0) -> None:
        super().__init__(arrays, passes)
        self.activations_marked = 0
        self._marked: list[Any] = []  # nodes whose values lie on even steps

    def rescaling(self, x: Any, factor: float, offset: tuple[float, ...], name: str) -> Any:
        """Give x * factor + offset; the 256 values of a picture come to lie on even steps."""
        scaled = super().rescaling(x, factor, offset, name)
        if not x.get_element_type().is_integral() or len(offset) > 1:
            return scaled
        return self._mark(scaled, offset[0], 255 * factor + offset[0], name)

    def padding(self, x: Any, name: str) -> Any:
        """Add a row of zeros below and a column right of maps."""
        padded = super().padding(x, name)
        if self._is_marked(x):
            self._marked.append(padded)
        return padded

    def relu(self, x: Any, name: str, *, ceiling: float | None = None) -> Any:
        """Give max(x, 0), cut at a ceiling and then rounded to the nearest step."""
        y = super().relu(x, name, ceiling=ceiling)
        if ceiling is None:
            return y
        self.activations_marked += 1
        return self._mark(y, 0.0, ceiling, name)

    def _mark(self, x: Any, lowest: float, highest: float, name: str) -> Any:
        low, high = np.float32(lowest), np.float32(highest)
        stepped = self._ops.fake_quantize(x, low, high, low, high, _ACTIVATION_STEPS)
        self._marked.append(stepped)
        return self._keep(stepped, name)

    def _is_marked(self, x: Any) -> bool:
        return any(x is node for node in self._marked)

    def _kernels(self, x: Any, kernels: Floats, exact: bool) -> Any:
        """Round the (outputs, …) kernels to steps, unless they are wanted exact or their maps are not on steps."""
        constant = super()._kernels(x, kernels, exact)
        if exact or not self._is_marked(x):
            return constant
        largest = np.abs(kernels).reshape(len(kernels), -1).max(axis=1)
        high = np.float32(_KERNEL_ROOM) * np.maximum(largest, np.finfo(np.float32).tiny).reshape(
            -1, *(1 for _ in kernels.shape[1:])
        )
        return self._ops.fake_quantize(constant, -high, high, -high, high, _KERNEL_STEPS)
