"""Reads a cast from a folder: cast.toml with one [[character]] per character (id, name, colour, icon) and the icons."""

import tomllib
from pathlib import Path
from typing import Any

from vidtag.cast import Cast, Character
from vidtag.errors import InputError, OptionError

NAME = "cast.toml"


def read_cast(folder: Path) -> Cast:
    """Read cast.toml of a folder.

    Returns:
        The cast in the file's order; icons are files inside the folder.

    Raises:
        InputError: the file is missing, is no TOML, or an entry is wrong.
    """
    path = folder / NAME
    try:
        entries = tomllib.loads(path.read_text("utf-8"))["character"]
        return Cast(tuple(parse_character(entry, folder) for entry in entries))
    except FileNotFoundError:
        raise InputError(f"{path} does not exist; expected a cast.toml with a [[character]] for everyone") from None
    except KeyError as error:
        raise InputError(f"{path}: {error} is missing; every [[character]] needs an id") from None
    except (OSError, ValueError, TypeError, AttributeError, OptionError) as error:
        raise InputError(f"{path}: {error}") from None


def parse_character(entry: dict[str, Any], folder: Path) -> Character:
    """Make a character of a TOML table with `id` and, where wanted, `name`, `colour` (three numbers) and `icon`.

    Raises:
        KeyError: there is no id.
        OptionError: a value is out of range, or the icon is missing or lies outside the folder.
    """
    identity = str(entry["id"])
    icon = entry.get("icon")
    if icon is not None:
        icon = folder / str(icon)
        if not icon.resolve().is_relative_to(folder.resolve()) or not icon.is_file():
            raise OptionError(f"the icon of {identity!r} must be a file inside {folder}, got {entry['icon']!r}")
    name = str(entry.get("name") or identity.replace("_", " ").title())
    return Character(identity, name, tuple(entry.get("colour", (128, 128, 128))), icon)
