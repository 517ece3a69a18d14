"""Lists the pictures of a training folder with what is said about each, without opening a picture.

PICTURES/
  homer_simpson/**/*.jpg  pictures of Homer, at any depth; others may be in them
  _nobody/**/*.jpg        nobody of the cast, as in every folder that starts with `_`
  labels.csv              path,characters[,group]: completely labelled pictures, ids split by spaces, empty = nobody
  boxes.csv               path,character,x0,y0,x1,y1[,known]: where somebody is, as fractions of width and height
"""

import csv
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vidtag.cast import Cast, Character
from vidtag.errors import InputError, OptionError

# Not all of these can be read on every machine; what cannot is then named and left out, not passed over in silence.
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif", ".heic", ".heif"}
)
LABELS, BOXES = "labels.csv", "boxes.csv"
CAST = "cast.toml"
# In the column `known`: every character of the cast. In the column `character`: somebody outside the cast.
EVERYBODY, STRANGER = "*", "unknown"
_CORNERS = ("x0", "y0", "x1", "y1")


@dataclass(frozen=True, slots=True)
class ListedBox:
    """Where somebody is in a picture.

    Attributes:
        character: id, or `STRANGER`.
        corners: left, top, right and bottom as fractions of width and height, each 0-1, left < right, top < bottom.
    """

    character: str
    corners: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Listed:
    """A picture that a folder or a table promises, and what is said about it.

    Attributes:
        path: of the picture.
        characters: ids of those it shows.
        known: ids of those who are absent unless they are named; holds `EVERYBODY` where that is the whole cast.
        boxes: where somebody is.
        group: name of the episode or clip it is from, empty where nobody says.
    """

    path: Path
    characters: tuple[str, ...]
    known: frozenset[str] = frozenset()
    boxes: tuple[ListedBox, ...] = ()
    group: str = ""

    @property
    def complete(self) -> bool:
        """Whether every character that it does not name is surely absent."""
        return EVERYBODY in self.known

    def merged(self, other: "Listed") -> "Listed":
        """Add what another entry says about the same picture."""
        characters = tuple(dict.fromkeys(self.characters + other.characters))
        group = self.group or other.group
        return replace(
            self, characters=characters, known=self.known | other.known, boxes=self.boxes + other.boxes, group=group
        )


