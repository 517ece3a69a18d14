"""A predictor that tries once with smaller batches where the memory of a GPU is full, and says so."""

import gc
import logging
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import ExhaustedError
from vidtag.predictors.predictor import Predictor

_LOG = logging.getLogger("vidtag")


class SparingPredictor:
    """A `Predictor` that is loaded again for half as many pictures at once when memory does not do; scores stay.

    Args:
        load: gives the predictor for a number of pictures at once.
        batch_size: pictures at once to begin with, >= 1.

    Raises:
        ExhaustedError: when it is called, if the smaller batch does not fit either, or there is none.
    """

    def __init__(self, load: Callable[[int], Predictor], batch_size: int) -> None:
        inner = load(batch_size)
        self.cast, self.thresholds, self.input_size = inner.cast, inner.thresholds, inner.input_size
        self.preprocessing, self.backend = inner.preprocessing, inner.backend
        self._inner: Predictor | None = inner
        self._load, self._size, self._is_smaller = load, batch_size, False

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score (n, height, width, 3) uint8 RGB pictures; gives (n, characters) float32 in [0, 1]."""
        try:
            return self._score(pictures)
        except ExhaustedError:
            if self._is_smaller or self._size == 1:
                raise
        self._take_smaller()
        return self._score(pictures)

    def _take_smaller(self) -> None:
        """Load the network for half the batch, when the memory of the larger one is given back."""
        before, self._size, self._is_smaller = self._size, self._size // 2, True
        _LOG.warning("note: the memory is full with %d pictures at once; going on with %d", before, self._size)
        self._inner = None
        gc.collect()
        self._inner = self._load(self._size)

    def _score(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert self._inner is not None
        if len(pictures) <= self._size or not self._is_smaller:
            return self._inner(pictures)
        parts = [pictures[start : start + self._size] for start in range(0, len(pictures), self._size)]
        return np.concatenate([self._inner(part) for part in parts])
