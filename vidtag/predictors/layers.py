"""The layers that networks are drawn with: one form, which every runtime fills in its own way.

A network is a function that calls these methods; drawn with `KerasLayers` it is a `keras.Model` that can learn, drawn
with `OpenVinoLayers` the same function gives what OpenVINO runs, without Keras or TensorFlow being imported.
"""

from typing import Any, Protocol

from vidtag.errors import OptionError

EPSILON = 1e-3  # what normalisation adds to a variance before its root is taken


class Layers(Protocol):
    """Makes layers; what they take and give is the runtime's own kind of value, `x`, float32 unless said otherwise.

    Maps are (n, rows, columns, channels), vectors (n, channels). Weights are called `NAME/kernel`, `NAME/bias` and so
    on after the layer's name. Regularisation counts while learning only, and so does dropout, unless the runtime was
    told to score every picture in several thinned passes.
    """

    @property
    def thinned(self) -> bool:
        """Whether a dropout layer made several passes of every picture, which `passes_mean` makes one again."""

    def rescaling(self, x: Any, factor: float, offset: tuple[float, ...], name: str) -> Any:
        """Give x * factor + offset; one offset for all channels or one each. Takes uint8 as well."""

    def padding(self, x: Any, name: str) -> Any:
        """Add a row of zeros below and a column right of maps."""

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
        """Convolve maps with `channels` square kernels.

        Args:
            x: (n, rows, columns, inputs) maps.
            channels: of the answer.
            kernel: side of the kernels in cells.
            name: of the layer.
            step: cells between neighbouring answers; above 1 only where `same` is not wanted.
            same: whether the maps keep their size, zeros around them; else only whole kernels count.
            bias: value that biases start from, or None for a layer without.
            decay: share of the kernels' squared sum that is added to the loss (L2).
            exact: whether it is calculated in float32 where the others learn in half precision.
            learns: whether training changes the weights.
        """

    def depthwise(self, x: Any, kernel: int, name: str, *, step: int = 1, same: bool = True) -> Any:
        """Convolve each channel of maps with a square kernel of its own, without biases; see `convolution`."""

    def normalization(self, x: Any, name: str, *, momentum: float = 0.99) -> Any:
        """Normalise each channel by its mean and variance over the batch, in use by their running values."""

    def relu(self, x: Any, name: str, *, ceiling: float | None = None) -> Any:
        """Give max(x, 0), cut at a ceiling where there is one."""

    def dropout(self, x: Any, share: float, name: str, *, whole_maps: bool = False) -> Any:
        """Drop a share (0 to below 1) of the values, or of the channels, and scale up the others."""

    def halving(self, x: Any, name: str) -> Any:
        """Give the maximum of each 2x2 cells of maps; an odd last row or column is left out."""

    def flattening(self, x: Any, name: str) -> Any:
        """Give maps as vectors, row by row."""

    def dense(self, x: Any, units: int, name: str, *, decay: float = 0.0, exact: bool = False) -> Any:
        """Give `units` weighted sums of vectors, each with a bias that starts from 0; see `convolution`."""

    def addition(self, x: Any, y: Any, name: str) -> Any:
        """Give x + y, both of one shape."""

    def highest(self, x: Any, name: str) -> Any:
        """Give the highest value of each map, (n, channels)."""

    def smoothly_highest(self, x: Any, sharpness: float, name: str) -> Any:
        """Give log(mean(exp(sharpness * map))) / sharpness of each map, (n, channels)."""

    def passes_mean(self, x: Any, name: str) -> Any:
        """Give (n, channels) means over the passes of (n * passes, channels) vectors; see `thinning`."""

    def sigmoid(self, x: Any, name: str) -> Any:
        """Give 1 / (1 + exp(-x))."""

    def softmax(self, x: Any, name: str) -> Any:
        """Give exp(x) / sum(exp(x)) of vectors."""


def check_number(name: str, value: Any, lowest: float, highest: float) -> None:
    """Refuse an argument of a network that is no number of a range.

    Raises:
        OptionError: it is none, not finite or outside.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise OptionError(f"network argument {name} must be a number {lowest} to {highest}, got {value!r}")


def check_whole(name: str, value: Any, lowest: int, highest: int) -> None:
    """Refuse an argument of a network that is no whole number of a range.

    Raises:
        OptionError: it is none or outside.
    """
    if type(value) is not int or not lowest <= value <= highest:
        raise OptionError(f"network argument {name} must be a whole number {lowest} to {highest}, got {value!r}")
