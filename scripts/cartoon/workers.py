"""Numbered pieces of work in several processes, results in order and independent of how many there are."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import cv2

PROCESSES = 2
Result = TypeVar("Result")


def in_order(work: Callable[[int], Result], numbers: Iterable[int], block: int = 64) -> Iterator[Result]:
    """Do `work` for every number; at most two blocks of results are held."""
    context, waiting = multiprocessing.get_context("spawn"), list(numbers)
    with ProcessPoolExecutor(PROCESSES, context, cv2.setNumThreads, (1,)) as pool:
        for start in range(0, len(waiting), block):
            yield from pool.map(work, waiting[start : start + block], chunksize=8)
