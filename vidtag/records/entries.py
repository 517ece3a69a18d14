"""Entries of a TOML table that a stranger may have written: taken with their type, refused in one line."""

from collections.abc import Mapping
from typing import Any

from vidtag.errors import OptionError

MOST_LETTERS = 1000
_NEEDED: Any = object()


def take(table: Mapping[str, Any], key: str, kind: Any, otherwise: Any = _NEEDED) -> Any:
    """Take an entry of a table.

    Args:
        table: what TOML said.
        key: its name.
        kind: the type it must have, such as `str` or `int | float`.
        otherwise: what it is where it is missing.

    Raises:
        OptionError: it is of another type, or missing though nothing stands in for it.
    """
    if key not in table:
        if otherwise is not _NEEDED:
            return otherwise
        raise OptionError(f"the entry {key!r} is missing")
    value = table[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        wanted = getattr(kind, "__name__", str(kind))
        raise OptionError(f"the entry {key!r} must be of type {wanted}, got {type(value).__name__}")
    return value


def check(holds: Any, message: str, found: object) -> None:
    """Refuse what does not hold: an OptionError of the message and the first 80 letters of what was found."""
    if not holds:
        raise OptionError(f"{message}, got {str(found)[:80]!r}")


def is_number(value: object) -> bool:
    """Say whether a value is a number that float32 holds; TOML knows whole numbers that no float holds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 3e38  # NaN is not, either


def is_line(text: str) -> bool:
    """Say whether a text can be shown as it is: one line without control signs, not empty and not too long."""
    return 0 < len(text) <= MOST_LETTERS and text.isprintable()
