"""Labelled samples with what a model says about them: what every figure is computed from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibration import Calibration
from vidtag.cast import Cast
from vidtag.errors import ShapeError
from vidtag.timeline import Timeline

Picture = NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ScoredClip:
    """One labelled film after smoothing.

    Attributes:
        path: the film.
        found: who is on screen when, as vidtag says.
        truth: who is, as the labels say.
        ignored: for each character when nobody could tell.
    """

    path: Path
    found: Timeline
    truth: Timeline
    ignored: Timeline


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ScoredSet:
    """Samples of pictures or films, one row each.

    Attributes:
        cast: column order.
        labels: (n, characters) float32: 1 present, 0 absent, -1 unknown and not scored.
        scores: (n, characters) float32 in [0, 1].
        thresholds: (characters,) float32; a score above means present.
        main: (n,) column of the character whom the picture is of, -1 where it is of nobody or of several.
        names: what each sample is called: a path, or a film and a time.
        units: (n,) the samples that are drawn together in a bootstrap, numbered from 0.
        picture: gives sample i to look at, (height, width, 3) uint8 RGB.
        seconds_a_frame: how long the model took for a sample; NaN where nobody measured it.
        clips: the films, where the samples are of films.
        notes: lines for whoever reads the figures.

    Raises:
        ShapeError: lengths do not agree, or there is no sample.
    """

    cast: Cast
    labels: NDArray[np.float32]
    scores: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    main: NDArray[np.int64]
    names: tuple[str, ...]
    units: NDArray[np.int64]
    picture: Callable[[int], Picture]
    seconds_a_frame: float = float("nan")
    clips: tuple[ScoredClip, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.names), len(self.cast))
        rows = {len(self.main), len(self.units), len(self.names)}
        if not shape[0] or self.labels.shape != shape or self.scores.shape != shape or rows != {shape[0]}:
            raise ShapeError(f"expected labels and scores {shape}, got {self.labels.shape} and {self.scores.shape}")

    @property
    def lit(self) -> NDArray[np.bool_]:
        """(n, characters) bool: scores above the thresholds."""
        return np.greater(self.scores, self.thresholds)

    def calibrated(self, calibration: Calibration) -> "ScoredSet":
        """Give the same samples with their scores calibrated."""
        return replace(self, scores=calibration.apply(self.scores))
