"""Pictures on their way into a training frame: cropped, mirrored, turned, with labels and boxes that follow along."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.fitting import Placement
from vidtag.training.augment import Picture
from vidtag.training.dataset import Example
from vidtag.training.placing import scale_as_ffmpeg

# Somebody whose box lies mostly outside a crop may or may not be seen in the rest.
LEAST_OF_BOX = 0.4


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """A picture or cut-out.

    Attributes:
        picture: (height, width, 3) uint8 RGB.
        labels: (characters,) float32: 1 present, 0 surely absent, -1 not said.
        boxes: (n, 5) float32 rows of column, left, top, right, bottom as fractions of the picture.
        opacity: (height, width) uint8, 255 where the picture covers what is behind it; None for everywhere.
    """

    picture: Picture
    labels: NDArray[np.float32]
    boxes: NDArray[np.float32]
    opacity: NDArray[np.uint8] | None = None

    @classmethod
    def of(cls, example: Example) -> "Piece":
        """Take an example as it is."""
        return cls(example.picture, example.labels, example.boxes, example.opacity)

    @classmethod
    def of_nobody(cls, picture: Picture, characters: int) -> "Piece":
        """Take a picture without anyone of the cast."""
        return cls(picture, np.zeros(characters, np.float32), np.zeros((0, 5), np.float32))

    @property
    def columns(self) -> list[int]:
        """The characters it shows."""
        return list(np.flatnonzero(self.labels == 1))

    def mirrored(self) -> "Piece":
        """Mirror it left to right."""
        boxes = self.boxes.copy()
        boxes[:, [1, 3]] = 1 - boxes[:, [3, 1]]
        opacity = None if self.opacity is None else self.opacity[:, ::-1]
        return replace(self, picture=self.picture[:, ::-1], boxes=boxes, opacity=opacity)

    def cropped(self, part: Placement) -> "Piece":
        """Keep a part of it, in px; somebody whose boxes are mostly cut off is not said to be there any more."""
        rows, columns = slice(part.top, part.top + part.height), slice(part.left, part.left + part.width)
        height, width = self.picture.shape[:2]
        scale = np.array([width / part.width, height / part.height] * 2, np.float32)
        shift = np.array([part.left / part.width, part.top / part.height] * 2, np.float32)
        whole = self.boxes[:, 1:] * scale - shift
        inside = whole.clip(0, 1)
        kept = _areas(inside) >= LEAST_OF_BOX * _areas(whole)
        labels = self.labels.copy()
        boxed = set(self.boxes[:, 0].astype(int)) - {-1}
        for column in boxed - set(self.boxes[kept, 0].astype(int)):
            labels[column] = -1.0 if labels[column] == 1 else labels[column]
        boxes = np.column_stack([self.boxes[kept, 0], inside[kept]]).astype(np.float32)
        opacity = None if self.opacity is None else self.opacity[rows, columns]
        return Piece(self.picture[rows, columns], labels, boxes, opacity)

    def turned(self, degrees: float) -> "Piece":
        """Turn it about its centre, counter-clockwise; the corners that come free are see-through."""
        height, width = self.picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
        size = (round(width * cosine + height * sine), round(height * cosine + width * sine))
        turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
        solid = np.full((height, width), 255, np.uint8) if self.opacity is None else np.ascontiguousarray(self.opacity)
        picture = cv2.warpAffine(np.ascontiguousarray(self.picture), turn, size, borderMode=cv2.BORDER_REPLICATE)
        boxes = self.boxes.copy()
        for row in boxes:
            corners = np.array([(row[x] * width, row[y] * height, 1) for x in (1, 3) for y in (2, 4)]) @ turn.T
            row[1:3], row[3:5] = corners.min(0) / size, corners.max(0) / size
        boxes[:, 1:] = boxes[:, 1:].clip(0, 1)
        opacity = np.asarray(cv2.warpAffine(solid, turn, size), np.uint8)
        return Piece(np.asarray(picture, np.uint8), self.labels, boxes, opacity)


class Canvas:
    """A frame that pieces are put onto, one over the other; it knows who stays visible, and where.

    Args:
        ground: (height, width, 3) uint8 RGB without anyone; is painted over.
        characters: columns of the labels.
        least_visible: share of a piece that must stay uncovered for its characters to count as present, 0-1.
    """

    def __init__(self, ground: Picture, characters: int, least_visible: float = 0.4) -> None:
        self.frame, self.characters, self.least_visible = ground, characters, least_visible
        self._owner = np.full(ground.shape[:2], -1, np.int16)
        self._placed: list[tuple[Piece, Placement, int]] = []

    def paste(self, piece: Piece, place: Placement) -> None:
        """Scale a piece to a place, in px inside the frame, and put it on top."""
        rows, columns = slice(place.top, place.top + place.height), slice(place.left, place.left + place.width)
        scaled = scale_as_ffmpeg(piece.picture, place.width, place.height)
        if piece.opacity is None:
            self.frame[rows, columns] = scaled
            solid = np.ones((place.height, place.width), np.bool_)
        else:
            opacity = cv2.resize(piece.opacity, (place.width, place.height), interpolation=cv2.INTER_AREA)
            share = opacity.astype(np.float32)[..., np.newaxis] / 255
            self.frame[rows, columns] = scaled * share + self.frame[rows, columns] * (1 - share)
            solid = opacity > 127
        self._owner[rows, columns][solid] = len(self._placed)
        self._placed.append((piece, place, int(solid.sum())))

    def overlap(self, place: Placement) -> float:
        """Give the share of a place that earlier pieces cover."""
        covered = self._owner[place.top : place.top + place.height, place.left : place.left + place.width] >= 0
        return float(covered.mean())

    def visible(self) -> list[tuple[Piece, Placement]]:
        """List the pieces that stay visible by more than the stated share, with their places."""
        left = np.bincount(self._owner[self._owner >= 0], minlength=len(self._placed))
        return [
            (piece, place)
            for (piece, place, solid), uncovered in zip(self._placed, left.tolist(), strict=True)
            if solid and uncovered > self.least_visible * solid
        ]

    def labels(self) -> NDArray[np.float32]:
        """Give (characters,) float32: 1 where a visible piece shows somebody, -1 where one does not say, else 0."""
        labels = np.zeros((len(self._placed) + 1, self.characters), np.float32)
        for row, (piece, _) in zip(labels, self.visible(), strict=False):
            row[:] = piece.labels
        return np.where((labels == 1).any(0), 1, np.where((labels < 0).any(0), -1, 0)).astype(np.float32)

    def boxes(self) -> NDArray[np.float32]:
        """Give (n, 5) float32: the column and, as fractions of the frame, where somebody present must be looked for.

        That is half a box's size around a box, because a face's box speaks for the body too; without one, the piece.
        """
        height, width = self.frame.shape[:2]
        rows = []
        for piece, place in self.visible():
            scale, shift = np.array([place.width, place.height] * 2), np.array([place.left, place.top] * 2)
            for column in piece.columns:
                own = piece.boxes[piece.boxes[:, 0] == column, 1:]
                sides = (own[:, 2:] - own[:, :2]) / 2
                around = np.concatenate([own[:, :2] - sides, own[:, 2:] + sides], axis=1).clip(0, 1)
                for box in around if len(own) else np.array([[0.0, 0.0, 1.0, 1.0]]):
                    rows.append([column, *(box * scale + shift) / [width, height, width, height]])
        return np.array(rows, np.float32).reshape(-1, 5)


def mark_cells(boxes: NDArray[np.float32], characters: int, grid: tuple[int, int]) -> NDArray[np.uint8]:
    """Mark the cells of a grid where each character may be: those that touch one of its boxes.

    Args:
        boxes: (n, 5) of column, left, top, right, bottom as fractions of the frame.
        characters: columns of the answer.
        grid: (rows, columns) of the maps.

    Returns:
        (rows, columns, characters) uint8, 1 for may be; all 1 for a character without a box.
    """
    marks = np.zeros((*grid, characters), np.uint8)
    down, across = (np.arange(cells) / cells for cells in grid)
    for column, left, top, right, bottom in boxes:
        x = (across + 1 / grid[1] > left) & (across < right)
        y = (down + 1 / grid[0] > top) & (down < bottom)
        marks[..., int(column)] |= np.outer(y, x).astype(np.uint8)
    marks[..., ~marks.any((0, 1))] = 1
    return marks


def _areas(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1]), np.float32)
