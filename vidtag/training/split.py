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
    hashes = np.stack([difference_hash(picture) for picture in pictures])
    _, first, which = np.unique(np.packbits(hashes, axis=1), axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)  # identical hashes once each, in the order of the pictures
    bits = hashes[first[order]].astype(np.float32) * 2 - 1
    group = np.arange(len(bits))
    for start in range(0, len(bits), 256):
        alike = bits[start : start + 256] @ bits[start:].T >= bits.shape[1] - 2 * most_different_bits
        for row in range(len(alike)):
            _join(group, start + row + np.flatnonzero(alike[row, row:]))
    rank = np.argsort(order)
    return np.asarray(first[order][group[rank[which.ravel()]]], np.int64)


def without_twins(examples: Sequence[Example], held_out: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Part examples into those that are not near-identical to any held-out one, and those that are."""
    if not examples or not held_out:
        return list(examples), []
    group = group_twins([example.picture for example in (*held_out, *examples)])
    twin = np.isin(group[len(held_out) :], group[: len(held_out)])
    parts: tuple[list[Example], list[Example]] = ([], [])
    for example, is_twin in zip(examples, twin.tolist(), strict=True):
        parts[is_twin].append(example)
    return parts


def hold_out(examples: Sequence[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Split examples into those to learn from and those held out; twins, and pictures of one episode, stay together.

    Whoever is shown keeps a picture to learn from. Where all piles of a set of characters are larger than the share,
    the smallest one is held out if otherwise nothing would be held out of one of them. Of episodes, it is held out if
    otherwise none were, and if it has no more than half of their pictures.

    Args:
        examples: all of them.
        share: aimed share of each set of characters that is held out, or of all pictures where episodes are known; the
            first pile of each stays for learning where others are small enough.
        seed: same seed, same split.
    """
    by_kind: dict[object, list[list[int]]] = {}
    for pile in _piles(examples):
        episodes = any(examples[index].group for index in pile)
        by_kind.setdefault("episodes" if episodes else examples[pile[0]].columns, []).append(pile)
    choice = _Choice(examples)
    random = np.random.default_rng(seed)
    for piles in by_kind.values():
        wanted, taken = share * sum(map(len, piles)), 0
        for number in random.permutation(np.arange(len(piles)))[1:].tolist():
            if taken + len(piles[number]) / 2 <= wanted and choice.take(piles[number]):
                taken += len(piles[number])
    for kind, piles in by_kind.items():
        _take_smallest(choice, piles, episodes=kind == "episodes")
    learning = [example for index, example in enumerate(examples) if index not in choice.held]
    return learning, [examples[index] for index in sorted(choice.held)]


class _Choice:
    """Which pictures are held out, by their indices; takes piles as long as everybody keeps a picture to learn from."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.held = set[int]()
        self._shown = np.stack([example.labels == 1 for example in examples]) if examples else np.zeros((0, 0), bool)
        self._left = self._shown.sum(0)

    def take(self, pile: list[int]) -> bool:
        """Hold a pile out unless it is the last one with somebody; say whether it is."""
        shown = self._shown[pile].sum(0)
        if ((shown > 0) & (shown == self._left)).any():
            return False
        self.held.update(pile)
        self._left -= shown
        return True

    def lacks(self, pile: list[int]) -> bool:
        """Say whether nothing is held out of somebody whom the pile shows, or of nobody where it shows nobody."""
        held = self._shown[sorted(self.held)]
        somebody = self._shown[pile].any(0)
        return bool((somebody & ~held.any(0)).any() if somebody.any() else held.any(1).all())


def _take_smallest(choice: _Choice, piles: list[list[int]], *, episodes: bool) -> None:
    """Hold out the smallest pile that can go, where nothing else of these is held out and it would be missed."""
    if len(piles) < 2 or not choice.held.isdisjoint(index for pile in piles for index in pile):
        return
    most = sum(map(len, piles)) / 2 if episodes else np.inf
    for pile in sorted(piles, key=len):
        if len(pile) <= most and (episodes or choice.lacks(pile)) and choice.take(pile):
            return


def _piles(examples: Sequence[Example]) -> list[list[int]]:
    """List which examples must stay together, by their indices."""
    group = group_twins([example.picture for example in examples])
    first: dict[str, int] = {}
    for index, example in enumerate(examples):
        if example.group:
            _join(group, np.array([first.setdefault(example.group, index), index]))
    piles: dict[int, list[int]] = {}
    for index, number in enumerate(group.tolist()):
        piles.setdefault(number, []).append(index)
    return list(piles.values())


def _join(group: NDArray[np.int64], members: NDArray[np.int64]) -> None:
    """Make the groups of some members one, called by the lowest number of them."""
    numbers = np.unique(group[members])
    if len(numbers) > 1:
        group[np.isin(group, numbers)] = numbers[0]
