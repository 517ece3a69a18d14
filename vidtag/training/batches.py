"""Draws the frames of an epoch in order, ahead of the network, on several threads."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.training.frames import FrameSource


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Some frames for one step.

    Attributes:
        pictures: (n, height, width, 3) uint8 RGB, or (n, …) features of them.
        labels: (n, characters) float32: 1 present, 0 surely absent, -1 absent as far as anybody said.
        places: (n, rows, columns, characters) uint8: 1 where each character may be; None without a grid.
    """

    pictures: NDArray[Any]
    labels: NDArray[np.float32]
    places: NDArray[np.uint8] | None


def batches(
    source: FrameSource,
    epoch: int,
    steps: range,
    batch_size: int,
    grid: tuple[int, int] | None = None,
    workers: int = 2,
) -> Iterator[Batch]:
    """Yield the batches of some steps of an epoch in order; holds a few of them.

    Args:
        source: where the frames come from.
        epoch: which round.
        steps: numbers of the batches; number k holds the frames from k * batch_size on.
        batch_size: frames a batch.
        grid: (rows, columns) of the network's maps where it has some.
        workers: threads that draw.
    """

    def draw_batch(step: int) -> Batch:
        drawn = [source.draw(epoch, index) for index in range(step * batch_size, (step + 1) * batch_size)]
        places = None if grid is None else np.stack([frame.places(grid) for frame in drawn])
        return Batch(np.stack([frame.picture for frame in drawn]), np.stack([frame.labels for frame in drawn]), places)

    cv2.setNumThreads(1)
    with ThreadPoolExecutor(workers) as pool:
        waiting: list[Future[Batch]] = []
        for step in steps:
            waiting.append(pool.submit(draw_batch, step))
            if len(waiting) > workers + 2:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
