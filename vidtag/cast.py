"""Who can be on screen: characters and the cast they form. Column k of every array means character k of the cast."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vidtag.errors import OptionError

MAX_CHARACTERS = 1000

_ID = re.compile(r"\w[\w.'&+-]{0,63}")


@dataclass(frozen=True, slots=True)
class Character:
    """One member of a cast.

    Attributes:
        id: the name in files and columns, 1-64 characters: letters, digits and `_ - . ' & +`, no spaces.
        name: the name shown to people.
        colour: RGB, each 0-255, the accent of the icon.
        icon: square RGBA picture on disk, or None (initials are drawn instead).

    Raises:
        OptionError: a field is out of range.
    """

    id: str
    name: str
    colour: tuple[int, int, int] = (128, 128, 128)
    icon: Path | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise OptionError(f"character id {self.id!r} is not allowed: use 1-64 letters, digits, '_', '-' or '.'")
        if not self.name or not self.name.isprintable() or len(self.name) > 64:
            raise OptionError(f"character {self.id!r} needs a printable name of 1-64 characters, got {self.name!r}")
        if len(self.colour) != 3 or not all(type(value) is int and 0 <= value <= 255 for value in self.colour):
            raise OptionError(f"character {self.id!r}: colour must be three whole numbers 0-255, got {self.colour!r}")


@dataclass(frozen=True, slots=True)
class Cast:
    """The characters a model knows, in column order.

    Raises:
        OptionError: no character, more than `MAX_CHARACTERS`, or an id given twice.
    """

    characters: tuple[Character, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.characters) <= MAX_CHARACTERS:
            raise OptionError(f"a cast has 1 to {MAX_CHARACTERS} characters, got {len(self.characters)}")
        twice = {identity for identity in self.ids if self.ids.count(identity) > 1}
        if twice:
            raise OptionError(f"a cast names every character once, got twice: {', '.join(sorted(twice))}")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in column order."""
        return tuple(character.id for character in self.characters)

    @property
    def names(self) -> tuple[str, ...]:
        """The names for people, in column order."""
        return tuple(character.name for character in self.characters)

    @classmethod
    def of(cls, *ids: str) -> "Cast":
        """Make a cast of plain ids; the names for people are the ids with spaces for underscores, capitalised.

        >>> Cast.of("homer_simpson", "bart").names
        ('Homer Simpson', 'Bart')
        """
        return cls(tuple(Character(identity, identity.replace("_", " ").title()) for identity in ids))

    def __len__(self) -> int:
        return len(self.characters)

    def __iter__(self) -> Iterator[Character]:
        return iter(self.characters)
