"""Training pictures on disk: many labelled frames, a folder a character, and a folder of nobody."""

import csv
from functools import partial
from pathlib import Path

import numpy as np

from .characters import IDS
from .icons import write_cast, write_picture
from .random_shots import choose_cast, random_picture
from .workers import in_order

SINGLES, NOBODY = 150, 300
_MIXED, _SINGLE, _EMPTY = 0, 1, 2  # streams of chance, so that no two kinds of picture repeat each other


def _mixed_picture(folder: Path, seed: int, number: int) -> tuple[str, str]:
    """Write one picture of the labelled set; give its path in the set and the ids in it."""
    rng = np.random.default_rng([seed, _MIXED, number])
    picture = random_picture(rng, choose_cast(rng))
    path = f"frames/{number:05d}.jpg"
    write_picture(folder / path, picture.image)
    return path, " ".join(picture.ids)


def _single_picture(folder: Path, seed: int, number: int) -> None:
    """Write a picture of exactly one character; tries until that one is seen."""
    identity = IDS[number % len(IDS)]
    rng = np.random.default_rng([seed, _SINGLE, number])
    while (picture := random_picture(rng, [identity], plain=True)).ids != (identity,):
        pass
    write_picture(folder / identity / f"{number // len(IDS):04d}.jpg", picture.image)


def _empty_picture(folder: Path, seed: int, number: int) -> None:
    """Write a picture without any of the cast."""
    rng = np.random.default_rng([seed, _EMPTY, number])
    write_picture(folder / f"{number:04d}.jpg", random_picture(rng, []).image)


def write_nobody(folder: Path, count: int, seed: int) -> None:
    """Write `count` pictures without any of the cast into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    list(in_order(partial(_empty_picture, folder, seed), range(count)))


def write_training(folder: Path, count: int, seed: int) -> None:
    """Write a whole training set: frames/ and labels.csv, a folder a character, _nobody/ and cast/."""
    for part in ("frames", *IDS):
        (folder / part).mkdir(parents=True, exist_ok=True)
    write_cast(folder / "cast")
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("path", "characters"))
        writer.writerows(in_order(partial(_mixed_picture, folder, seed), range(count)))
    few = min(SINGLES, count)
    list(in_order(partial(_single_picture, folder, seed), range(few * len(IDS))))
    write_nobody(folder / "_nobody", min(NOBODY, count), seed)
