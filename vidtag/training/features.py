"""Features of frozen blocks, calculated once for the frames of a round and learned from again and again."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.training.batches import Batch, batches
from vidtag.training.frames import FrameSource
from vidtag.training.options import TrainingOptions

Supply = Callable[[int, range], Iterator[Batch]]
"""Called with the number of a round and of steps; gives their batches in order."""

_MOST_BYTES = 1 << 30
_LARGEST = 65504.0  # of float16


def draw_frames(source: FrameSource, options: TrainingOptions, grid: tuple[int, int] | None) -> Supply:
    """Give a supply of fresh frames without end."""
    return lambda epoch, steps: batches(source, epoch, steps, options.batch_size, grid, options.workers)


def cache_features(extractor: Any, fresh: Supply, epoch: int, options: TrainingOptions) -> Supply:
    """Give a supply of features of the frames of one round, in another order every time.

    Args:
        extractor: `keras.Model` from pictures to features.
        fresh: supply of frames.
        epoch: number of the round whose frames are taken, as many as 1 GiB of float16 holds.
        options: seed and length of a round.
    """
    size = options.batch_size * int(np.prod(extractor.output.shape[1:])) * 2
    steps = range(max(1, min(options.steps, _MOST_BYTES // size)))
    kept = _joined([_features(extractor, batch) for batch in fresh(epoch, steps)])

    def supply(epoch: int, steps: range) -> Iterator[Batch]:
        order = _order(len(kept.labels), (options.seed, epoch), options.steps * options.batch_size)
        for step in steps:
            rows = order[step * options.batch_size : (step + 1) * options.batch_size]
            places = None if kept.places is None else kept.places[rows]
            yield Batch(kept.pictures[rows].astype(np.float32), kept.labels[rows], places)

    return supply


def _features(extractor: Any, batch: Batch) -> Batch:
    found = np.asarray(extractor.predict_on_batch(batch.pictures), np.float32)
    return Batch(found.clip(-_LARGEST, _LARGEST).astype(np.float16), batch.labels, batch.places)


def _joined(parts: list[Batch]) -> Batch:
    places = [part.places for part in parts if part.places is not None]
    return Batch(
        np.concatenate([part.pictures for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate(places) if places else None,
    )


def _order(frames: int, seed: tuple[int, int], wanted: int) -> NDArray[np.int64]:
    """Give the numbers of at least so many frames: all in random order, then all in another order, and so on."""
    random = np.random.default_rng(seed)
    return np.concatenate([random.permutation(frames) for _ in range(-(-wanted // frames))])
