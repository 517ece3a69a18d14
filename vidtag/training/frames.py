"""Draws training frames without end: one picture fitted into a frame, several side by side, small ones, scenes, nobody.

Frame (epoch, index) of a source is always the same, whatever thread draws it and in whatever order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.fitting import Placement, fit_inside
from vidtag.predictors.preprocessing import PREPROCESSINGS, Preprocessing
from vidtag.records.bundles import DEFAULT_PREPROCESSING
from vidtag.training.augment import Picture, crop_randomly, degrade, fade_randomly, jitter_colours, random_part
from vidtag.training.cutouts import cut_plain_ground
from vidtag.training.dataset import Example
from vidtag.training.mix import FrameMix
from vidtag.training.pieces import Canvas, Piece, mark_cells
from vidtag.training.placing import film_size, panel_place, random_place, scale_as_ffmpeg
from vidtag.training.strangers import borrow_colours, make_up_stranger, rotate_hue

DEFAULT = PREPROCESSINGS[DEFAULT_PREPROCESSING]
# Power of the number of a character's pictures to which it is drawn.
_BALANCES = {"sqrt": 0.5, "equal": 0.0, "none": 1.0}
# Tries to find a place for a piece of a scene where it covers little of the others.
_TRIES = 6
# Most of its width and height that a picture loses: by a plain crop, and by a close-up where boxes say who is left in
# it, and where nothing does.
_CROPPED, _CROPPED_COMPLETE, _ZOOMED, _ZOOMED_BLINDLY = 0.14, 0.03, 0.55, 0.35
# A box's crop shows as much again around it, so that a face brings its head and shoulders along.
_AROUND_BOX = 0.6


@dataclass(frozen=True, eq=False, slots=True)
class DrawnFrame:
    """A training frame.

    Attributes:
        picture: (height, width, 3) uint8 RGB.
        labels: (characters,) float32: 1 present, 0 surely absent, -1 absent as far as anybody said.
        boxes: (n, 5) float32 rows of column, left, top, right, bottom: where those present may be, fractions.
    """

    picture: Picture
    labels: NDArray[np.float32]
    boxes: NDArray[np.float32]

    def places(self, grid: tuple[int, int]) -> NDArray[np.uint8]:
        """Mark in (rows, columns, characters) uint8 where each character may be; see `mark_cells`."""
        return mark_cells(self.boxes, len(self.labels), grid)


class FrameSource:
    """Draws training frames from examples.

    Args:
        examples: pictures that show somebody.
        strangers: pictures without anyone of the cast; may be empty.
        characters: columns of the labels.
        input_size: (height, width) in px.
        mix: shares of the kinds of frames.
        seed: two sources of the same arguments draw the same frames.
        balance: how often a character is drawn: `sqrt`, by the root of the number of its pictures; `equal`, all alike;
            or `none`, by their number.
        preprocessing: whether pictures keep their aspect in the frame, and what is done to the frame last.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        strangers: Sequence[Picture],
        characters: int,
        input_size: tuple[int, int],
        mix: FrameMix,
        seed: int,
        balance: str = "sqrt",
        preprocessing: Preprocessing = DEFAULT,
    ) -> None:
        self.examples, self.strangers, self.characters = examples, strangers, characters
        self.input_size, self.mix, self.seed, self.preprocessing = input_size, mix, seed, preprocessing
        self._pools = _pools(examples, characters, narrow_only=False)
        self._narrow = _pools(examples, characters, narrow_only=True)
        counts = np.array([len(pool) for pool in self._pools])
        sizes = np.where(counts > 0, counts ** _BALANCES[balance], 0.0)
        self._weights = sizes / sizes.sum()
        self._opacities: dict[int, NDArray[np.uint8] | None] = {}
        self._ways: dict[str, Callable[[np.random.Generator], Canvas]] = {
            "whole": self._whole,
            "small": self._small,
            "beside": self._beside,
            "scene": self._scene,
            "nobody": self._nobody,
        }

    def draw(self, epoch: int, index: int) -> DrawnFrame:
        """Draw one frame."""
        random = np.random.default_rng((self.seed, epoch, index))
        canvas = self._ways[self.mix.draw(random)](random)
        boxes, frame = canvas.boxes(), canvas.frame
        height, width = self.input_size
        place = self._fit(frame)
        if frame.shape[:2] != self.input_size:  # a film of another shape stands between black bars
            full = np.zeros((height, width, 3), np.uint8)
            rows, columns = slice(place.top, place.top + place.height), slice(place.left, place.left + place.width)
            full[rows, columns] = scale_as_ffmpeg(frame, place.width, place.height)
            frame = full
            scale, shift = np.array([place.width, place.height] * 2), np.array([place.left, place.top] * 2)
            boxes[:, 1:] = (boxes[:, 1:] * scale + shift) / [width, height, width, height]
        frame = degrade(fade_randomly(jitter_colours(frame, random, self.mix.jitter), random, self.mix.fade), random)
        if random.random() < 0.5:
            frame = np.ascontiguousarray(frame[:, ::-1])
            boxes[:, [1, 3]] = 1 - boxes[:, [3, 1]]
        return DrawnFrame(self.preprocessing.finish(frame[np.newaxis])[0], canvas.labels(), boxes)

    def _fit(self, picture: Picture) -> Placement:
        """Give the place of a picture that fills the frame: with black beside it, or stretched."""
        height, width = self.input_size
        if self.preprocessing.keeps_aspect:
            return fit_inside(picture.shape[1], picture.shape[0], width, height)
        return Placement(width, height, 0, 0)

    def _example(self, random: np.random.Generator, narrow: bool = False) -> Example:
        return self.examples[self._index(random, narrow)]

    def _index(self, random: np.random.Generator, narrow: bool = False) -> int:
        column = random.choice(self.characters, p=self._weights)
        pool = (self._narrow[column] if narrow else None) or self._pools[column]
        return pool[random.integers(len(pool))]

    def _piece(self, example: Example, random: np.random.Generator) -> Piece:
        """Take an example, mirrored or not, with a little cut off its sides, or in close-up with much."""
        piece = Piece.of(example)
        piece = piece.mirrored() if random.random() < 0.5 else piece
        most = _CROPPED_COMPLETE if example.complete else _CROPPED
        if random.random() < self.mix.zoom and not example.complete:
            most = _ZOOMED if np.isin(piece.columns, piece.boxes[:, 0]).all() else _ZOOMED_BLINDLY
        return piece.cropped(random_part(piece.picture.shape[:2], random, most))

    def _tilted(self, piece: Piece, random: np.random.Generator) -> Piece:
        return piece.turned(random.uniform(-self.mix.turn, self.mix.turn)) if random.random() < self.mix.tilt else piece

    def _whole(self, random: np.random.Generator) -> Canvas:
        piece = self._tilted(self._piece(self._example(random), random), random)
        height, width = self.input_size
        ground = self._ground(random) if piece.opacity is not None else np.zeros((height, width, 3), np.uint8)
        canvas = Canvas(ground, self.characters)
        stretched = random.random() < self.mix.stretch
        canvas.paste(piece, Placement(width, height, left=0, top=0) if stretched else self._fit(piece.picture))
        return canvas

    def _small(self, random: np.random.Generator) -> Canvas:
        """One or two pictures, scaled down, anywhere on a ground without anyone."""
        canvas = Canvas(self._ground(random), self.characters)
        height, width = self.input_size
        alone = random.random() < 0.5
        middle = width if alone else round(width * random.uniform(0.4, 0.6))
        for left, right in ((0, middle), (middle, width))[: 1 if alone else 2]:
            piece = self._tilted(self._piece(self._example(random), random), random)
            share = random.uniform(0.4 if alone else 0.5, 0.95)
            canvas.paste(piece, random_place(piece.picture.shape[:2], (height, left, right), share, random))
        return canvas

    def _beside(self, random: np.random.Generator) -> Canvas:
        """Two or three half frames side by side, now and then one of them without anyone."""
        height, width = film_size(self.input_size, random)
        panels = 3 if random.random() < (0.45 if width > 1.6 * height else 0.12) else 2
        empty = random.integers(panels) if random.random() < 0.15 else -1
        jitter = random.uniform(-0.06, 0.06, panels - 1) if random.random() < 0.5 else np.zeros(panels - 1)
        edges = [0, *np.round(width * (np.arange(1, panels) / panels + jitter)).astype(int), width]
        canvas = Canvas(np.zeros((height, width, 3), np.uint8), self.characters)
        for panel in range(panels):
            left, right = int(edges[panel]), int(edges[panel + 1])
            if panel == empty:
                piece = Piece.of_nobody(self._stranger(random), self.characters)
                canvas.paste(piece, Placement(right - left, height, left, 0))
            else:
                piece = self._piece(self._example(random, narrow=True), random)
                canvas.paste(piece, panel_place(piece.picture.shape[:2], height, left, right))
        return canvas

    def _scene(self, random: np.random.Generator) -> Canvas:
        """One to four characters and now and then a stranger, cut out where that can be done, before a ground."""
        height, width = self.input_size
        canvas = Canvas(self._ground(random), self.characters, self.mix.least_visible)
        count = 1 + int(random.choice(len(self.mix.crowd), p=self.mix.crowd))
        pieces = [self._figure(self._index(random), random) for _ in range(count)]
        if random.random() < 0.25:
            pieces.append(Piece.of_nobody(self._stranger(random), self.characters))
        for piece in pieces:
            share = random.uniform(*self.mix.scale)
            size = piece.picture.shape[:2]
            places = [random_place(size, (height, 0, width), share, random) for _ in range(_TRIES)]
            canvas.paste(piece, min(places, key=canvas.overlap))
        return canvas

    def _figure(self, index: int, random: np.random.Generator) -> Piece:
        """Take a character out of an example: its cut-out, turned; or what is around one of its boxes; or the whole."""
        example = self.examples[index]
        piece = Piece.of(example)
        if piece.opacity is None:
            if index not in self._opacities:
                self._opacities[index] = cut_plain_ground(example.picture)
            piece = Piece(piece.picture, piece.labels, piece.boxes, self._opacities[index])
        piece = piece.mirrored() if random.random() < 0.5 else piece
        if piece.opacity is not None:
            return piece.turned(random.uniform(-self.mix.turn, self.mix.turn))
        named = piece.boxes[np.isin(piece.boxes[:, 0], piece.columns)]
        if not len(named):
            return piece
        height, width = piece.picture.shape[:2]
        left, top, right, bottom = named[random.integers(len(named)), 1:]
        wide, high = _AROUND_BOX * (right - left), _AROUND_BOX * (bottom - top)
        x0, x1 = (int(min(max(x, 0), 1) * width) for x in (left - wide, right + wide))
        y0, y1 = (int(min(max(y, 0), 1) * height) for y in (top - high, bottom + 2 * high))
        return piece.cropped(Placement(max(2, x1 - x0), max(2, y1 - y0), min(x0, width - 2), min(y0, height - 2)))

    def _nobody(self, random: np.random.Generator) -> Canvas:
        height, width = film_size(self.input_size, random)
        picture = self._stranger(random)
        if self.strangers and random.random() < 0.6:  # in its own shape
            picture = crop_randomly(picture, random, 0.5)
            place = self._fit(picture)
            height, width = place.height, place.width
        else:
            picture = crop_randomly(picture, random, 0.3)
        frame = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        return Canvas(np.asarray(frame, np.uint8), self.characters)

    def _ground(self, random: np.random.Generator) -> Picture:
        height, width = self.input_size
        if random.random() < 0.4:
            return np.zeros((height, width, 3), np.uint8)
        return np.asarray(cv2.resize(self._stranger(random), (width, height), interpolation=cv2.INTER_AREA), np.uint8)

    def _stranger(self, random: np.random.Generator) -> Picture:
        """Give a picture without anyone: a real one for two of three where there are any, else one that is made up."""
        if self.strangers and random.random() < 0.67:
            picture = self.strangers[int(random.integers(len(self.strangers)))]
            chance = random.random()
            if chance < 0.25:
                return borrow_colours(picture, self._example(random).picture)
            return rotate_hue(picture, random) if chance < 0.5 else picture
        return make_up_stranger(self._example(random).picture, self.input_size, random)


def _pools(examples: Sequence[Example], characters: int, narrow_only: bool) -> list[list[int]]:
    """List the examples of each column; narrow ones are less than 0.85 as wide as high."""
    pools: list[list[int]] = [[] for _ in range(characters)]
    for index, example in enumerate(examples):
        height, width = example.picture.shape[:2]
        if width < 0.85 * height or not narrow_only:
            for column in example.columns:
                pools[column].append(index)
    return pools
