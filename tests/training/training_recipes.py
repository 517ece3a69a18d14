"""Small trainings for tests: two characters that a tiny network can tell apart, a red disc and a blue square."""

from pathlib import Path

import cv2
import numpy as np

from vidtag.training.dataset import Example
from vidtag.training.frames import FrameSource
from vidtag.training.mix import FrameMix
from vidtag.training.options import TrainingOptions

SIZE = (32, 48)
SMALL = ("--set", "blocks=2", "--set", "alpha=0.25", "--set", "stride=8", "--input-size", "32x48", "--batch-size", "16")
SHORT = ("--epochs", "1", "--frames", "16")


def draw_shape(identity, random):
    """Draw a picture of (60, 44, 3) uint8 RGB."""
    picture = random.integers(60, 120, (60, 44, 3)).astype(np.uint8)
    x, y = (int(value) for value in random.integers(15, 29, 2))
    if identity == "disc":
        cv2.circle(picture, (x, y), 12, (240, 20, 20), -1)
    else:
        cv2.rectangle(picture, (x - 11, y - 11), (x + 11, y + 11), (20, 20, 240), -1)
    return picture


def write_shapes(folder, counts=(24, 24), seed=0):
    """Write a folder of pictures for each of the two; give their folder."""
    random = np.random.default_rng(seed)
    for identity, count in zip(("disc", "square"), counts, strict=True):
        (folder / identity).mkdir(parents=True)
        for index in range(count):
            cv2.imwrite(str(folder / identity / f"{index}.png"), draw_shape(identity, random)[..., ::-1])
    return folder


def small_options(**changes):
    """Give options of three short rounds."""
    given = {
        "pictures": (Path("p"),),
        "output": Path("o"),
        "arguments": {"blocks": 2, "alpha": 0.25, "stride": 4, "dropout": 0.2},
        "epochs": 3,
        "frames": 16,
        "batch_size": 8,
        "input_size": SIZE,
    }
    return TrainingOptions(**given | changes)


def small_source(seed=1, **kwargs):
    """Give frames of a red and a blue character."""
    examples = [
        Example.showing(Path("x"), np.full((40, 30, 3), colour, np.uint8), (column,), 2)
        for column, colour in enumerate(((230, 40, 40), (40, 40, 230)))
    ]
    return FrameSource(examples, [], 2, SIZE, FrameMix(), seed, **kwargs)
