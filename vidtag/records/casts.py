"""Reads a cast from a folder: one [[character]] per character (id, name, colour, icon) and the icons beside it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vidtag.cast import Cast, Character
from vidtag.errors import InputError, OptionError

NAMES = ("cast.toml", "bundle.toml")
MOST_BYTES = 4_000_000


def read_cast(folder: Path) -> Cast:
    """Read the cast of a folder that holds cast.toml, or of a model bundle.

    Returns:
        The cast in the file's order; icons are files inside the folder.

    Raises:
        InputError: there is no such file, it is no TOML, or an entry is wrong.
    """
    path = next((folder / name for name in NAMES if (folder / name).is_file()), None)
    if path is None:
        raise InputError(f"{folder} holds no cast.toml; expected one with a [[character]] for everyone")
    try:
        return parse_cast(read_toml(path), folder)
    except (OSError, ValueError, OptionError) as error:
        raise InputError(f"{path}: {error}") from None


def read_toml(path: Path) -> dict[str, Any]:
    """Read a small TOML file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no TOML in UTF-8, or larger than 4 MB.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"is larger than {MOST_BYTES // 1_000_000} MB, expected a short table")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def parse_cast(table: Mapping[str, Any], folder: Path) -> Cast:
    """Make a cast of a TOML table's [[character]] entries: `id`, and where wanted `name`, `colour` and `icon`.

    Raises:
        OptionError: an entry is missing, of the wrong type or out of range; an icon is missing or outside the folder.
    """
    entries = table.get("character")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise OptionError("expected a [[character]] table for everyone in the cast")
    return Cast(tuple(_parse_character(entry, folder) for entry in entries))


def _parse_character(entry: Mapping[str, Any], folder: Path) -> Character:
    identity = entry.get("id")
    if not isinstance(identity, str):
        raise OptionError(f"every [[character]] needs an id in quotes, got {identity!r}")
    name = entry.get("name", identity.replace("_", " ").title())
    colour = entry.get("colour", (128, 128, 128))
    if not isinstance(name, str) or not isinstance(colour, list | tuple):
        raise OptionError(f"character {identity!r}: expected a name in quotes and a colour of three numbers")
    return Character(identity, name, tuple(colour), _icon(identity, entry.get("icon"), folder))


def _icon(identity: str, icon: Any, folder: Path) -> Path | None:
    if icon is None:
        return None
    path = folder / icon if isinstance(icon, str) and "\0" not in icon else None
    if path is None or not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise OptionError(f"the icon of {identity!r} must be a file inside {folder}, got {icon!r}")
    return path
