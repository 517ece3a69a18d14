"""Layers of OpenVINO, filled with a bundle's weights: neither Keras nor TensorFlow is imported.

Between layers maps lie as (n, channels, rows, columns), which is what OpenVINO's own kernels want.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import ShapeError
from vidtag.predictors.layers import EPSILON
from vidtag.predictors.quietopenvino import quiet_openvino
from vidtag.predictors.thinning import thinning_masks

Floats = NDArray[np.float32]


class OpenVinoLayers:
    """`Layers` of OpenVINO nodes.

    Args:
        arrays: the weights by name, in Keras' layout; float16 ones are calculated with in float32.
        passes: times that every picture is scored with dropout, 0 for once and without.

    Attributes:
        made: the node of each layer by its name.
        unused: names of the weights that no layer has taken yet.
        thinned: whether there was a dropout layer whose passes are to be averaged.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], passes: int = 0) -> None:
        self._ops, self._arrays, self._passes = quiet_openvino().opset13, arrays, passes
        self.made: dict[str, Any] = {}
        self.unused = set(arrays)
        self.thinned = False

    def rescaling(self, x: Any, factor: float, offset: tuple[float, ...], name: str) -> Any:
        """Give x * factor + offset; uint8 pictures become maps."""
        ops = self._ops
        if x.get_element_type().is_integral():
            x = ops.transpose(ops.convert(x, "f32"), np.array([0, 3, 1, 2]))
        scaled = ops.multiply(x, np.float32(factor))
        return self._keep(ops.add(scaled, np.array(offset, np.float32).reshape(1, -1, 1, 1)), name)

    def padding(self, x: Any, name: str) -> Any:
        """Add a row of zeros below and a column right of maps."""
        begin, end = np.zeros(4, np.int64), np.array([0, 0, 1, 1])
        return self._keep(self._ops.pad(x, begin, end, "constant", np.float32(0)), name)

    def convolution(
        self,
        x: Any,
        channels: int,
        kernel: int,
        name: str,
        *,
        step: int = 1,
        same: bool = True,
        bias: float | None = 0.0,
        decay: float = 0.0,
        exact: bool = False,
        learns: bool = True,
    ) -> Any:
        """Convolve maps."""
        weights = self._take(f"{name}/kernel", (kernel, kernel, int(x.shape[1]), channels))
        kernels = self._kernels(x, np.ascontiguousarray(weights.transpose(3, 2, 0, 1)), exact)
        pads, padding = [0, 0], "same_upper" if same else "valid"
        convolved = self._ops.convolution(x, kernels, [step, step], pads, pads, [1, 1], padding)
        if bias is not None:
            convolved = self._ops.add(convolved, self._take(f"{name}/bias", (channels,)).reshape(1, -1, 1, 1))
        return self._keep(convolved, name)

    def depthwise(self, x: Any, kernel: int, name: str, *, step: int = 1, same: bool = True) -> Any:
        """Convolve each channel of maps with a kernel of its own."""
        weights = self._take(f"{name}/kernel", (kernel, kernel, int(x.shape[1]), 1))
        grouped = self._kernels(x, np.ascontiguousarray(weights.transpose(2, 3, 0, 1)[:, np.newaxis]), exact=True)
        pads, padding = [0, 0], "same_upper" if same else "valid"
        convolved = self._ops.group_convolution(x, grouped, [step, step], pads, pads, [1, 1], padding)
        return self._keep(convolved, name)

    def normalization(self, x: Any, name: str, *, momentum: float = 0.99) -> Any:
        """Normalise each channel by the running mean and variance."""
        parts = ("gamma", "beta", "moving_mean", "moving_variance")
        gamma, beta, mean, variance = (self._take(f"{name}/{part}", (int(x.shape[1]),)) for part in parts)
        factor = gamma / np.sqrt(variance + np.float32(EPSILON))
        shape = (1, -1, *(1 for _ in x.shape[2:]))
        scaled = self._ops.multiply(x, factor.reshape(shape))
        return self._keep(self._ops.add(scaled, (beta - mean * factor).reshape(shape)), name)

    def relu(self, x: Any, name: str, *, ceiling: float | None = None) -> Any:
        """Give max(x, 0), cut at a ceiling."""
        return self._keep(self._ops.relu(x) if ceiling is None else self._ops.clamp(x, 0.0, ceiling), name)

    def dropout(self, x: Any, share: float, name: str, *, whole_maps: bool = False) -> Any:
        """Give x itself, or leave out each pass's share of it."""
        if not self._passes:
            return self._keep(x, name)
        shape = tuple(int(side) for side in x.shape[1:])
        if not self.thinned:
            x = self._ops.tile(self._ops.unsqueeze(x, np.int64(1)), np.array([1, self._passes, *(1 for _ in shape)]))
            self.thinned = True
        else:
            x = self._ops.reshape(x, np.array([-1, self._passes, *shape]), False)
        keras_shape = (*shape[1:], shape[0])
        masks = np.moveaxis(thinning_masks(self._passes, keras_shape, share, name, whole_maps), -1, 1)
        thinned = self._ops.multiply(x, np.ascontiguousarray(masks[np.newaxis]))
        return self._keep(self._ops.reshape(thinned, np.array([-1, *shape]), False), name)

    def passes_mean(self, x: Any, name: str) -> Any:
        """Give the mean over the passes of vectors that dropout made several of."""
        split = self._ops.reshape(x, np.array([-1, self._passes, int(x.shape[1])]), False)
        return self._keep(self._ops.reduce_mean(split, np.array([1]), False), name)

    def halving(self, x: Any, name: str) -> Any:
        """Give the maximum of each 2x2 cells."""
        pooled = self._ops.max_pool(x, [2, 2], [1, 1], [0, 0], [0, 0], [2, 2], "floor", "valid")
        return self._keep(pooled.output(0), name)

    def flattening(self, x: Any, name: str) -> Any:
        """Give maps as vectors, in the order that Keras has."""
        rows_first = self._ops.transpose(x, np.array([0, 2, 3, 1]))
        size = int(np.prod([int(side) for side in x.shape[1:]]))
        return self._keep(self._ops.reshape(rows_first, np.array([-1, size]), False), name)

    def dense(self, x: Any, units: int, name: str, *, decay: float = 0.0, exact: bool = False) -> Any:
        """Give weighted sums of vectors."""
        weights = self._take(f"{name}/kernel", (int(x.shape[1]), units))
        summed = self._ops.matmul(x, weights, False, False)
        return self._keep(self._ops.add(summed, self._take(f"{name}/bias", (units,)).reshape(1, -1)), name)

    def addition(self, x: Any, y: Any, name: str) -> Any:
        """Give x + y."""
        return self._keep(self._ops.add(x, y), name)

    def highest(self, x: Any, name: str) -> Any:
        """Give the highest value of each map."""
        return self._keep(self._ops.reduce_max(x, np.array([2, 3]), False), name)

    def smoothly_highest(self, x: Any, sharpness: float, name: str) -> Any:
        """Give the smooth maximum of each map, without overflow: what lies below the highest value is added to it."""
        ops, axes = self._ops, np.array([2, 3])
        top = ops.reduce_max(x, axes, True)
        below = ops.exp(ops.multiply(ops.subtract(x, top), np.float32(sharpness)))
        rest = ops.divide(ops.log(ops.reduce_mean(below, axes, False)), np.float32(sharpness))
        return self._keep(ops.add(ops.squeeze(top, axes), rest), name)

    def sigmoid(self, x: Any, name: str) -> Any:
        """Give 1 / (1 + exp(-x))."""
        return self._keep(self._ops.sigmoid(x), name)

    def softmax(self, x: Any, name: str) -> Any:
        """Give the shares of the exponentials."""
        return self._keep(self._ops.softmax(x, 1), name)

    def rows_first(self, name: str) -> Any:
        """Give a layer's maps as (n, rows, columns, channels)."""
        return self._ops.transpose(self.made[name], np.array([0, 2, 3, 1]))

    def _kernels(self, x: Any, kernels: Floats, exact: bool) -> Any:
        """Give the node of a convolution's (outputs, …) kernels for maps `x`."""
        return self._ops.constant(kernels)

    def _keep(self, node: Any, name: str) -> Any:
        self.made[name] = node
        return node

    def _take(self, name: str, shape: tuple[int, ...]) -> Floats:
        """Give a weight and note that it was taken.

        Raises:
            ShapeError: it is missing, of another shape, or not finite.
        """
        if name not in self._arrays:
            raise ShapeError(f"weights do not fit the network: {name} is missing")
        array = self._arrays[name]
        self.unused.discard(name)
        if array.shape != shape:
            raise ShapeError(f"weights do not fit the network: {name} is {array.shape}, expected {shape}")
        if array.dtype.kind != "f" or not np.isfinite(array).all():
            raise ShapeError(f"weights do not fit the network: {name} holds values that are not finite floats")
        return array.astype(np.float32)
