"""Writes model bundles: complete beside the target, then put in place, so that a bundle is never half there."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibration import NONE
from vidtag.cast import Cast
from vidtag.errors import OutputError
from vidtag.hiddenfiles import KEPT, PREFIX, locked_folder, remove_dead_folders
from vidtag.records.bundles import (
    CARD,
    DEFAULT_PREPROCESSING,
    FORMATS,
    TABLE,
    WEIGHTS,
    ModelBundle,
    check_name,
    load_bundle,
)
from vidtag.records.calibrations import calibration_lines
from vidtag.refusals import REFUSED_WRITES, refusal
from vidtag.wholefile import whole_file

ICONS, MEMBERS = "icons", "members"


def save_bundle(
    folder: Path,
    *,
    arrays: Mapping[str, NDArray[Any]],
    card: str,
    overwrite: bool = False,
    members: Sequence[ModelBundle] = (),
    **facts: Any,
) -> ModelBundle:
    """Write a bundle and read it back.

    Args:
        folder: where it shall lie; its last part is the model's name.
        arrays: the weights by name; float16 or float32.
        card: text of MODEL_CARD.md.
        overwrite: whether a bundle that is there is replaced; other files in its folder stay.
        members: bundles of which copies are put into it, as `members/1`, `members/2` …
        facts: the other attributes of the `ModelBundle`, such as cast, network and thresholds. Icons are copied.

    Returns:
        The bundle as it lies on disk.

    Raises:
        OptionError: a fact is out of range, or the folder's name is no name for a model.
        OutputError: the folder exists and may not or cannot be replaced, or the disk refuses.
    """
    folder = folder.absolute()
    check_bundle_folder(folder, overwrite)
    bundle = ModelBundle(name=folder.name, folder=folder, **facts)
    remove_dead_folders(folder.parent)
    try:
        with locked_folder(folder.parent) as fresh:
            _write_parts(bundle, arrays, card, fresh)
            for number, member in enumerate(members, start=1):
                _copy_bundle(member, fresh / MEMBERS / str(number))
            _keep_others(folder, fresh)
            _put_in_place(fresh, folder)
    except OSError as error:
        full = error.errno in REFUSED_WRITES  # else it may be about an icon, which the error names
        raise OutputError(refusal(folder, error) if full else f"{folder} cannot be written: {error}") from error
    return load_bundle(folder)


def rewrite_table(bundle: ModelBundle) -> ModelBundle:
    """Write a bundle's bundle.toml anew, whole or not at all; weights, icons and card stay as they are.

    Args:
        bundle: what `load_bundle` gave, with other facts that are not about the weights, such as thresholds.

    Returns:
        The bundle as it lies on disk.

    Raises:
        OutputError: the disk refuses, or the folder cannot be written.
    """
    with whole_file(bundle.folder / TABLE) as table:
        table.write_text("\n".join(_lines(bundle)) + "\n", "utf-8")
    return load_bundle(bundle.folder)


def _write_parts(bundle: ModelBundle, arrays: Mapping[str, NDArray[Any]], card: str, folder: Path) -> None:
    """Write a bundle's files into a folder and check that they can be read."""
    weights = _weights_bytes(arrays)
    digest = hashlib.sha256(weights).hexdigest()
    written = replace(bundle, cast=_copy_icons(bundle.cast, folder), sha256=digest, folder=folder)
    (folder / WEIGHTS).write_bytes(weights)
    (folder / TABLE).write_text("\n".join(_lines(written)) + "\n", "utf-8")
    (folder / CARD).write_text(card, "utf-8")
    load_bundle(folder)
    folder.chmod(0o755)


