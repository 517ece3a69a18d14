"""Counts what a network calculates: its own drawing function is run with layers that only know shapes.

Neither Keras nor any runtime is imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vidtag.predictors.networks import draw_network, passes_of

Shape = tuple[int, ...]
OPERATIONS_OF_A_MULTIPLY_ADD = 2


@dataclass
class CountingLayers:
    """`Layers` of shapes, for one picture: (rows, columns, channels) of maps and (channels,) of vectors.

    Counted are the multiply-adds of convolutions and dense layers, as they are drawn: what is added for a kernel at
    the edge, where it lies on zeros, counts as well, as runtimes calculate it. All else is less than a hundredth.

    Attributes:
        passes: times that every picture is scored with dropout, 0 for once and without.
        multiply_adds: of one picture, by the layer's name.
        weights: shape of each weight by its name, as bundles hold them.
        thinned: whether there was a dropout layer whose passes are to be averaged.
    """

    passes: int = 0
    multiply_adds: dict[str, int] = field(default_factory=dict)
    weights: dict[str, Shape] = field(default_factory=dict)
    thinned: bool = False

    @property
    def operations(self) -> int:
        """Multiplications and additions of one picture, two for each multiply-add."""
        return OPERATIONS_OF_A_MULTIPLY_ADD * sum(self.multiply_adds.values())

    def rescaling(self, x: Shape, factor: float, offset: tuple[float, ...], name: str) -> Shape:
        return x

    def padding(self, x: Shape, name: str) -> Shape:
        return x[0] + 1, x[1] + 1, x[2]

    def convolution(
        self, x: Shape, channels: int, kernel: int, name: str, *, step: int = 1, same: bool = True, **other: Any
    ) -> Shape:
        rows, columns = (_cells(side, kernel, step, same) for side in x[:2])
        self._take(f"{name}/kernel", (kernel, kernel, x[2], channels))
        if other.get("bias", 0.0) is not None:
            self._take(f"{name}/bias", (channels,))
        self._count(name, rows * columns * channels * kernel * kernel * x[2])
        return rows, columns, channels

    def depthwise(self, x: Shape, kernel: int, name: str, *, step: int = 1, same: bool = True) -> Shape:
        rows, columns = (_cells(side, kernel, step, same) for side in x[:2])
        self._take(f"{name}/kernel", (kernel, kernel, x[2], 1))
        self._count(name, rows * columns * x[2] * kernel * kernel)
        return rows, columns, x[2]

    def normalization(self, x: Shape, name: str, *, momentum: float = 0.99) -> Shape:
        for part in ("gamma", "beta", "moving_mean", "moving_variance"):
            self._take(f"{name}/{part}", x[-1:])
        return x

    def relu(self, x: Shape, name: str, *, ceiling: float | None = None) -> Shape:
        return x

    def dropout(self, x: Shape, share: float, name: str, *, whole_maps: bool = False) -> Shape:
        self.thinned = self.thinned or self.passes > 0
        return x

    def halving(self, x: Shape, name: str) -> Shape:
        return x[0] // 2, x[1] // 2, x[2]

    def flattening(self, x: Shape, name: str) -> Shape:
        return (x[0] * x[1] * x[2],)

    def dense(self, x: Shape, units: int, name: str, **other: Any) -> Shape:
        self._take(f"{name}/kernel", (x[0], units))
        self._take(f"{name}/bias", (units,))
        self._count(name, x[0] * units)
        return (units,)

    def addition(self, x: Shape, y: Shape, name: str) -> Shape:
        return x

    def highest(self, x: Shape, name: str) -> Shape:
        return x[2:]

    def smoothly_highest(self, x: Shape, sharpness: float, name: str) -> Shape:
        return x[2:]

    def passes_mean(self, x: Shape, name: str) -> Shape:
        return x

    def sigmoid(self, x: Shape, name: str) -> Shape:
        return x

    def softmax(self, x: Shape, name: str) -> Shape:
        return x

    def _take(self, name: str, shape: Shape) -> None:
        self.weights[name] = shape

    def _count(self, name: str, multiply_adds: int) -> None:
        """Note a layer; from the first dropout on, each of the passes calculates it."""
        self.multiply_adds[name] = multiply_adds * (self.passes if self.thinned else 1)


def counted(network: str, input_size: tuple[int, int], characters: int, arguments: Mapping[str, Any]) -> CountingLayers:
    """Count a network as it is used.

    Args:
        network: a key of `vidtag.predictors.networks.NETWORKS`.
        input_size: (height, width) in px.
        characters: columns of the answer.
        arguments: what the network is built with.

    Raises:
        OptionError: an unknown name or argument, or a value outside its range.
    """
    layers = CountingLayers(passes_of(arguments))
    draw_network(layers, (*input_size, 3), network, characters, arguments)  # type: ignore[arg-type]
    return layers


def random_weights(shapes: Mapping[str, Shape]) -> dict[str, np.ndarray]:
    """Give float32 arrays of some shapes by name, such that the values in the network stay of one size."""
    rng, arrays = np.random.default_rng(1), {}
    for name, shape in shapes.items():
        if name.endswith("/kernel"):
            inputs = np.prod(shape[:-1]) if shape[-1] > 1 else np.prod(shape[:2])
            arrays[name] = rng.normal(0, np.sqrt(2 / inputs), shape).astype(np.float32)
        else:
            ones = name.endswith(("/gamma", "/moving_variance"))
            arrays[name] = np.full(shape, 1.0 if ones else 0.0, np.float32)
    return arrays


def _cells(side: int, kernel: int, step: int, same: bool) -> int:
    """Say how many kernels fit along a side of so many cells."""
    return -(-side // step) if same else (side - kernel) // step + 1
