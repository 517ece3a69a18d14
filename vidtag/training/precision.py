"""Which precision a new model is calculated in: 8 bits where they do as well on held-out frames, else float32."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import OptionError
from vidtag.options import DEFAULT_BATCH, FLOAT32, INT8
from vidtag.predictors.backends import BACKENDS
from vidtag.predictors.compiled import SCORES, Compiled
from vidtag.records.bundles import ModelBundle
from vidtag.records.bundlewriter import rewrite_table
from vidtag.training.evaluate import NOBODY, DevFrames, measure

MOST_LOST = 0.002  # of any figure, which are 0-1
MOST_PAIRS, FEWEST_PAIRS = 2000, 400  # of a few hundred, chance has a say
MOST_BYTES = 600_000_000  # of frames that are drawn


def settle_precision(bundle: ModelBundle, draw: Callable[[], DevFrames], report: Callable[[str], None]) -> ModelBundle:
    """Let a bundle be calculated in 8 bits if that loses no more than `MOST_LOST` of any of the `figures_of` it.

    Args:
        bundle: as it lies on disk, in float32.
        draw: gives held-out frames, as the network takes them; not called where there is nothing to choose.
        report: called with a line that says what was found.

    Returns:
        The bundle as it lies on disk then. It is left alone where OpenVINO is not installed, or the network cannot be
        calculated in 8 bits.

    Raises:
        OutputError: the bundle cannot be written.
    """
    if not BACKENDS["openvino"].available():
        return bundle
    try:
        coarse = _compiled(bundle, INT8)
    except OptionError:
        return bundle
    dev, thresholds = draw(), bundle.thresholds
    exact_scores, coarse_scores = (
        bundle.calibration.apply(compiled.run(dev.frames)) for compiled in (_compiled(bundle, FLOAT32), coarse)
    )
    lost = most_lost(figures_of(dev, exact_scores, thresholds), figures_of(dev, coarse_scores, thresholds))
    settled = INT8 if lost <= MOST_LOST else FLOAT32
    differ = ((exact_scores > thresholds) != (coarse_scores > thresholds)).mean()
    report(
        f"in 8 bits {differ:.2%} of the yes/no answers differ and at most {max(lost, 0):.2%} are lost: "
        f"the model runs in {settled}"
    )
    return bundle if settled == bundle.precision else rewrite_table(replace(bundle, precision=settled))


def settling_pairs(input_size: tuple[int, int]) -> int:
    """Give how many pairs, and as many frames of nobody, to draw for `settle_precision` so that memory holds them.

    >>> [settling_pairs(size) for size in ((144, 192), (320, 320), (1024, 1024))]
    [2000, 976, 400]
    """
    height, width = input_size
    return max(FEWEST_PAIRS, min(MOST_PAIRS, MOST_BYTES // (2 * 3 * height * width)))


def figures_of(dev: DevFrames, scores: NDArray[np.float32], thresholds: NDArray[np.float32]) -> dict[str, float]:
    """Give figures that hang on many answers each, as one answer of a rare character shall not decide; more is better.

    Args:
        dev: the held-out frames.
        scores: (n, characters) float32 in [0, 1].
        thresholds: (characters,) float32; a score above is present.

    Returns:
        `top1`: of `measure`; `f1`: micro-F1 on all frames; `nobody`: share of frames of nobody with nobody lit.
    """
    lit = scores > thresholds
    figures = {"f1": 2 * float((lit & dev.truth).sum()) / max(float(lit.sum() + dev.truth.sum()), 1.0)}
    if (dev.kinds == NOBODY).any():
        figures["nobody"] = float((~lit[dev.kinds == NOBODY]).all(1).mean())
    measured = measure(dev, scores, thresholds)
    return figures | ({"top1": measured["top1"]} if "top1" in measured else {})


def most_lost(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """Give by how much the figure that falls most is lower; below 0 if all are higher.

    >>> round(most_lost({"top1": 0.98, "f1": 0.97}, {"top1": 0.985, "f1": 0.96}), 3)
    0.01
    """
    return max(was - after[name] for name, was in before.items())


def _compiled(bundle: ModelBundle, precision: str) -> Compiled:
    return BACKENDS["openvino"].compile(bundle, DEFAULT_BATCH, SCORES, precision=precision)
