"""Teaches the super-resolution layers on pictures alone: blur one as enlarging does, and learn to undo it."""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.predictors.enhancing import ENHANCERS, draw_enhancer
from vidtag.predictors.keraslayers import KerasLayers
from vidtag.predictors.weights import network_arrays
from vidtag.training.augment import Picture

PATCH_PX = 48
_BATCH = 16
_RATE = 2e-3
_HELD_OUT_PATCHES = 64


def train_super_resolution(
    pictures: Sequence[Picture], channels: int, seed: int, steps: int = 400
) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Learn to sharpen what was enlarged twofold.

    Args:
        pictures: (rows, columns, 3) uint8 RGB each, sharp, as large as the network sees them; at least two.
        channels: of the layers, as the network's argument `super_resolution` says.
        seed: same pictures and seed, same weights.
        steps: of the optimizer, >= 1.

    Returns:
        The weights by name, such as `enhance1/kernel`, and two figures in dB: `psnr_before` and `psnr_after` on
        every tenth picture, which is not learned from, enlarged linearly and then sharpened.
    """
    import keras

    keras.utils.set_random_seed(seed)
    blurred = keras.Input((PATCH_PX, PATCH_PX, 3), dtype="uint8")
    network = keras.Model(blurred, draw_enhancer(KerasLayers(), blurred, channels))
    for layer in network.layers:
        layer.trainable = True
    # The last layer starts with almost nothing to add, so that learning starts from the blurred picture.
    last = network.get_layer(ENHANCERS[-1])
    last.set_weights([array * 0.01 for array in last.get_weights()])
    schedule = keras.optimizers.schedules.CosineDecay(_RATE, steps)
    network.compile(keras.optimizers.Adam(schedule), loss="mean_absolute_error", jit_compile=False)
    random = np.random.default_rng(seed)
    check = _draw_patches(pictures[::10], _HELD_OUT_PATCHES, np.random.default_rng((seed, 1)))
    learning = [picture for index, picture in enumerate(pictures) if index % 10]
    for _ in range(steps):
        sharp = _draw_patches(learning, _BATCH, random)
        network.train_on_batch(_blur(sharp), sharp.astype(np.float32))
    sharpened = np.asarray(network(_blur(check)))
    figures = {"psnr_before": _psnr(check, _blur(check)), "psnr_after": _psnr(check, sharpened)}
    return network_arrays(network), figures


def set_super_resolution(network: Any, arrays: Mapping[str, NDArray[np.float32]]) -> None:
    """Give a network that was built with the argument `super_resolution` what `train_super_resolution` learned."""
    for name in ENHANCERS:
        network.get_layer(name).set_weights([arrays[f"{name}/kernel"], arrays[f"{name}/bias"]])


def _draw_patches(pictures: Sequence[Picture], count: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """Cut (count, 48, 48, 3) patches; pictures that are smaller are enlarged by mirroring at their edges."""
    patches = np.empty((count, PATCH_PX, PATCH_PX, 3), np.uint8)
    for index in range(count):
        picture = pictures[int(random.integers(len(pictures)))]
        missing = [max(0, PATCH_PX - side) for side in picture.shape[:2]]
        if any(missing):
            picture = np.pad(picture, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="symmetric")
        top, left = (int(random.integers(0, side - PATCH_PX + 1)) for side in picture.shape[:2])
        patches[index] = picture[top : top + PATCH_PX, left : left + PATCH_PX]
    return patches


def _blur(patches: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Halve patches and enlarge them again as the video reader would."""
    half = (PATCH_PX // 2, PATCH_PX // 2)
    small = [cv2.resize(patch, half, interpolation=cv2.INTER_AREA) for patch in patches]
    large = [cv2.resize(patch, (PATCH_PX, PATCH_PX), interpolation=cv2.INTER_LINEAR) for patch in small]
    return np.stack(large).astype(np.uint8)


def _psnr(truth: NDArray[np.uint8], found: NDArray[Any]) -> float:
    error = float(np.mean((truth.astype(np.float64) - found) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))
