"""Networks by name, in `keras.layers` and `keras.ops` only, so that the same bundle runs on every Keras backend.

A network takes (n, height, width, 3) uint8 RGB and gives (n, characters) float32 scores in [0, 1]. Building one
reads no file. Keras is imported when the first network is built, not before: the import costs seconds.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from vidtag.cast import MAX_CHARACTERS
from vidtag.errors import OptionError

# MobileNetV1 (Howard et al., 2017), table 1: output channels at width 1.0 and stride of each of the 13 blocks.
_BLOCKS = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)


# Share of the old in the running mean and variance: short runs of a hundred steps must reach the truth as well.
_MOMENTUM = 0.95


def mobilenet_detectors(
    input_size: tuple[int, int],
    characters: int,
    *,
    blocks: int = 12,
    alpha: float = 1.0,
    stride: int = 16,
    sharpness: float = 4.0,
    dropout: float = 0.0,
) -> Any:
    """Build a fully convolutional MobileNetV1 with one detector map a character; the map's smooth maximum is the score.

    Args:
        input_size: (height, width) in px, each a 32-2048.
        characters: columns of the answer.
        blocks: how many of the 13 depthwise-separable blocks are kept, 1-13.
        alpha: share of the channels kept, 0.1-2; 1 fits the ImageNet weights.
        stride: px between neighbouring cells of the maps, 4-32; later blocks lose their stride.
        sharpness: of the smooth maximum log(mean(exp(sharpness * map))) / sharpness; large is near the true maximum.
        dropout: share of the features dropped while training, 0-0.9.

    Returns:
        A `keras.Model`; its layer `maps` holds the (n, rows, columns, characters) logits, `pool` their smooth maximum.

    Raises:
        OptionError: an argument is outside its range.
    """
    import keras

    _check("blocks", blocks, 1, 13)
    _check("alpha", alpha, 0.1, 2)
    _check("stride", stride, 4, 32)
    _check("sharpness", sharpness, 0.1, 100)
    _check("dropout", dropout, 0, 0.9)
    pictures = keras.Input((*input_size, 3), dtype="uint8", name="pictures")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name="scale")(pictures)
    x = _convolution(x, round(32 * alpha), 3, 2, "conv1")
    reached = 2
    for index, (channels, step) in enumerate(_BLOCKS[:blocks], start=1):
        step = step if reached * step <= stride else 1
        reached *= step
        x = _depthwise(x, step, f"conv_dw_{index}")
        x = _convolution(x, round(channels * alpha), 1, 1, f"conv_pw_{index}")
    if dropout:
        x = keras.layers.SpatialDropout2D(dropout, name="dropout")(x)
    maps = keras.layers.Conv2D(
        characters, 1, name="maps", dtype="float32", bias_initializer=keras.initializers.Constant(-3.0)
    )(x)
    pooled = _smooth_maximum(maps, sharpness)
    scores = keras.layers.Activation("sigmoid", name="scores", dtype="float32")(pooled)
    return keras.Model(pictures, scores, name="mobilenet-detectors")


def _check(name: str, value: Any, lowest: float, highest: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise OptionError(f"network argument {name} must be a number {lowest} to {highest}, got {value!r}")


def _convolution(x: Any, channels: int, kernel: int, step: int, name: str) -> Any:
    import keras

    if step == 2:
        x = keras.layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"{name}_pad")(x)
    x = keras.layers.Conv2D(
        channels, kernel, strides=step, padding="valid" if step == 2 else "same", use_bias=False, name=name
    )(x)
    x = keras.layers.BatchNormalization(momentum=_MOMENTUM, name=f"{name}_bn")(x)
    return keras.layers.ReLU(6.0, name=f"{name}_relu")(x)


def _depthwise(x: Any, step: int, name: str) -> Any:
    import keras

    if step == 2:
        x = keras.layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"{name}_pad")(x)
    x = keras.layers.DepthwiseConv2D(
        3, strides=step, padding="valid" if step == 2 else "same", use_bias=False, name=name
    )(x)
    x = keras.layers.BatchNormalization(momentum=_MOMENTUM, name=f"{name}_bn")(x)
    return keras.layers.ReLU(6.0, name=f"{name}_relu")(x)


def _smooth_maximum(maps: Any, sharpness: float) -> Any:
    """Give (n, characters) log(mean(exp(sharpness * maps))) / sharpness of (n, rows, columns, characters) maps."""
    import keras

    cells = int(maps.shape[1]) * int(maps.shape[2])
    summed = keras.ops.logsumexp(maps * sharpness, axis=(1, 2))
    return keras.layers.Identity(name="pool", dtype="float32")((summed - math.log(cells)) / sharpness)


NETWORKS: Mapping[str, Callable[..., Any]] = {"mobilenet-detectors": mobilenet_detectors}


def build_network(name: str, input_size: tuple[int, int], characters: int, /, **arguments: Any) -> Any:
    """Build a network by its name in `NETWORKS`, with random weights.

    Args:
        name: a key of `NETWORKS`.
        input_size: (height, width) in px, each 32-2048.
        characters: columns of the answer, 1-1000.
        arguments: what the network's own function takes.

    Returns:
        A `keras.Model` from (n, height, width, 3) uint8 RGB to (n, characters) float32 scores in [0, 1].

    Raises:
        OptionError: an unknown name or argument, or a value outside its range.
    """
    if name not in NETWORKS:
        raise OptionError(f"no network is called {name!r}; there are: {', '.join(sorted(NETWORKS))}")
    for side in input_size:
        _check("input size", side, 32, 2048)
    _check("characters", characters, 1, MAX_CHARACTERS)
    try:
        return NETWORKS[name](input_size, characters, **arguments)
    except TypeError as error:
        raise OptionError(f"network {name}: {error}") from None
