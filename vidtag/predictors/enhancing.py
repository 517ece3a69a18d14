"""Super-resolution as the first layers of a network: small pictures that were enlarged get their edges back.

Three convolutions (after Dong et al., 2014) give what is missing from a blurred picture, which is then added. They
learn on the pictures themselves, before the network does, and then keep their weights: see
`vidtag.training.superresolution`. As they are part of the network, their weights lie in its bundle.
"""

from typing import Any

from vidtag.predictors.layers import Layers, check_whole

ENHANCERS = ("enhance1", "enhance2", "enhance3")  # the layers that hold weights
MOST_CHANNELS = 64


def draw_enhancer(layers: Layers, pictures: Any, channels: int) -> Any:
    """Draw the layers.

    Args:
        layers: what to draw with.
        pictures: (n, height, width, 3) uint8 RGB.
        channels: of the two inner convolutions, 1-64.

    Returns:
        (n, height, width, 3) maps, 0-255, as sharp as the layers can make them.

    Raises:
        OptionError: `channels` is outside its range.
    """
    check_whole("super_resolution", channels, 1, MOST_CHANNELS)
    blurred = layers.rescaling(pictures, 1 / 255, (0.0,), "enhance_scale")
    x = blurred
    for name, kernel in (("enhance1", 5), ("enhance2", 3)):
        x = layers.relu(layers.convolution(x, channels, kernel, name, learns=False), f"{name}_relu")
    missing = layers.convolution(x, 3, 3, "enhance3", learns=False)
    sharp = layers.relu(layers.addition(blurred, missing, "enhance_sum"), "enhance_range", ceiling=1.0)
    return layers.rescaling(sharp, 255.0, (0.0,), "enhanced")
