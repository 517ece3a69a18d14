"""`vgg16-detectors`: the first blocks of VGG16 (Simonyan and Zisserman, 2014), then detectors looked for anywhere.

Detectors are 1x1 convolutions over the backbone's features; the highest value of a character's map is its logit.
"""

from typing import Any

from vidtag.errors import OptionError
from vidtag.predictors.layers import Layers, check_number, check_whole

# VGG16, configuration D: channels and number of 3x3 convolutions of the five blocks.
_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))

# Mean red, green and blue of ImageNet's pictures, 0-255: what the weights were trained with.
_MEAN_COLOUR = (123.68, 116.779, 103.939)


def vgg16_detectors(
    layers: Layers,
    pictures: Any,
    characters: int,
    /,
    *,
    entry: str = "block4_pool",
    alpha: float = 1.0,
    detectors: int = 128,
    connected: int = 0,
    dropout: float = 0.5,
    decay: float = 0.001,
    loss: str = "binary-crossentropy",
    fine_tuning: int = 0,
) -> Any:
    """Draw the network.

    Args:
        layers: what to draw with.
        pictures: (n, height, width, 3) uint8 RGB, each side at least 2 px for each block's halving.
        characters: columns of the answer.
        entry: last layer of VGG16 that is kept, `block1_pool` to `block5_pool`.
        alpha: share of the backbone's channels kept, 0.05-1; 1 fits the ImageNet weights.
        detectors: 1x1 detectors over the backbone's features, 1-4096.
        connected: detectors of a second layer, each connected to all of the first at its place; 0-4096, 0 for none.
        dropout: share of the detectors dropped while training, 0-0.9.
        decay: share of the detectors' squared weights that is added to the loss (L2), 0-1.
        loss: what training minimises, `binary-crossentropy` or `mean-squared-error`; read by `NetworkKind.loss_of`.
        fine_tuning: how many of the backbone's last blocks learn as well, 0-5; the others keep their weights.

    Returns:
        (n, characters) logits, called `pool`; the layer `maps` holds (n, rows, columns, characters) logits.

    Raises:
        OptionError: an argument is outside its range.
    """
    ends = [f"block{block}_pool" for block in range(1, len(_BLOCKS) + 1)]
    if entry not in ends:
        raise OptionError(f"network argument entry must be one of {', '.join(ends)}, got {entry!r}")
    if loss not in ("binary-crossentropy", "mean-squared-error"):
        raise OptionError(f"network argument loss must be binary-crossentropy or mean-squared-error, got {loss!r}")
    check_number("alpha", alpha, 0.05, 1)
    check_whole("detectors", detectors, 1, 4096)
    check_whole("connected", connected, 0, 4096)
    check_number("dropout", dropout, 0, 0.9)
    check_number("decay", decay, 0, 1)
    check_whole("fine_tuning", fine_tuning, 0, len(_BLOCKS))
    kept = ends.index(entry) + 1
    x = _backbone(layers, pictures, kept, alpha, kept - fine_tuning)
    for name, units in (("detectors", detectors), ("connected", connected)):
        if units:
            x = layers.convolution(x, units, 1, name, bias=None, decay=decay)
            x = layers.relu(layers.normalization(x, f"{name}_bn", momentum=0.95), f"{name}_relu")
            x = layers.dropout(x, dropout, f"{name}_dropout")
    maps = layers.convolution(x, characters, 1, "maps", bias=-3.0, decay=decay, exact=True)
    return layers.highest(maps, "pool")


def _backbone(layers: Layers, pictures: Any, blocks: int, alpha: float, frozen: int) -> Any:
    """Draw the first blocks of VGG16; the first `frozen` of them do not learn."""
    x = layers.rescaling(pictures, 1.0, tuple(-mean for mean in _MEAN_COLOUR), "scale")
    for block, (channels, convolutions) in enumerate(_BLOCKS[:blocks], start=1):
        for part in range(1, convolutions + 1):
            name = f"block{block}_conv{part}"
            x = layers.convolution(x, round(channels * alpha), 3, name, learns=block > frozen)
            x = layers.relu(x, f"{name}_relu")
        x = layers.halving(x, f"block{block}_pool")
    return x
