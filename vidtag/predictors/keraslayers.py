"""Layers of Keras 3, in `keras.layers` and `keras.ops` only, so that networks run and learn on every Keras backend."""

import math
from typing import Any

from vidtag.predictors.layers import EPSILON
from vidtag.predictors.thinning import thinning_masks


class KerasLayers:
    """`Layers` of symbolic Keras tensors. Making the first one imports Keras, which costs seconds.

    Args:
        passes: times that every picture is scored with dropout, 0 for a network that learns.

    Attributes:
        thinned: whether there was a dropout layer whose passes are to be averaged.
    """

    def __init__(self, passes: int = 0) -> None:
        import keras

        self._keras, self._layers, self._passes = keras, keras.layers, passes
        self.thinned = False

    def rescaling(self, x: Any, factor: float, offset: tuple[float, ...], name: str) -> Any:
        """Give x * factor + offset."""
        return self._layers.Rescaling(factor, offset[0] if len(offset) == 1 else list(offset), name=name)(x)

    def padding(self, x: Any, name: str) -> Any:
        """Add a row of zeros below and a column right of maps."""
        return self._layers.ZeroPadding2D(((0, 1), (0, 1)), name=name)(x)

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
        return self._layers.Conv2D(
            channels,
            kernel,
            strides=step,
            padding="same" if same else "valid",
            use_bias=bias is not None,
            bias_initializer=self._keras.initializers.Constant(bias or 0.0),
            kernel_regularizer=self._decay(decay),
            dtype="float32" if exact else None,
            trainable=learns,
            name=name,
        )(x)

    def depthwise(self, x: Any, kernel: int, name: str, *, step: int = 1, same: bool = True) -> Any:
        """Convolve each channel of maps with a kernel of its own."""
        padding = "same" if same else "valid"
        return self._layers.DepthwiseConv2D(kernel, strides=step, padding=padding, use_bias=False, name=name)(x)

    def normalization(self, x: Any, name: str, *, momentum: float = 0.99) -> Any:
        """Normalise each channel."""
        return self._layers.BatchNormalization(momentum=momentum, epsilon=EPSILON, name=name)(x)

    def relu(self, x: Any, name: str, *, ceiling: float | None = None) -> Any:
        """Give max(x, 0), cut at a ceiling."""
        return self._layers.ReLU(ceiling, name=name)(x)

    def dropout(self, x: Any, share: float, name: str, *, whole_maps: bool = False) -> Any:
        """Drop a share of the values while learning, or leave out each pass's share."""
        if self._passes:
            return self._thinned(x, share, name, whole_maps)
        return (self._layers.SpatialDropout2D if whole_maps else self._layers.Dropout)(share, name=name)(x)

    def halving(self, x: Any, name: str) -> Any:
        """Give the maximum of each 2x2 cells."""
        return self._layers.MaxPooling2D(2, name=name)(x)

    def flattening(self, x: Any, name: str) -> Any:
        """Give maps as vectors."""
        return self._layers.Flatten(name=name)(x)

    def dense(self, x: Any, units: int, name: str, *, decay: float = 0.0, exact: bool = False) -> Any:
        """Give weighted sums of vectors."""
        dtype = "float32" if exact else None
        return self._layers.Dense(units, kernel_regularizer=self._decay(decay), dtype=dtype, name=name)(x)

    def addition(self, x: Any, y: Any, name: str) -> Any:
        """Give x + y."""
        return self._layers.Add(name=name)([x, y])

    def highest(self, x: Any, name: str) -> Any:
        """Give the highest value of each map."""
        return self._layers.GlobalMaxPooling2D(name=name, dtype="float32")(x)

    def smoothly_highest(self, x: Any, sharpness: float, name: str) -> Any:
        """Give the smooth maximum of each map."""
        cells = int(x.shape[1]) * int(x.shape[2])
        summed = self._keras.ops.logsumexp(x * sharpness, axis=(1, 2))
        return self._layers.Identity(name=name, dtype="float32")((summed - math.log(cells)) / sharpness)

    def passes_mean(self, x: Any, name: str) -> Any:
        """Give the mean over the passes."""
        split = self._keras.ops.reshape(x, (-1, self._passes, int(x.shape[1])))
        return self._layers.Identity(name=name, dtype="float32")(self._keras.ops.mean(split, axis=1))

    def sigmoid(self, x: Any, name: str) -> Any:
        """Give 1 / (1 + exp(-x))."""
        return self._layers.Activation("sigmoid", name=name, dtype="float32")(x)

    def softmax(self, x: Any, name: str) -> Any:
        """Give the shares of the exponentials."""
        return self._layers.Activation("softmax", name=name, dtype="float32")(x)

    def _thinned(self, x: Any, share: float, name: str, whole_maps: bool) -> Any:
        ops, shape = self._keras.ops, tuple(int(side) for side in x.shape[1:])
        if not self.thinned:
            x = ops.repeat(x, self._passes, axis=0)
            self.thinned = True
        masks = thinning_masks(self._passes, shape, share, name, whole_maps)
        return ops.reshape(ops.reshape(x, (-1, self._passes, *shape)) * masks, (-1, *shape))

    def _decay(self, share: float) -> Any:
        return self._keras.regularizers.L2(share) if share else None
