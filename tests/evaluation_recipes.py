"""A model whose scores are the mean red, green and blue of a picture, and pictures in these colours."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from vidtag.cast import Cast
from vidtag.evaluation.scored import ScoredSet
from vidtag.records.bundlewriter import save_bundle

CAST = Cast.of("red", "green", "blue")
SIZE = (48, 64)


@dataclass
class ColourPredictor:
    """A predictor that needs no network."""

    cast: Cast = CAST
    thresholds: np.ndarray = field(default_factory=lambda: np.full(3, 0.5, np.float32))
    input_size: tuple[int, int] = SIZE
    backend: str = "colours-cpu"

    def __call__(self, pictures):
        return (pictures.reshape(len(pictures), -1, 3).mean(1) / 255).astype(np.float32)


def colour_bundle(folder, **changes):
    facts = {
        "cast": CAST,
        "network": "mobilenet-detectors",
        "input_size": SIZE,
        "thresholds": np.array([0.3, 0.4, 0.5], np.float32),
        "chosen": "in training",
    }
    return save_bundle(folder, arrays={"a": np.ones(1, np.float32)}, card="card", **facts | changes)


def write_picture(path, *levels):
    """Write a 64x48 picture of one colour, red, green and blue 0-1; a corner differs, as copies are skipped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.empty((*SIZE, 3), np.uint8)
    picture[:] = np.round(255 * np.array(levels)[::-1])
    picture[:4, :4] = np.random.default_rng(sum(path.as_posix().encode())).integers(0, 256, (4, 4, 3))
    assert cv2.imwrite(str(path), picture)
    return path


def scored_set(labels, scores, **changes):
    """Make a scored set of plain lists; thresholds 0.5, pictures black."""
    labels, scores = np.array(labels, np.float32), np.array(scores, np.float32)
    count, characters = labels.shape
    single = (labels == 1).sum(1) == 1
    facts = {
        "cast": Cast.of(*"abcdefgh"[:characters]),
        "thresholds": np.full(characters, 0.5, np.float32),
        "main": np.where(single, labels.argmax(1), -1),
        "names": tuple(f"sample {row}" for row in range(count)),
        "units": np.arange(count),
        "picture": lambda index: np.zeros((20, 30, 3), np.uint8),
    }
    return ScoredSet(labels=labels, scores=scores, **facts | changes)