def list_pictures(
    folder: Path, boxes: Iterable[Path] = (), report: Callable[[str], None] = lambda _: None
) -> list[Listed]:
    """List the pictures of a training folder in a fixed order, without opening them.

    Args:
        folder: holds a folder per character, labels.csv, boxes.csv, or several of these.
        boxes: further tables like boxes.csv; their rows count for pictures that the folder lists.
        report: called with a line where pictures are left out: those beside ones that labels.csv names.

    Raises:
        InputError: no such folder, no picture in it, or a table with a wrong column or value.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; expected a folder of pictures with a folder per character")
    labels, own = folder / LABELS, folder / BOXES
    labelled = list(_labelled(labels)) if labels.is_file() else []
    boxed = list(read_boxes(own)) if own.is_file() else []
    by_path = {_key(entry.path): entry for entry in labelled}
    for entry in _in_folders(folder, set(by_path), boxed, report):
        by_path.setdefault(_key(entry.path), entry)
    for entry in boxed:
        by_path[_key(entry.path)] = by_path.get(_key(entry.path), Listed(entry.path, ())).merged(entry)
    if not by_path:
        raise InputError(f"{folder} holds no pictures; expected a folder per character with .jpg or .png files")
    return _with_boxes(by_path, boxes)


def _with_boxes(by_path: dict[str, Listed], tables: Iterable[Path]) -> list[Listed]:
    """Add what further tables say about listed pictures."""
    for table in tables:
        for entry in read_boxes(table):
            if (key := _key(entry.path)) in by_path:
                by_path[key] = by_path[key].merged(entry)
    return list(by_path.values())


def unlisted_boxes(table: Path, listed: Iterable[Listed]) -> list[Path]:
    """Give the pictures that a table of boxes names and nobody lists, in its order: their boxes count for nothing."""
    known = {_key(entry.path) for entry in listed}
    return list(dict.fromkeys(entry.path for entry in read_boxes(table) if _key(entry.path) not in known))


def _in_folders(
    folder: Path, labelled: set[str], boxed: Iterable[Listed], report: Callable[[str], None]
) -> Iterator[Listed]:
    """List the pictures in the folders of characters and of nobody; a folder with labelled pictures is neither."""
    with_labels = {_key(path) for key in labelled for path in Path(key).parents}
    named_by_boxes = {_key(entry.path): entry.characters for entry in boxed}
    for group in sorted(path for path in folder.iterdir() if path.is_dir()):
        if group.name.startswith(".") or (group / CAST).is_file():
            continue
        pictures = _pictures(group)
        if _key(group) in with_labels:
            if left_out := sum(_key(path) not in labelled for path in pictures):
                report(f"{left_out} pictures in {group} are not in {LABELS} and are left out")
            continue
        nobody = group.name.startswith("_")
        identity = group.name.replace(" ", "_")
        found = [named_by_boxes[key] for path in pictures if (key := _key(path)) in named_by_boxes]
        deep = all(path.parent != group for path in pictures)
        if deep and found and not any(identity in characters for characters in found):
            continue  # a folder of films or seasons, whose boxes say who is where
        ids = () if nobody else (identity,)
        yield from (Listed(path, ids, frozenset({EVERYBODY} if nobody else ())) for path in pictures)


def list_table(table: Path, boxes: Iterable[Path] = ()) -> list[Listed]:
    """List the pictures of a table like labels.csv or, where it has the columns of one, boxes.csv, by its own folder.

    Args:
        table: names the pictures.
        boxes: further tables like boxes.csv; their rows count for pictures that the table lists.

    Raises:
        InputError: a column is missing, a value is wrong, or there is no row.
    """
    by_path: dict[str, Listed] = {}
    for entry in read_boxes(table) if _has_boxes(table) else _labelled(table):
        key = _key(entry.path)
        by_path[key] = by_path[key].merged(entry) if key in by_path else entry
    if not by_path:
        raise InputError(f"{table} names no pictures; expected rows of path,characters or path,character,x0,y0,x1,y1")
    return _with_boxes(by_path, boxes)


def list_strangers(folder: Path) -> list[Listed]:
    """List all pictures below a folder as pictures of nobody, in a fixed order.

    Raises:
        InputError: no such folder or no picture in it.
    """
    found = [Listed(path, (), frozenset({EVERYBODY})) for path in sorted(folder.rglob("*")) if _is_picture(path)]
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


def read_boxes(table: Path) -> Iterator[Listed]:
    """Read a table of boxes, an entry a row; paths count from the table's folder.

    Raises:
        InputError: a column is missing, or a box is empty or lies outside its picture.
    """
    for line, row in _rows(table, ("path", "character", *_CORNERS)):
        character = (row["character"] or "").strip()
        corners = _corners(table, line, row)
        shown = () if character in ("", STRANGER) else (character,)
        known = frozenset((row.get("known") or "").split())
        _check_ids(table, line, (*shown, *(known - {EVERYBODY})))
        yield Listed(table.parent / (row["path"] or ""), shown, known, (ListedBox(character or STRANGER, corners),))


def _corners(table: Path, line: int, row: dict[str, str | None]) -> tuple[float, float, float, float]:
    texts = [row[name] or "" for name in _CORNERS]
    try:
        left, top, right, bottom = (float(text) for text in texts)
    except ValueError:
        raise InputError(f"{table}, line {line}: {','.join(texts)} are not the four numbers of a box") from None
    inside = all(math.isfinite(side) and 0 <= side <= 1 for side in (left, top, right, bottom))
    if not (inside and left < right and top < bottom):
        raise InputError(
            f"{table}, line {line}: the box {','.join(texts)} is empty or outside its picture; expected fractions "
            "of width and height, 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1"
        )
    return left, top, right, bottom


def _has_boxes(table: Path) -> bool:
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            return bool({"character", *_CORNERS} & set(next(csv.reader(lines), ())))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{table} cannot be read as a table: {error}") from error


def _labelled(table: Path) -> Iterator[Listed]:
    """Read labels.csv: one completely labelled picture a row."""
    for line, row in _rows(table, ("path", "characters")):
        characters = tuple((row["characters"] or "").split())
        _check_ids(table, line, characters)
        yield Listed(
            table.parent / (row["path"] or ""), characters, frozenset({EVERYBODY}), group=row.get("group") or ""
        )


def _rows(table: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Yield the rows of a table with their line numbers.

    Raises:
        InputError: the table cannot be read or lacks a column, or a row has too many or too few cells.
    """
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            rows = csv.DictReader(lines)
            if missing := set(columns) - set(rows.fieldnames or ()):
                found = ", ".join(rows.fieldnames or ()) or "nothing"
                raise InputError(
                    f"{table}: the columns {','.join(columns)} are needed, found {found}; missing: "
                    f"{', '.join(column for column in columns if column in missing)}"
                )
            for row in rows:
                _check_cells(table, rows.line_num, row, columns)
                yield rows.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{table} cannot be read as a table: {error}") from error


def _check_cells(table: Path, line: int, row: Mapping[str | None, Any], columns: Iterable[str]) -> None:
    """Refuse a row that is cut short, or whose cells are more than the columns: a name too many would not be seen."""
    if missing := [column for column in columns if row[column] is None]:
        raise InputError(f"{table}, line {line}: the row ends before its {missing[0]}; expected {','.join(columns)}")
    if any(surplus := row.get(None, ())):
        raise InputError(
            f"{table}, line {line}: {','.join(surplus)!r:.80} stands beyond the last column; ids of several characters "
            "are split by spaces, and a path with a comma stands in quotes"
        )


def _check_ids(table: Path, line: int, ids: Iterable[str]) -> None:
    for identity in ids:
        try:
            Character(identity, "Somebody")
        except OptionError as error:
            raise InputError(f"{table}, line {line}: {error}") from None


def _key(path: Path) -> str:
    return os.path.normpath(path.absolute())


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _pictures(folder: Path) -> list[Path]:
    """List the pictures at any depth; nothing in folders that start with a dot."""
    found = (path for path in folder.rglob("*") if _is_picture(path))
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))
