"""Bootstrap: how far a figure would have swung, had other samples of the same kind been at hand."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import OptionError

Array = NDArray[np.float64]

REPEATS = 1000
MOST_REPEATS = 100_000
_MOST_WEIGHTS = 2_000_000


def check_repeats(repeats: int) -> int:
    """Give the number of draws back if it can be used, 1 to `MOST_REPEATS`; else OptionError."""
    if not 1 <= repeats <= MOST_REPEATS:
        raise OptionError(f"the bootstrap takes 1 to {MOST_REPEATS} repeats, got {repeats}")
    return repeats


def resample(units: NDArray[np.int64], repeats: int, seed: int) -> Iterator[Array]:
    """Draw as many units as there are, with replacement, again and again.

    Args:
        units: (n,) number of the unit that each sample belongs to, from 0 without gaps; samples of a unit, such as
            neighbouring frames of a film, are drawn together.
        repeats: how many draws, see `check_repeats`.
        seed: same seed, same draws.

    Yields:
        (some, n) float64 weights: how often each sample counts; 2 million numbers at a time at most, or one draw.

    Raises:
        OptionError: fewer than one repeat or too many.
    """
    check_repeats(repeats)
    random, count = np.random.default_rng(seed), int(units.max()) + 1 if len(units) else 0
    at_once = max(1, _MOST_WEIGHTS // max(1, len(units)))
    for first in range(0, repeats, at_once):
        drawn = random.integers(0, max(1, count), (min(at_once, repeats - first), count))
        rows = np.arange(len(drawn))[:, np.newaxis] * count
        weights = np.bincount((drawn + rows).ravel(), minlength=drawn.size).reshape(drawn.shape)
        yield weights[:, units].astype(np.float64)


def intervals(
    figures: Callable[[Array], Mapping[str, Array]],
    units: NDArray[np.int64],
    *,
    repeats: int = REPEATS,
    seed: int = 1,
    share: float = 0.95,
) -> dict[str, Array]:
    """Give the interval of each figure that holds a share of the draws.

    Args:
        figures: gives from (repeats, n) weights figures by name, each (repeats, ...).
        units: as in `resample`.
        repeats: as in `resample`.
        seed: as in `resample`.
        share: of the draws between the two ends.

    Returns:
        By name (2, ...): lower and upper end; NaN where no draw gives the figure.
    """
    draws: dict[str, list[Array]] = {}
    for weights in resample(units, repeats, seed):
        for name, values in figures(weights).items():
            draws.setdefault(name, []).append(values)
    tail = (1 - share) / 2
    return {name: _quantiles(np.concatenate(parts), (tail, 1 - tail)) for name, parts in draws.items()}


def _quantiles(values: Array, shares: tuple[float, float]) -> Array:
    """Give quantiles over the first axis, of those draws that give a figure."""
    flat = values.reshape(len(values), -1)
    columns = [column[np.isfinite(column)] for column in flat.T]
    ends = [np.quantile(column, shares) if len(column) else np.full(2, np.nan) for column in columns]
    return np.array(ends).T.reshape(2, *values.shape[1:])