def _copy_bundle(bundle: ModelBundle, folder: Path) -> None:
    """Copy a bundle's own files, and nothing else that lies beside them, to a new folder."""
    folder.mkdir(parents=True)
    icons = [character.icon for character in bundle.cast if character.icon is not None]
    for path in (bundle.folder / TABLE, bundle.weights, bundle.folder / CARD, *icons):
        if path.exists():
            copy = folder / path.relative_to(bundle.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    load_bundle(folder)


def check_bundle_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that a bundle cannot or must not be written to; make the folders above it.

    Raises:
        OptionError: its last part is no name for a model.
        OutputError: it exists and is not to be replaced, is something else than a bundle, or cannot be made.
    """
    check_name(folder.absolute().name)
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from error
    if not os.access(folder.absolute().parent, os.W_OK):
        raise OutputError(f"{folder} cannot be written: no permission for {folder.absolute().parent}")
    _bring_back(folder.absolute())
    if not folder.exists():
        return
    if not overwrite:
        raise OutputError(f"{folder} exists; give another folder, or --overwrite to replace the model")
    if not folder.is_dir() or not (TABLE in _names(folder) or _names(folder) <= {ICONS}):
        raise OutputError(f"{folder} is not a model bundle and is not replaced; give another folder")


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _weights_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    from safetensors.numpy import save

    return bytes(save({name: np.asarray(array, order="C") for name, array in sorted(arrays.items())}))


def _copy_icons(cast: Cast, folder: Path) -> Cast:
    """Copy the icons into `icons/` of a folder; give the cast whose icons are these copies."""
    characters = []
    for character in cast:
        if character.icon is not None:
            target = folder / ICONS / f"{character.id}.png"
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(character.icon, target)
            character = replace(character, icon=target)
        characters.append(character)
    return Cast(tuple(characters))


def _lines(bundle: ModelBundle) -> Iterator[str]:
    """Give bundle.toml line by line; texts are quoted as JSON, which TOML reads alike."""
    plain = bundle.preprocessing == DEFAULT_PREPROCESSING and bundle.calibration.method == NONE
    yield f"format = {FORMATS[0] if plain else FORMATS[1]}"
    for key in ("name", "network", "preprocessing", "precision", "sha256", "licence", "origin", "chosen"):
        yield f"{key} = {_text(getattr(bundle, key))}"
    yield f"input_size = [{bundle.input_size[0]}, {bundle.input_size[1]}]  # height, width"
    yield "\n[arguments]"
    yield from (f"{_text(key)} = {_value(value)}" for key, value in bundle.arguments.items())
    yield "\n[accuracy]"
    yield from (f"{_text(key)} = {float(value)!r}" for key, value in bundle.accuracy.items())
    if bundle.calibration.method != NONE:
        yield "\n[calibration]"
        yield from calibration_lines(bundle.calibration)
    yield from _character_lines(bundle)
    for choice in bundle.before:
        yield "\n[[before]]"
        yield f"chosen = {_text(choice.chosen)}"
        yield f"thresholds = {[_rounded(threshold) for threshold in choice.thresholds]}"
        if choice.calibration.method != NONE:
            yield "[before.calibration]"
            yield from calibration_lines(choice.calibration)


def _character_lines(bundle: ModelBundle) -> Iterator[str]:
    for character, threshold in zip(bundle.cast, bundle.thresholds, strict=True):
        yield "\n[[character]]"
        yield f"id = {_text(character.id)}"
        yield f"name = {_text(character.name)}"
        yield f"colour = {list(character.colour)}"
        yield f"threshold = {_rounded(threshold)!r}"
        if character.icon is not None:
            yield f"icon = {_text(f'{ICONS}/{character.icon.name}')}"


def _rounded(threshold: float) -> float:
    return float(f"{threshold:.6f}")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: bool | int | float | str) -> str:
    return _text(value) if isinstance(value, str) else str(value).lower()


def _keep_others(folder: Path, fresh: Path) -> None:
    """Copy what else lies in the old folder, such as notes, to the new one."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        copy = fresh / path.relative_to(folder)
        if path.is_file() and not copy.exists() and copy.relative_to(fresh).parts[0] != MEMBERS:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Move a complete folder to its place; what was there goes last."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = _name_while_replaced(folder)
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    finally:
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)


def _bring_back(folder: Path) -> None:
    """Undo what a run left that was killed while it replaced a bundle."""
    old = _name_while_replaced(folder)
    if old.is_dir() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _name_while_replaced(folder: Path) -> Path:
    return folder.with_name(f"{PREFIX}{hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:12]}{KEPT}")
