"""`mobilenet-detectors`: a fully convolutional MobileNetV1 with one detector map a character. Any input aspect."""

from typing import Any

from vidtag.predictors.layers import Layers, check_number, check_whole

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

# A map that starts from a logit of -3, a score of 5 %: nearly all cells of nearly all pictures show somebody else.
_FIRST_LOGIT = -3.0


def mobilenet_detectors(
    layers: Layers,
    pictures: Any,
    characters: int,
    /,
    *,
    blocks: int = 12,
    alpha: float = 1.0,
    stride: int = 16,
    sharpness: float = 4.0,
    dropout: float = 0.0,
) -> Any:
    """Draw the network; a map's smooth maximum is the character's logit.

    Args:
        layers: what to draw with.
        pictures: (n, height, width, 3) uint8 RGB.
        characters: columns of the answer.
        blocks: how many of the 13 depthwise-separable blocks are kept, 1-13.
        alpha: share of the channels kept, 0.1-2; 1 fits the ImageNet weights.
        stride: px between neighbouring cells of the maps, 4-32; later blocks lose their stride.
        sharpness: of the smooth maximum log(mean(exp(sharpness * map))) / sharpness; large is near the true maximum.
        dropout: share of the features dropped while training, 0-0.9.

    Returns:
        (n, characters) logits, called `pool`; the layer `maps` holds (n, rows, columns, characters) logits.

    Raises:
        OptionError: an argument is outside its range.
    """
    check_whole("blocks", blocks, 1, 13)
    check_number("alpha", alpha, 0.1, 2)
    check_number("stride", stride, 4, 32)
    check_number("sharpness", sharpness, 0.1, 100)
    check_number("dropout", dropout, 0, 0.9)
    x = layers.rescaling(pictures, 1 / 127.5, (-1.0,), "scale")
    x = _convolution(layers, x, round(32 * alpha), 3, 2, "conv1")
    reached = 2
    for index, (channels, step) in enumerate(_BLOCKS[:blocks], start=1):
        step = step if reached * step <= stride else 1
        reached *= step
        x = _depthwise(layers, x, step, f"conv_dw_{index}")
        x = _convolution(layers, x, round(channels * alpha), 1, 1, f"conv_pw_{index}")
    if dropout:
        x = layers.dropout(x, dropout, "dropout", whole_maps=True)
    maps = layers.convolution(x, characters, 1, "maps", bias=_FIRST_LOGIT, exact=True)
    return layers.smoothly_highest(maps, sharpness, "pool")


def _convolution(layers: Layers, x: Any, channels: int, kernel: int, step: int, name: str) -> Any:
    if step == 2:
        x = layers.padding(x, f"{name}_pad")
    x = layers.convolution(x, channels, kernel, name, step=step, same=step == 1, bias=None)
    return _activation(layers, x, name)


def _depthwise(layers: Layers, x: Any, step: int, name: str) -> Any:
    if step == 2:
        x = layers.padding(x, f"{name}_pad")
    return _activation(layers, layers.depthwise(x, 3, name, step=step, same=step == 1), name)


def _activation(layers: Layers, x: Any, name: str) -> Any:
    return layers.relu(layers.normalization(x, f"{name}_bn", momentum=_MOMENTUM), f"{name}_relu", ceiling=6.0)
