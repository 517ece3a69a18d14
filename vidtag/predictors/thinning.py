"""Dropout in use: a network scores every picture several times, each pass without other parts of it; the mean counts.

A pass leaves out the same parts for every picture, drawn once from a seed of its own, so that a picture's scores are
always the same, in every runtime. It is as if several thinner networks voted.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

MOST_PASSES = 64


def thinning_masks(
    passes: int, shape: tuple[int, ...], share: float, name: str, whole_maps: bool
) -> NDArray[np.float32]:
    """Draw what each pass leaves out at a dropout layer.

    Args:
        passes: how many masks, 1-64.
        shape: (rows, columns, channels) of maps or (channels,) of vectors.
        share: of the values, or of the channels, that are left out, 0 to below 1.
        name: of the layer; another name, other masks.
        whole_maps: whether channels are left out as a whole.

    Returns:
        (passes, *shape) float32, 0 for what is left out, 1 / (1 - share) for the rest; sides of 1 where all cells of
        a channel share their fate.
    """
    drawn = (*(1 for _ in shape[:-1]), shape[-1]) if whole_maps else shape
    seed = zlib.crc32(name.encode())
    kept = [np.random.default_rng((seed, number)).random(drawn) >= share for number in range(passes)]
    return np.stack(kept).astype(np.float32) / np.float32(1 - share)
