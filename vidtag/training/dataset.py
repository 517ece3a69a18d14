"""Pictures to learn from: a folder per character, folders starting with `_` for nobody, an optional labels.csv.

PICTURES/
  homer_simpson/*.jpg     pictures of Homer; others may be in them
  _nobody/*.jpg           nobody of the cast
  labels.csv              path,characters: completely labelled pictures, ids split by spaces, empty = nobody
"""

import csv
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import InputError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
LABELS = "labels.csv"
CAST = "cast.toml"
SMALLEST_SIDE_PX = 16
MOST_PIXELS = 40_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Example:
    """A picture in memory with what is known of it.

    Attributes:
        path: where it was read.
        picture: (height, width, 3) uint8 RGB.
        columns: the characters it shows, as columns of the cast; empty for nobody.
        complete: whether every character that it does not name is surely absent.
    """

    path: Path
    picture: NDArray[np.uint8]
    columns: tuple[int, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A picture that a folder promises: its file, its characters' ids, and whether the labels are complete."""

    path: Path
    characters: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A picture that was left out, and why."""

    path: Path
    reason: str


def list_pictures(folder: Path) -> list[Listed]:
    """List the pictures of a training folder in a fixed order, without opening them.

    Raises:
        InputError: no such folder, no picture in it, or a labels.csv without its columns.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; expected a folder of pictures with a folder per character")
    labels = folder / LABELS
    listed = list(_labelled(labels)) if labels.is_file() else []
    labelled_folders = {entry.path.parent for entry in listed}
    for group in sorted(path for path in folder.iterdir() if path.is_dir()):
        if group in labelled_folders or group.name.startswith(".") or (group / CAST).is_file():
            continue
        nobody = group.name.startswith("_")
        ids = () if nobody else (group.name.replace(" ", "_"),)
        listed += [Listed(path, ids, complete=nobody) for path in _pictures(group)]
    if not listed:
        raise InputError(f"{folder} holds no pictures; expected a folder per character with .jpg or .png files")
    return listed


def list_strangers(folder: Path) -> list[Listed]:
    """List all pictures below a folder as pictures of nobody, in a fixed order.

    Raises:
        InputError: no such folder or no picture in it.
    """
    found = [Listed(path, (), complete=True) for path in sorted(folder.rglob("*")) if _is_picture(path)]
    if not found:
        raise InputError(f"{folder} holds no pictures of strangers; expected .jpg or .png files")
    return found


def cast_of(listed: Iterable[Listed]) -> Cast:
    """Make the cast that the pictures name, sorted by id.

    Raises:
        InputError: no picture names anyone.
    """
    ids = sorted({identity for entry in listed for identity in entry.characters})
    if not ids:
        raise InputError("the pictures name no character; expected a folder per character or names in labels.csv")
    return Cast.of(*ids)


def load_examples(
    listed: Sequence[Listed], cast: Cast, longest_side_px: int, workers: int = 2
) -> tuple[list[Example], list[Skipped]]:
    """Read pictures into memory, shrunk to a longest side; those that cannot serve are reported, not raised.

    Args:
        listed: what to read.
        cast: gives the columns.
        longest_side_px: larger pictures are shrunk to it.
        workers: threads that decode.

    Returns:
        The examples in the listed order, and the pictures that were skipped.

    Raises:
        InputError: a picture names a character that is not in the cast.
    """
    columns = {identity: column for column, identity in enumerate(cast.ids)}
    for entry in listed:
        unknown = [identity for identity in entry.characters if identity not in columns]
        if unknown:
            raise InputError(f"{entry.path} shows {unknown[0]!r}, who is not in the cast: {', '.join(cast.ids)}")
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda entry: read_picture(entry.path, longest_side_px), listed)
        examples, skipped = [], []
        for entry, answer in zip(listed, answers, strict=True):
            if isinstance(answer, str):
                skipped.append(Skipped(entry.path, answer))
            else:
                shown = tuple(columns[identity] for identity in entry.characters)
                examples.append(Example(entry.path, answer, shown, entry.complete))
    return examples, skipped


def read_picture(path: Path, longest_side_px: int) -> NDArray[np.uint8] | str:
    """Read a picture as (height, width, 3) uint8 RGB, shrunk to a longest side; or say why it cannot serve."""
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(path) as header:
            warnings.simplefilter("ignore")
            width, height = header.size
        data = path.read_bytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return f"cannot be read ({type(error).__name__})"
    if min(width, height) < SMALLEST_SIDE_PX:
        return f"is tiny ({width}x{height} px; at least {SMALLEST_SIDE_PX} a side are needed)"
    if width * height > MOST_PIXELS:
        return f"is huge ({width}x{height} px; at most {MOST_PIXELS // 1_000_000} million pixels are read)"
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        return "cannot be decoded"
    scale = longest_side_px / max(decoded.shape[:2])
    if scale < 1:
        size = (max(1, round(decoded.shape[1] * scale)), max(1, round(decoded.shape[0] * scale)))
        decoded = cv2.resize(decoded, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _is_picture(path))


def _labelled(table: Path) -> Iterator[Listed]:
    """Read labels.csv: one completely labelled picture a row."""
    with table.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.DictReader(lines)
        missing = {"path", "characters"} - set(rows.fieldnames or ())
        if missing:
            found = ", ".join(rows.fieldnames or ()) or "nothing"
            raise InputError(f"{table}: the columns path,characters are needed, found {found}")
        for row in rows:
            yield Listed(table.parent / (row["path"] or ""), tuple((row["characters"] or "").split()), complete=True)
