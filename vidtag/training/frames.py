"""Draws training frames without end: one picture fitted into a frame, several side by side, small ones, nobody.

Frame (epoch, index) of a source is always the same, whatever thread draws it and in whatever order.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.errors import OptionError
from vidtag.training.augment import (
    Picture,
    crop_randomly,
    degrade,
    jitter_colours,
    mirror_randomly,
)
from vidtag.training.dataset import Example
from vidtag.training.placing import fill_panel, film_size, paste_randomly, place_picture
from vidtag.training.strangers import make_up_stranger, rotate_hue


@dataclass(frozen=True, kw_only=True)
class FrameMix:
    """How often each kind of frame is drawn; the shares add up to 1.

    Attributes:
        whole: one picture fitted into the frame, as a viewer's picture would be.
        small: one or two pictures, scaled down, off-centre on a ground without anyone.
        beside: two or three pictures side by side, now and then one of them without anyone.
        nobody: a frame without anyone.
        jitter: strength of the changes of colour and light, 0-1.

    Raises:
        OptionError: a share is negative or they do not add up to 1.
    """

    whole: float = 0.36
    small: float = 0.12
    beside: float = 0.38
    nobody: float = 0.14
    jitter: float = 1.0

    def __post_init__(self) -> None:
        shares = (self.whole, self.small, self.beside, self.nobody)
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
            raise OptionError(f"shares of frames must be 0 or more and add up to 1, got {shares}")


def suitable_mix(examples: Sequence[Example]) -> FrameMix:
    """Give the usual mix; where most pictures are completely labelled scenes, they are mostly used as they are.

    Their light hardly changes either, because a fade to black may decide who still counts as present.
    """
    scenes = sum(example.complete for example in examples)
    if scenes > len(examples) / 2:
        return FrameMix(whole=0.86, small=0.0, beside=0.02, nobody=0.12, jitter=0.15)
    return FrameMix()


class FrameSource:
    """Draws training frames from examples.

    Args:
        examples: pictures with the columns of the characters they show.
        strangers: pictures without anyone of the cast; may be empty.
        characters: columns of the labels.
        input_size: (height, width) in px.
        mix: shares of the kinds of frames.
        seed: two sources of the same arguments draw the same frames.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        strangers: Sequence[Picture],
        characters: int,
        input_size: tuple[int, int],
        mix: FrameMix,
        seed: int,
    ) -> None:
        self.examples, self.strangers, self.characters = examples, strangers, characters
        self.input_size, self.mix, self.seed = input_size, mix, seed
        self._pools = _pools(examples, characters, narrow_only=False)
        self._narrow = _pools(examples, characters, narrow_only=True)
        sizes = np.sqrt([len(pool) for pool in self._pools])
        self._weights = sizes / sizes.sum()

    def draw(self, epoch: int, index: int) -> tuple[Picture, NDArray[np.float32]]:
        """Draw one frame, (height, width, 3) uint8, and its labels, (characters,) float32.

        A label is 1 for present, 0 for surely absent, -1 for absent as far as anybody said.
        """
        random = np.random.default_rng((self.seed, epoch, index))
        mix = self.mix
        kind = random.choice(4, p=(mix.whole, mix.small, mix.beside, mix.nobody))
        frame, shown = (self._whole, self._small, self._beside, self._nobody)[kind](random)
        frame = degrade(jitter_colours(frame, random, mix.jitter), random)
        return np.ascontiguousarray(mirror_randomly(frame, random)), self._labels(shown)

    def _labels(self, shown: Sequence[Example]) -> NDArray[np.float32]:
        doubtful = any(not example.complete for example in shown)
        labels = np.full(self.characters, -1.0 if doubtful else 0.0, np.float32)
        for example in shown:
            labels[list(example.columns)] = 1.0
        return labels

    def _example(self, random: np.random.Generator, narrow: bool = False) -> Example:
        column = random.choice(self.characters, p=self._weights)
        pool = (self._narrow[column] if narrow else None) or self._pools[column]
        return self.examples[pool[random.integers(len(pool))]]

    def _cut(self, example: Example, random: np.random.Generator) -> Picture:
        return crop_randomly(mirror_randomly(example.picture, random), random, 0.03 if example.complete else 0.14)

    def _whole(self, random: np.random.Generator) -> tuple[Picture, list[Example]]:
        example = self._example(random)
        return place_picture(self._cut(example, random), self.input_size), [example]

    def _small(self, random: np.random.Generator) -> tuple[Picture, list[Example]]:
        frame = self._ground(random)
        width = self.input_size[1]
        if random.random() < 0.5:
            example = self._example(random)
            paste_randomly(frame, self._cut(example, random), random, (0, width), random.uniform(0.4, 0.95))
            return frame, [example]
        shown = [self._example(random), self._example(random)]
        middle = round(width * random.uniform(0.4, 0.6))
        for example, span in zip(shown, ((0, middle), (middle, width)), strict=True):
            paste_randomly(frame, self._cut(example, random), random, span, random.uniform(0.5, 0.95))
        return frame, shown

    def _beside(self, random: np.random.Generator) -> tuple[Picture, list[Example]]:
        height, width = film_size(self.input_size, random)
        panels = 3 if random.random() < (0.45 if width > 1.6 * height else 0.12) else 2
        empty = random.integers(panels) if random.random() < 0.15 else -1
        jitter = random.uniform(-0.06, 0.06, panels - 1) if random.random() < 0.5 else np.zeros(panels - 1)
        edges = [0, *np.round(width * (np.arange(1, panels) / panels + jitter)).astype(int), width]
        film, shown = np.zeros((height, width, 3), np.uint8), []
        for panel in range(panels):
            left, right = int(edges[panel]), int(edges[panel + 1])
            if panel == empty:
                film[:, left:right] = cv2.resize(self._stranger(random), (right - left, height))
                continue
            example = self._example(random, narrow=True)
            film[:, left:right] = fill_panel(self._cut(example, random), height, right - left)
            shown.append(example)
        return place_picture(film, self.input_size), shown

    def _nobody(self, random: np.random.Generator) -> tuple[Picture, list[Example]]:
        film = np.zeros((*film_size(self.input_size, random), 3), np.uint8)
        whole = self._stranger(random)
        if self.strangers and random.random() < 0.6:
            return place_picture(crop_randomly(whole, random, 0.5), self.input_size), []
        film[:] = cv2.resize(crop_randomly(whole, random, 0.3), film.shape[1::-1], interpolation=cv2.INTER_AREA)
        return place_picture(film, self.input_size), []

    def _ground(self, random: np.random.Generator) -> Picture:
        height, width = self.input_size
        if random.random() < 0.4:
            return np.zeros((height, width, 3), np.uint8)
        return np.asarray(cv2.resize(self._stranger(random), (width, height), interpolation=cv2.INTER_AREA), np.uint8)

    def _stranger(self, random: np.random.Generator) -> Picture:
        """Give a picture without anyone: a real one for two of three where there are any, else one that is made up."""
        if self.strangers and random.random() < 0.67:
            picture = self.strangers[int(random.integers(len(self.strangers)))]
            return rotate_hue(picture, random) if random.random() < 0.25 else picture
        return make_up_stranger(self._example(random).picture, self.input_size, random)


def batches(
    source: FrameSource, epoch: int, frames: int, batch_size: int, workers: int = 2
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    """Yield an epoch's frames in order, (batch, height, width, 3) and (batch, characters); holds a few batches."""

    def draw_batch(start: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        drawn = [source.draw(epoch, index) for index in range(start, start + batch_size)]
        return np.stack([frame for frame, _ in drawn]), np.stack([labels for _, labels in drawn])

    cv2.setNumThreads(1)
    with ThreadPoolExecutor(workers) as pool:
        waiting: list[Future[tuple[NDArray[np.uint8], NDArray[np.float32]]]] = []
        for start in range(0, max(1, frames // batch_size) * batch_size, batch_size):
            waiting.append(pool.submit(draw_batch, start))
            if len(waiting) > workers + 2:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _pools(examples: Sequence[Example], characters: int, narrow_only: bool) -> list[list[int]]:
    """List the examples of each column; narrow ones are less than 0.85 as wide as high."""
    pools: list[list[int]] = [[] for _ in range(characters)]
    for index, example in enumerate(examples):
        height, width = example.picture.shape[:2]
        if width < 0.85 * height or not narrow_only:
            for column in example.columns:
                pools[column].append(index)
    return pools
