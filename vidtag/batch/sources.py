"""Which films make up a season: folders, patterns, lists and single files, as they are given on the command line."""

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePath

from vidtag.batch.farsources import films_at
from vidtag.batch.walking import TAGGED, identity, is_tagged, is_video, videos_below
from vidtag.errors import InputError
from vidtag.remote.addresses import Address, Place, is_address, parse_place

LIST = "@"  # before the name of a file that lists others


@dataclass(frozen=True, slots=True)
class Source:
    """A film of a season.

    Attributes:
        place: where it lies, an absolute path or an address; it need not be there.
        below: the path from the folder that all films of the season have in common.
    """

    place: Place
    below: PurePath


@dataclass(frozen=True, slots=True)
class _Found:
    """A film, and the folder that it counts from."""

    place: Place
    base: Place

    @property
    def folder(self) -> PurePath:
        """The folder that it counts from, as a path."""
        return self.base.as_path if isinstance(self.base, Address) else self.base

    @property
    def path(self) -> PurePath:
        """The film, as a path in which that folder lies above."""
        return self.place.as_path if isinstance(self.place, Address) else self.place


def find_sources(seasons: Sequence[str], out: Place, complain: Callable[[str], None]) -> list[Source]:
    """Find the films of a season, each once, in the order in which they are given.

    Args:
        seasons: folders, searched with all below them; patterns such as `S*/*.mkv`; `@FILE` for a file with a path a
            line (or paths that end with a zero byte), counted from its folder; or films, of whatever suffix. All but
            lists may be addresses as well.
        out: place of the results; nothing in it is taken, unless it is the season's folder itself.
        complain: called with a line for whatever is passed over although it is asked for.

    Raises:
        InputError: something is not there, a list cannot be read, or there is no video at all.
        OptionError: an address is not one that is taken.
        SetupError: a package for addresses is missing.
    """
    found: dict[Place, _Found] = {}
    for season in seasons:
        for film in _expanded(season, Path.cwd(), out, complain, lists=True):
            found.setdefault(_real(film.place) if isinstance(film.place, Path) else film.place, film)
    if not found:
        raise InputError(f"there is no video in {', '.join(seasons)}; expected such as .mp4, .mkv or .webm")
    root = os.path.commonpath([film.folder for film in found.values()])
    return [Source(film.place, film.path.relative_to(root)) for film in found.values()]


def _expanded(
    season: str, place: Path, out: Place, complain: Callable[[str], None], *, lists: bool = False
) -> Iterator[_Found]:
    """Give the films that one argument, or one line of a list, stands for."""
    if is_address(season):
        address = parse_place(season)
        if isinstance(address, Address):
            yield from (_Found(*pair) for pair in films_at(address, out, complain))
            return
        season = str(address)
    path = Path(os.path.abspath(place / season))  # noqa: PTH100 - must not follow links
    if os.path.lexists(path):
        yield from _at(path, path if path.is_dir() else path.parent, out, complain, named=True)
    elif lists and season.startswith(LIST) and len(season) > 1:
        yield from _listed(Path(os.path.abspath(place / season[1:])), out, complain)  # noqa: PTH100
    elif glob.has_magic(season):
        yield from _matching(season, place, out, complain)
    else:
        raise InputError(f"{path} does not exist; expected a folder, a film, a pattern such as 'S*/*.mp4', or @LIST")


def _at(path: Path, base: Path, out: Place, complain: Callable[[str], None], *, named: bool) -> Iterator[_Found]:
    if path.is_dir():
        without = out if isinstance(out, Path) else None
        yield from (_Found(video, base) for video in videos_below(path, without=without, complain=complain))
    elif is_tagged(path):
        if named:
            complain(f"{path} is passed over: a name that ends with {TAGGED}{path.suffix} is a film with the bar")
    elif named or is_video(path):
        yield _Found(path, base)


def _matching(pattern: str, place: Path, out: Place, complain: Callable[[str], None]) -> Iterator[_Found]:
    """Give what a pattern matches; films count from the folder before its first sign with a meaning.

    `**` does not go through links, which may lead round in circles. Films come before folders, and what really lies
    there before links, so that a film has the plainest of its names.
    """
    parts = Path(place, pattern).parts
    plain = list(takewhile(lambda part: not glob.has_magic(part), parts))
    base = Path(*plain)
    try:
        matches = sorted(
            base.glob(str(Path(*parts[len(plain) :]))), key=lambda path: (path.is_dir(), _real(path) != path, path)
        )
    except (ValueError, NotImplementedError) as error:
        raise InputError(f"{pattern} is not a pattern ({error}); expected such as 'S*/*.mp4'") from error
    gone_through: set[Path] = set()
    for path in matches:
        hidden = any(part.startswith(".") for part in path.parts[len(plain) :])
        if hidden or _is_in(path, out, base) or not gone_through.isdisjoint(path.parents):
            continue
        if path.is_dir():
            gone_through.add(path)
        yield from _at(path, base, out, complain, named=False)


def _is_in(path: Path, out: Place, base: Path) -> bool:
    """Say whether a path lies in the folder of the results, and that folder below a base."""
    own = identity(out) if isinstance(out, Path) else None
    inner = [folder for folder in (path, *path.parents) if base in folder.parents]
    return own is not None and own in map(identity, inner)


def _listed(file: Path, out: Place, complain: Callable[[str], None]) -> Iterator[_Found]:
    try:
        text = file.read_bytes()
    except OSError as error:
        raise InputError(f"the list {file} cannot be read ({error.strerror}); expected a path a line") from error
    for line in text.split(b"\0") if b"\0" in text else text.splitlines():
        if line.strip():
            for film in _expanded(os.fsdecode(line), file.parent, out, complain):
                is_below = isinstance(film.place, Path) and file.parent in film.place.parents
                yield _Found(film.place, file.parent if is_below else film.base)


def _real(path: Path) -> Path:
    """Give the same path for the same film, however it is reached; a link that leads nowhere is itself."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return path.parent.resolve() / path.name
