"""The truth as files: who is present in each frame, and the screen times that follow from it."""

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np

from .characters import IDS
from .film import seconds

COLUMNS = ("episode", "character", "screen_time_s", "share", "appearances", "first_s", "last_s", "longest_s")


def spans(present: np.ndarray) -> list[tuple[Fraction, Fraction]]:
    """Give the half-open stretches, in seconds, in which a (frames,) bool is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    return [(seconds(int(start)), seconds(int(end))) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def screen_times(name: str, present: np.ndarray) -> list[tuple[object, ...]]:
    """Give the rows of the expected table, in cast order, from (frames, cast) bool; seconds with 3 decimals."""
    end, rows = seconds(len(present)), []
    for column, identity in enumerate(IDS):
        found = spans(present[:, column])
        total = sum((stop - start for start, stop in found), Fraction(0))
        marks = (found[0][0], found[-1][1], max(stop - start for start, stop in found)) if found else ()
        texts = [f"{float(mark):.3f}" for mark in marks] or ["", "", ""]
        rows.append((name, identity, f"{float(total):.3f}", f"{float(total / end):.4f}", len(found), *texts))
    return rows


def write_truth(folder: Path, name: str, present: np.ndarray) -> None:
    """Write the truth of every frame and the expected table.

    Args:
        folder: where to.
        name: of the film, without a suffix.
        present: (frames, cast) bool.
    """
    with (folder / f"{name}.truth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("frame", "time_s", *IDS))
        for number, flags in enumerate(present):
            writer.writerow((number, f"{float(seconds(number)):.6f}", *flags.astype(int)))
    with (folder / f"{name}.expected.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(screen_times(name, present))
