"""Prepares single pictures for a network as the film reader and the predictor do together for films."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from vidtag.predictors.preprocessing import Preprocessing
from vidtag.training.augment import Picture
from vidtag.training.dataset import Example
from vidtag.training.placing import place_picture, scale_as_ffmpeg


def fit_picture(
    picture: Picture,
    input_size: tuple[int, int],
    preprocessing: Preprocessing,
    box: Sequence[float] | None = None,
) -> Picture:
    """Bring a picture into a network's input size: what a predictor takes.

    Args:
        picture: (rows, columns, 3) uint8 RGB.
        input_size: (height, width) in px.
        preprocessing: whether the picture keeps its aspect, and whether its box is cut out.
        box: left, top, right, bottom as fractions, where somebody is; None where nobody says.

    Returns:
        (height, width, 3) uint8 RGB. The predictor finishes it, see `Preprocessing.finish`.
    """
    if box is not None and preprocessing.cuts_boxes:
        picture = cut_box(picture, box)
    if preprocessing.keeps_aspect:
        return place_picture(picture, input_size)
    return scale_as_ffmpeg(picture, input_size[1], input_size[0])


def fit_example(example: Example, input_size: tuple[int, int], preprocessing: Preprocessing) -> Picture:
    """Bring an example into a network's input size, its largest box where boxes are cut: what a predictor takes."""
    boxes = example.boxes[example.boxes[:, 0] >= 0, 1:]
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    box = boxes[areas.argmax()].tolist() if len(boxes) else None
    return fit_picture(example.picture, input_size, preprocessing, box)


def cut_examples(examples: Iterable[Example], preprocessing: Preprocessing) -> list[Example]:
    """Cut examples to their largest boxes of the cast where pictures are prepared so; give the others as they are.

    Whoever else is present may be inside the box or not, so the label becomes -1; absent ones stay absent.
    """
    return [_cut(example) if preprocessing.cuts_boxes else example for example in examples]


def _cut(example: Example) -> Example:
    boxes = example.boxes[example.boxes[:, 0] >= 0]
    if not len(boxes):
        return example
    column, *corners = boxes[((boxes[:, 3] - boxes[:, 1]) * (boxes[:, 4] - boxes[:, 2])).argmax()].tolist()
    labels = np.where(example.labels == 1, np.float32(-1), example.labels)
    labels[int(column)] = 1
    picture = np.ascontiguousarray(cut_box(example.picture, corners))
    opacity = None if example.opacity is None else np.ascontiguousarray(cut_box(example.opacity, corners))
    return replace(example, picture=picture, labels=labels, boxes=boxes[:0], opacity=opacity)


def prepare_example(example: Example, input_size: tuple[int, int], preprocessing: Preprocessing) -> Picture:
    """Give an example as its network sees it in the end: fitted and finished."""
    fitted = fit_example(example, input_size, preprocessing)
    return np.asarray(preprocessing.finish(fitted[np.newaxis])[0], np.uint8)


def cut_box(picture: Picture, box: Sequence[float]) -> Picture:
    """Cut a box, left, top, right and bottom as fractions, out of a picture; at least a pixel of it."""
    rows, columns = picture.shape[:2]
    left, top = min(int(box[0] * columns), columns - 1), min(int(box[1] * rows), rows - 1)
    right, bottom = max(left + 1, round(box[2] * columns)), max(top + 1, round(box[3] * rows))
    return picture[top:bottom, left:right]
