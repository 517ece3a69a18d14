"""Reads what a model learns from, out of all sources, and holds some of it out."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vidtag.cast import Cast
from vidtag.errors import InputError
from vidtag.predictors.preprocessing import find_preprocessing
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
    unlisted_boxes,
)
from vidtag.training.options import TrainingOptions
from vidtag.training.preparing import cut_examples
from vidtag.training.split import hold_out, without_twins

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
    listed = _list_sources(options.pictures, options.boxes, _say_nothing)
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
        InputError: a source is missing, empty or wrong, no picture can be read, or a character has none.
        DamagedError: a clip breaks off.
    """
    preprocessing = find_preprocessing(options.preprocessing)
    learning, held_out = _read_sides(options, cast, report)
    _check_everybody_is_there(cast, learning, report)
    report(f"{len(learning)} pictures to learn from, {len(held_out)} held out, {len(cast)} characters")
    if not any(example.columns for example in held_out):
        why = (
            "all films or pictures are needed to learn from" if options.dev is None else "they show nobody of the cast"
        )
        report(f"nothing is held out: {why}; thresholds stay at 0.5; measure on another clip with `vidtag evaluate`")
    return Material(cast, cut_examples(learning, preprocessing), cut_examples(held_out, preprocessing))


def _read_sides(
    options: TrainingOptions, cast: Cast, report: Callable[[str], None]
) -> tuple[list[Example], list[Example]]:
    """Read what to learn from, and what is held out: no twin of that is learned from."""
    listed = _list_sources(options.pictures, options.boxes, report)
    dev = [] if options.dev is None else _list_sources((options.dev,), options.boxes, report)
    _report_unused_boxes(options.boxes, [*listed, *dev], report)
    listed += [entry for folder in options.strangers for entry in list_strangers(folder)]
    longest = round(_SPARE * max(options.input_size))
    learning = _load(listed, cast, longest, report)
    for table in options.intervals:
        learning += interval_frames(table, cast, longest_side_px=longest)
    if not learning:
        raise InputError(_nothing_left("to learn from", len(listed)))
    if options.dev is None and not options.held_out:
        return learning, []
    if options.dev is None:
        learning, held_out = hold_out(learning, options.held_out, options.seed)
        return learning, _without_ignored(held_out, report)
    held_out = _load(dev, cast, longest, report)
    if not held_out:
        raise InputError(_nothing_left(f"in {options.dev}", len(dev)))
    learning, twins = without_twins(learning, held_out)
    if twins:
        report(f"not learned from, as a held-out picture is nearly the same: {len(twins)}, first {twins[0].path}")
    return learning, held_out


def _nothing_left(where: str, listed: int) -> str:
    if listed:
        return f"none of the {listed} pictures {where} can be read; expected .jpg or .png files of 16 px or more a side"
    return f"there is no picture {where}; name folders or tables of PICTURES, or films with --intervals"


def _without_ignored(held_out: Iterable[Example], report: Callable[[str], None]) -> list[Example]:
    """Leave out frames of films where somebody is ignored: where truth is measured, whoever is unnamed is absent."""
    parts: tuple[list[Example], list[Example]] = ([], [])
    for example in held_out:  # of pictures with a group everything is known
        parts[bool(example.group) and not example.complete].append(example)
    if parts[1]:
        report(f"held out but not measured on, as somebody is ignored there: {len(parts[1])} frames")
    return parts[0]


def _list_sources(sources: Iterable[Path], boxes: Sequence[Path], report: Callable[[str], None]) -> list[Listed]:
    listed = []
    for source in sources:
        if not source.exists():
            raise InputError(f"{source} does not exist; expected a folder of pictures, or a table of them")
        if source.is_dir():
            _check_folders(source)
        listed += list_table(source, boxes) if source.is_file() else list_pictures(source, boxes, report)
    return listed


def _report_unused_boxes(tables: Iterable[Path], listed: Sequence[Listed], report: Callable[[str], None]) -> None:
    for table in tables:
        if unused := unlisted_boxes(table, listed):
            report(
                f"boxes of {len(unused)} pictures in {table} are left out, as PICTURES lack these; first {unused[0]}"
            )


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


def _say_nothing(_: str) -> None:
    """Leave unsaid what is said when the pictures are read."""


def _load(listed: Sequence[Listed], cast: Cast, longest_side_px: int, report: Callable[[str], None]) -> list[Example]:
    examples, skipped = load_examples(listed, cast, longest_side_px)
    for entry in skipped:
        report(f"skipped {entry.path}: {entry.reason}")
    return examples
