"""Holds pictures out for measuring, near-identical ones together, so that nobody learns from a held-out one's twin."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.training.augment import Picture
from vidtag.training.dataset import Example

MOST_DIFFERENT_BITS = 10
_SIDE = 8


def difference_hash(picture: Picture) -> NDArray[np.bool_]:
    """Give 128 bits of a picture: whether each of 8x8 cells is brighter than its right and its lower neighbour."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    cells = cv2.resize(grey, (_SIDE + 1, _SIDE + 1), interpolation=cv2.INTER_AREA).astype(np.int16)
    right = cells[:-1, :-1] > cells[:-1, 1:]
    below = cells[:-1, :-1] > cells[1:, :-1]
    return np.concatenate([right.ravel(), below.ravel()])


def group_twins(pictures: Sequence[Picture], most_different_bits: int = MOST_DIFFERENT_BITS) -> NDArray[np.int64]:
    """Give each picture the number of its group: near-identical pictures share one, also by way of others.

    Args:
        pictures: (height, width, 3) uint8 RGB each.
        most_different_bits: of 128; pictures that differ in no more are twins.

    Returns:
        (n,) int64: the index of the first picture of each one's group.
    """
    bits = np.stack([difference_hash(picture) for picture in pictures]).astype(np.float32) * 2 - 1
    group = np.arange(len(bits))
    for start in range(0, len(bits), 256):
        alike = bits[start : start + 256] @ bits.T >= bits.shape[1] - 2 * most_different_bits
        for row, column in np.argwhere(alike):
            first, second = _root(group, start + int(row)), _root(group, int(column))
            group[max(first, second)] = min(first, second)
    return np.array([_root(group, index) for index in range(len(group))])


def hold_out(examples: Sequence[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Split examples into those to learn from and those held out; twins, and pictures of one episode, stay together.

    Args:
        examples: all of them.
        share: aimed share of each set of characters that is held out, or of all pictures where episodes are known; the
            first pile of each stays for learning.
        seed: same seed, same split.
    """
    by_kind: dict[object, list[list[int]]] = {}
    for pile in _piles(examples):
        episodes = any(examples[index].group for index in pile)
        by_kind.setdefault("episodes" if episodes else examples[pile[0]].columns, []).append(pile)
    random, held = np.random.default_rng(seed), set[int]()
    for piles in by_kind.values():
        wanted, taken = share * sum(map(len, piles)), 0
        for number in random.permutation(np.arange(len(piles)))[1:].tolist():
            if taken + len(piles[number]) / 2 > wanted:
                break
            held.update(piles[number])
            taken += len(piles[number])
    learning = [example for index, example in enumerate(examples) if index not in held]
    return learning, [examples[index] for index in sorted(held)]


def _piles(examples: Sequence[Example]) -> list[list[int]]:
    """List which examples must stay together, by their indices."""
    root = group_twins([example.picture for example in examples])
    first: dict[str, int] = {}
    for index, example in enumerate(examples):
        if example.group:
            one, other = _root(root, first.setdefault(example.group, index)), _root(root, index)
            root[max(one, other)] = min(one, other)
    piles: dict[int, list[int]] = {}
    for index in range(len(examples)):
        piles.setdefault(_root(root, index), []).append(index)
    return list(piles.values())


def _root(group: NDArray[np.int64], index: int) -> int:
    while group[index] != index:
        group[index] = group[group[index]]
        index = int(group[index])
    return index
