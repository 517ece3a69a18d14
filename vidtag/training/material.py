"""Reads what a model learns from, out of all sources, and holds some of it out."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vidtag.cast import Cast
from vidtag.errors import InputError
from vidtag.predictors.preprocessing import Preprocessing, find_preprocessing
from vidtag.records.casts import read_cast
from vidtag.records.intervals import named_cast, read_intervals
from vidtag.training.dataset import Example, load_examples
from vidtag.training.intervals import interval_frames
from vidtag.training.listing import (
    CAST,
    SUFFIXES,
    Listed,
    list_pictures,
    list_strangers,
    list_table,
)
from vidtag.training.options import TrainingOptions
from vidtag.training.preparing import cut_box
from vidtag.training.split import hold_out

_SPARE = 1.25  # pictures are kept a little larger than the network's input, as they are cropped


@dataclass(frozen=True, eq=False, slots=True)
class Material:
    """What a model learns from.

    Attributes:
        cast: column order.
        learning: to learn from; with somebody of the cast, or with nobody.
        held_out: to choose thresholds on and to measure.
    """

    cast: Cast
    learning: Sequence[Example]
    held_out: Sequence[Example]

    @property
    def digest(self) -> str:
        """Digest of pictures and labels, hexadecimal: a run that goes on must have the same ones."""
        total = hashlib.blake2b(digest_size=16)
        for example in (*self.learning, *self.held_out):
            for array in (example.picture, example.labels, example.boxes):
                total.update(repr(array.shape).encode())
                total.update(array.tobytes())
        return total.hexdigest()


def read_cast_of(options: TrainingOptions) -> Cast:
    """Give the cast, named by a folder or by the sources themselves; opens no picture.

    Raises:
        InputError: a source is missing or empty, or nobody is named.
    """
    if options.cast is not None:
        return read_cast(options.cast)
    listed = _list_sources(options.pictures, options.boxes)
    named = {identity for entry in listed for identity in entry.characters}
    for table in options.intervals:
        named |= set(named_cast(read_intervals(table)).ids)
    if not named:
        raise InputError(
            "the pictures name no character; expected a folder per character, a table with names, or --intervals"
        )
    return Cast.of(*sorted(named))


def read_material(options: TrainingOptions, cast: Cast, report: Callable[[str], None]) -> Material:
    """Read what to learn from and what is held out; say which pictures were skipped.

    Raises:
        InputError: a source is missing, empty or wrong, or a character has no picture.
        DamagedError: a clip breaks off.
    """
    preprocessing = find_preprocessing(options.preprocessing)
    listed = _list_sources(options.pictures, options.boxes)
    listed += [entry for folder in options.strangers for entry in list_strangers(folder)]
    longest = round(_SPARE * max(options.input_size))
    learning = _load(listed, cast, longest, report)
    for table in options.intervals:
        learning += interval_frames(table, cast, longest_side_px=longest)
    if options.dev is None:
        learning, held_out = hold_out(learning, options.held_out, options.seed)
    else:
        held_out = _load(_list_sources((options.dev,), options.boxes), cast, longest, report)
    _check_everybody_is_there(cast, learning, report)
    report(f"{len(learning)} pictures to learn from, {len(held_out)} held out, {len(cast)} characters")
    return Material(cast, _prepared(learning, preprocessing), _prepared(held_out, preprocessing))


def _list_sources(sources: Iterable[Path], boxes: Sequence[Path]) -> list[Listed]:
    listed = []
    for source in sources:
        if not source.exists():
            raise InputError(f"{source} does not exist; expected a folder of pictures, or a table of them")
        if source.is_dir():
            _check_folders(source)
        listed += list_table(source) if source.is_file() else list_pictures(source, boxes)
    return listed


def _check_folders(folder: Path) -> None:
    """Refuse a character's folder without a picture in it, which would be left out of the cast without a word."""
    for child in sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._"):
        pictures = (path for path in child.rglob("*") if path.suffix.lower() in SUFFIXES)
        if not (child / CAST).is_file() and next(pictures, None) is None:
            raise InputError(
                f"{child} holds no picture to learn from; add .jpg or .png files, or remove the folder if "
                f"{child.name} is not to be learned"
            )


def _check_everybody_is_there(cast: Cast, learning: Iterable[Example], report: Callable[[str], None]) -> None:
    counts = np.zeros(len(cast), np.int64)
    for example in learning:
        counts += example.labels == 1
    missing = [identity for identity, count in zip(cast.ids, counts, strict=True) if count == 0]
    if missing:
        raise InputError(f"no picture to learn from for: {', '.join(missing)}")
    few = [identity for identity, count in zip(cast.ids, counts, strict=True) if count == 1]
    if few:
        report(f"only one picture to learn from, and none to measure on, for: {', '.join(few)}")


def _prepared(examples: Iterable[Example], preprocessing: Preprocessing) -> list[Example]:
    """Cut examples to their largest boxes where pictures are prepared so."""
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


def _load(listed: Sequence[Listed], cast: Cast, longest_side_px: int, report: Callable[[str], None]) -> list[Example]:
    examples, skipped = load_examples(listed, cast, longest_side_px)
    for entry in skipped:
        report(f"skipped {entry.path}: {entry.reason}")
    return examples
