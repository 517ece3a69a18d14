"""Measures a network while it learns: frames of held-out pictures, how often it is right, which thresholds are best."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.thresholdcurves import threshold_curve
from vidtag.analysis.thresholdrules import ThresholdRule, choose_threshold
from vidtag.training.augment import Picture
from vidtag.training.dataset import Example
from vidtag.training.placing import place_picture, scale_as_ffmpeg
from vidtag.training.strangers import draw_shapes, make_up_stranger

WHOLE, PAIR, NOBODY = 0, 1, 2
_CANDIDATES = np.round(np.arange(0.40, 0.801, 0.01), 2).astype(np.float32)
FILM = ThresholdRule("film", 0.8)


@dataclass(frozen=True, eq=False, slots=True)
class DevFrames:
    """Held-out frames with the truth.

    Attributes:
        frames: (n, height, width, 3) uint8 RGB.
        truth: (n, characters) bool.
        kinds: (n,) int: WHOLE one picture, PAIR two half frames side by side, NOBODY.
    """

    frames: NDArray[np.uint8]
    truth: NDArray[np.bool_]
    kinds: NDArray[np.int64]


def make_dev_frames(
    examples: Sequence[Example],
    characters: int,
    input_size: tuple[int, int],
    pairs: int,
    seed: int,
    place: Callable[[Picture, tuple[int, int]], Picture] = place_picture,
) -> DevFrames:
    """Draw held-out frames once: every picture on its own, pairs of half frames, and as many frames of nobody as pairs.

    Args:
        examples: held-out pictures; those without characters count as nobody.
        characters: columns of the truth.
        input_size: (height, width) in px.
        pairs: how many pairs; none where no two half frames are of different characters.
        seed: same seed, same frames.
        place: brings a picture into the input size, as the network is used to it.
    """
    random = np.random.default_rng(seed)
    rows: list[tuple[Picture, tuple[int, ...], int]] = []
    for example in examples:
        kind = WHOLE if example.columns else NOBODY
        rows.append((place(example.picture, input_size), example.columns, kind))
    halves = [example for example in examples if example.columns and _is_half(example.picture)]
    rows += [(place(picture, input_size), columns, PAIR) for picture, columns in _pairs(halves, pairs, random)]
    named = [example for example in examples if example.columns]
    rows += [(place(_nobody(named, input_size, random), input_size), (), NOBODY) for _ in range(pairs)]
    truth = np.zeros((len(rows), characters), np.bool_)
    for row, (_, columns, _) in enumerate(rows):
        truth[row, list(columns)] = True
    return DevFrames(np.stack([row[0] for row in rows]), truth, np.array([row[2] for row in rows]))


def measure(dev: DevFrames, scores: NDArray[np.float32], thresholds: NDArray[np.float32]) -> dict[str, float]:
    """Give the figures of a model by name, each 0-1.

    Args:
        dev: the held-out frames.
        scores: (n, characters) float32.
        thresholds: (characters,) float32; a score above is present.

    Returns:
        `top1` and `worst`: share of single pictures whose character scores highest, over all and for the worst one;
        `pairs_f1`: macro-F1 on pairs; `all_f1`: macro-F1 on everything, where somebody is anywhere;
        `nobody`: share of frames of nobody with anyone lit.
    """
    lit = scores > thresholds
    single = (dev.kinds == WHOLE) & (dev.truth.sum(1) == 1)
    right, column = scores[single].argmax(1), dev.truth[single].argmax(1)
    per = [float((right[column == k] == k).mean()) for k in sorted(set(column.tolist()))]
    figures = {"top1": float((right == column).mean()), "worst": min(per)} if per else {}
    pair = dev.kinds == PAIR
    if pair.any():
        figures["pairs_f1"] = macro_f1(dev.truth[pair], lit[pair])
    if dev.truth.any():
        figures["all_f1"] = macro_f1(dev.truth, lit)
    if (dev.kinds == NOBODY).any():
        figures["nobody"] = float(lit[dev.kinds == NOBODY].any(1).mean())
    return figures


def macro_f1(truth: NDArray[np.bool_], lit: NDArray[np.bool_]) -> float:
    """Give the mean over the characters that occur of 2 tp / (2 tp + fp + fn); both arrays are (n, characters)."""
    both = 2 * (truth & lit).sum(0)
    per = both / np.maximum(both + (truth != lit).sum(0), 1)
    return float(per[truth.any(0)].mean()) if truth.any() else 0.0


def choose_thresholds(truth: NDArray[np.bool_], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Choose for each character the highest threshold of 0.40, 0.41 … 0.80 whose F1 is nearly the best there is.

    That is the rule `FILM` on coarse steps: while a network learns, its scores swing too much for finer ones.

    Args:
        truth: (n, characters) bool.
        scores: (n, characters) float32 in [0, 1].

    Returns:
        (characters,) float32; 0.5 for a character that never occurs.
    """
    labels = truth.astype(np.float32)
    curves = [threshold_curve(*column, _CANDIDATES) for column in zip(labels.T, scores.T, strict=True)]
    chosen = [choose_threshold(FILM, curve)[0] if curve.present else 0.5 for curve in curves]
    return np.array(chosen, np.float32)


def _is_half(picture: Picture) -> bool:
    return bool(picture.shape[1] < 0.85 * picture.shape[0])


def _pairs(
    halves: Sequence[Example], count: int, random: np.random.Generator
) -> Iterator[tuple[Picture, tuple[int, ...]]]:
    """Put half frames without a common character side by side, 320x432 px each; none if no two go together."""
    partners = {
        columns: [half for half in halves if set(columns).isdisjoint(half.columns)]
        for columns in {half.columns for half in halves}
    }
    firsts = [half for half in halves if partners[half.columns]]
    for _ in range(count if firsts else 0):
        first = firsts[int(random.integers(len(firsts)))]
        second = partners[first.columns][int(random.integers(len(partners[first.columns])))]
        sides = [scale_as_ffmpeg(half.picture, 320, 432) for half in (first, second)]
        yield np.hstack(sides), (*first.columns, *second.columns)


def _nobody(named: Sequence[Example], input_size: tuple[int, int], random: np.random.Generator) -> Picture:
    if not named:
        return draw_shapes(*input_size, random)
    return make_up_stranger(named[int(random.integers(len(named)))].picture, input_size, random)
