"""`cnn2`, `cnn4`, `cnn6`: small networks of a few convolutions, each picture's character as one class among the cast.

`cnn4` and `cnn6` follow the design that Keras' early CIFAR-10 example made a classic and that the studies of Simpsons
pictures of 2017 and 2023 took up: pairs of 3x3 convolutions, the second without margin, halved and thinned out, then
one wide layer. `cnn2` has one convolution a block, normalised, and learns in 5 rounds.
"""

from typing import Any

from vidtag.errors import OptionError
from vidtag.predictors.layers import Layers, check_number, check_whole


def cnn4(
    layers: Layers, pictures: Any, characters: int, /, *, width: int = 32, units: int = 512, dropout: float = 0.25
) -> Any:
    """Draw four convolutions in two blocks and one wide layer.

    Args:
        layers: what to draw with.
        pictures: (n, height, width, 3) uint8 RGB; 64x64 px is usual.
        characters: columns of the answer, >= 2.
        width: channels of the first block, 4-256; the second has twice as many.
        units: of the wide layer, 8-4096.
        dropout: share dropped after a block, 0-0.45; after the wide layer twice as much.

    Returns:
        (n, characters) logits, called `pool`.

    Raises:
        OptionError: an argument is outside its range.
    """
    return _stacked(layers, pictures, characters, (width, 2 * width), units, dropout)


def cnn6(
    layers: Layers, pictures: Any, characters: int, /, *, width: int = 32, units: int = 1024, dropout: float = 0.25
) -> Any:
    """Draw six convolutions in three blocks, of 1, 2 and 8 times the width; otherwise as `cnn4`."""
    return _stacked(layers, pictures, characters, (width, 2 * width, 8 * width), units, dropout)


def cnn2(
    layers: Layers, pictures: Any, characters: int, /, *, width: int = 32, units: int = 128, dropout: float = 0.25
) -> Any:
    """Draw two blocks of one convolution with batch normalisation; arguments as `cnn4`."""
    _check_arguments(characters, width, units, dropout)
    x = layers.rescaling(pictures, 1 / 255, (0.0,), "scale")
    for block, channels in enumerate((width, 2 * width), start=1):
        x = layers.convolution(x, channels, 3, f"block{block}_conv", bias=None)
        x = layers.relu(layers.normalization(x, f"block{block}_bn", momentum=0.95), f"block{block}_relu")
        x = layers.dropout(layers.halving(x, f"block{block}_pool"), dropout, f"block{block}_dropout")
    return _head(layers, x, characters, units, dropout)


def _stacked(
    layers: Layers, pictures: Any, characters: int, widths: tuple[int, ...], units: int, dropout: float
) -> Any:
    _check_arguments(characters, widths[0], units, dropout)
    x = layers.rescaling(pictures, 1 / 255, (0.0,), "scale")
    for block, channels in enumerate(widths, start=1):
        for part, same in ((1, True), (2, False)):
            x = layers.convolution(x, channels, 3, f"block{block}_conv{part}", same=same)
            x = layers.relu(x, f"block{block}_relu{part}")
        x = layers.dropout(layers.halving(x, f"block{block}_pool"), dropout, f"block{block}_dropout")
    return _head(layers, x, characters, units, dropout)


def _head(layers: Layers, x: Any, characters: int, units: int, dropout: float) -> Any:
    x = layers.relu(layers.dense(layers.flattening(x, "flat"), units, "wide"), "wide_relu")
    return layers.dense(layers.dropout(x, 2 * dropout, "wide_dropout"), characters, "pool", exact=True)


def _check_arguments(characters: int, width: int, units: int, dropout: float) -> None:
    check_whole("width", width, 4, 256)
    check_whole("units", units, 8, 4096)
    check_number("dropout", dropout, 0, 0.45)
    if characters < 2:
        raise OptionError("a network with one class a character needs at least 2 characters; take mobilenet-detectors")
