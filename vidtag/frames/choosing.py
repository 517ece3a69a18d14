"""Which samples of an episode are taken: all of them or one a shot; those without anyone; those that differ most."""

from collections.abc import Callable, Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.diversity import farthest_points, picture_feature
from vidtag.analysis.shots import content_change, motion
from vidtag.media.stills import Sample
from vidtag.training.split import MOST_DIFFERENT_BITS, difference_hash

SHORTEST_SHOT = 2  # samples
MOST_DIFFERENT_COLOUR = 24  # of 255, the means of pictures that are nearly equal
_THUMBNAIL = (64, 36)  # width and height in px

Accept = Callable[[NDArray[np.uint8]], bool]
"""Says whether a (height, width, 3) uint8 RGB picture may be taken."""


def take_anything(picture: NDArray[np.uint8]) -> bool:
    """Take every picture."""
    return picture.size > 0


def one_a_shot(samples: Iterable[Sample], threshold: float, accept: Accept) -> Iterator[Sample]:
    """Give the sample of every shot that changes least to its neighbours, so no dissolve and no fast motion; holds two.

    Args:
        samples: in time order.
        threshold: content change from one sample to the next at which a new shot begins, 0-1.
        accept: shots without a sample that it accepts give none. Nor do shots of a single sample, flashes and middles
            of dissolves, unless there is no other.
    """
    shot, before, motion_before, alone = _Shot(accept), None, 0.0, True
    for sample in samples:
        if before is not None:
            old, new = thumbnail(before.picture), thumbnail(sample.picture)
            cut = content_change(old, new) > threshold
            motion_after = 0.0 if cut else motion(old, new)
            shot.add(before, max(motion_before, motion_after))
            if cut:
                yield from shot.best()
                shot, alone = _Shot(accept), False
            motion_before = motion_after
        before = sample
    if before is not None:
        shot.add(before, motion_before)
        yield from shot.best(1 if alone else SHORTEST_SHOT)


class _Shot:
    """The samples of a shot so far: how many, and the steadiest that may be taken."""

    def __init__(self, accept: Accept) -> None:
        self._accept, self._count, self._moves = accept, 0, float("inf")
        self._steadiest: Sample | None = None

    def add(self, sample: Sample, moves: float) -> None:
        self._count += 1
        if moves < self._moves and self._accept(sample.picture):
            self._steadiest, self._moves = sample, moves

    def best(self, shortest: int = SHORTEST_SHOT) -> Iterator[Sample]:
        if self._steadiest is not None and self._count >= shortest:
            yield self._steadiest


def most_different(samples: Iterable[Sample], count: int) -> set[int]:
    """Give the indices of the samples that differ most from each other; holds 320 bytes a sample."""
    indices, features = [], []
    for sample in samples:
        indices.append(sample.index)
        features.append(picture_feature(thumbnail(sample.picture)))
    if not features:
        return set()
    return {indices[choice] for choice in farthest_points(np.stack(features), count)}


class Distinct:
    """Remembers pictures, 28 bytes each, and knows again those that nearly equal one of them in outlines and colour."""

    def __init__(self) -> None:
        self._hashes = np.zeros((0, 16), np.uint8)
        self._colours = np.zeros((0, 3), np.float32)

    def add(self, picture: NDArray[np.uint8]) -> bool:
        """Remember a (height, width, 3) uint8 RGB picture unless it is known; say whether it is new."""
        bits = np.packbits(difference_hash(picture))[np.newaxis]
        colour = thumbnail(picture).mean(axis=(0, 1), dtype=np.float32)[np.newaxis]
        alike = np.bitwise_count(self._hashes ^ bits).sum(axis=1) <= MOST_DIFFERENT_BITS
        if (alike & (np.abs(self._colours - colour).max(axis=1) <= MOST_DIFFERENT_COLOUR)).any():
            return False
        self._hashes = np.concatenate((self._hashes, bits))
        self._colours = np.concatenate((self._colours, colour))
        return True


def thumbnail(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shrink a picture of any size to (36, 64, 3) uint8 RGB."""
    return np.asarray(cv2.resize(picture, _THUMBNAIL, interpolation=cv2.INTER_AREA), np.uint8)
