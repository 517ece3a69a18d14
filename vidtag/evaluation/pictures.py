"""Scores labelled pictures, placed into the network's input as a film's frames would be."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import InputError, OptionError
from vidtag.evaluation.scored import ScoredSet
from vidtag.predictors.predictor import Predictor
from vidtag.predictors.preprocessing import Preprocessing
from vidtag.records.reports import readable
from vidtag.training.dataset import Example, Skipped, load_examples
from vidtag.training.listing import Listed
from vidtag.training.preparing import cut_examples, fit_picture

AUTO, ABSENT, UNKNOWN = "auto", "absent", "unknown"
UNNAMED = (AUTO, ABSENT, UNKNOWN)
_AT_ONCE = 64


def read_pictures(
    listed: Sequence[Listed], cast: Cast, input_size: tuple[int, int]
) -> tuple[list[Example], list[Skipped]]:
    """Read labelled pictures, as for training, and say which cannot serve.

    Args:
        listed: the pictures; at least one.
        cast: whom they may name.
        input_size: (height, width) in px of the network; pictures are kept a little larger.

    Raises:
        InputError: none of them can be read, or one is of somebody who is not in the cast.
    """
    examples, skipped = load_examples(listed, cast, round(1.25 * max(input_size)))
    if not examples:
        raise InputError(
            f"none of {len(skipped)} pictures can be used; the first, {skipped[0].path}, {skipped[0].reason}"
        )
    return examples, skipped


def score_pictures(
    examples: Sequence[Example],
    predictor: Predictor,
    preprocessing: Preprocessing,
    root: Path,
    unnamed: str = AUTO,
) -> ScoredSet:
    """Score pictures and settle what is known of those whom the labels do not name.

    Where the network is used to boxes, the largest of each picture is cut out, and whoever else the picture shows is
    not scored: nobody says whether the box holds them, too.

    Args:
        examples: at least one.
        predictor: gives the scores.
        preprocessing: of the predictor's bundle.
        root: names of samples are paths from here.
        unnamed: see `settle_unnamed`.

    Raises:
        OptionError: `unnamed` is none of `UNNAMED`.
    """
    labels, notes = settle_unnamed(np.stack([example.labels for example in examples]), predictor.cast, unnamed)
    settled = (replace(example, labels=row) for example, row in zip(examples, labels, strict=True))
    seen = cut_examples(settled, preprocessing)
    frames = [fit_picture(example.picture, predictor.input_size, preprocessing) for example in seen]
    scores, seconds = timed_scores(predictor, frames)
    return ScoredSet(
        cast=predictor.cast,
        labels=np.stack([example.labels for example in seen]),
        scores=scores,
        thresholds=predictor.thresholds,
        main=np.array([_main(example, predictor.cast) for example in seen]),
        names=tuple(_name(example.path, root) for example in examples),
        units=np.arange(len(examples)),
        picture=lambda index: seen[index].picture,
        seconds_a_frame=seconds,
        notes=notes,
    )


def settle_unnamed(
    labels: NDArray[np.float32], cast: Cast, unnamed: str
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Decide about -1, absent as far as anybody said.

    Args:
        labels: (n, characters) 1, 0 or -1.
        cast: for the note.
        unnamed: `unknown` leaves them unscored; `absent` counts them as absent; `auto` does that for those characters
            only of whom no picture of somebody else says that they are absent, as in a folder a character: without it
            nobody could be mixed up.

    Returns:
        The settled labels, and a note where something was assumed.

    Raises:
        OptionError: `unnamed` is none of `UNNAMED`.
    """
    if unnamed not in UNNAMED:
        raise OptionError(f"whoever is not named is {', '.join(UNNAMED)}, got {unnamed!r}")
    if unnamed == UNKNOWN:
        return labels, ()
    told = ((labels == 0) & (labels == 1).any(1, keepdims=True)).any(0)
    assumed = (labels < 0).any(0) & (~told if unnamed == AUTO else True)
    if not assumed.any():
        return labels, ()
    who = "everyone" if assumed.all() else ", ".join(np.array(cast.names)[assumed].tolist())
    note = f"counted as absent where a picture does not name them: {who}; somebody in the background is then a mistake"
    return np.where((labels < 0) & assumed, np.float32(0), labels), (note,)


def timed_scores(predictor: Predictor, frames: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], float]:
    """Give (n, characters) scores of frames, n >= 1, and the median of the seconds a frame."""
    predictor(frames[0][np.newaxis])  # a first call may compile
    parts, seconds = [], []
    for start in range(0, len(frames), _AT_ONCE):
        batch = np.stack(frames[start : start + _AT_ONCE])
        before = time.perf_counter()
        parts.append(predictor(batch))
        seconds.append((time.perf_counter() - before) / len(batch))
    return np.concatenate(parts), float(np.median(seconds))


def _main(example: Example, cast: Cast) -> int:
    """Give whom a picture is of: the only character, or the one whom its folder is named after; else -1."""
    columns, folder = example.columns, example.path.parent.name.replace(" ", "_")
    if len(columns) != 1:
        columns = tuple(column for column in columns if cast.ids[column] == folder)
    return columns[0] if columns else -1


def _name(path: Path, root: Path) -> str:
    return readable(path.relative_to(root) if path.is_relative_to(root) else path)
