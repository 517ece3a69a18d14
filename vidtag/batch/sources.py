"""Which films make up a season: folders, patterns, lists and single files, as they are given on the command line."""

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePath

from vidtag.batch.walking import TAGGED, identity, is_tagged, is_video, videos_below
from vidtag.errors import InputError

LIST = "@"  # before the name of a file that lists others


@dataclass(frozen=True, slots=True)
class Source:
    """A film of a season.

    Attributes:
        path: absolute; it need not be there.
        below: the path from the folder that all films of the season have in common.
    """

    path: Path
    below: PurePath


@dataclass(frozen=True, slots=True)
class _Found:
    """A film, and the folder that it counts from."""

    path: Path
    base: Path


def find_sources(seasons: Sequence[str], out: Path, complain: Callable[[str], None]) -> list[Source]:
    """Find the films of a season, each once, in the order in which they are given.

    Args:
        seasons: folders, searched with all below them; patterns such as `S*/*.mkv`; `@FILE` for a file with a path a
            line (or paths that end with a zero byte), counted from its folder; or films, of whatever suffix.
        out: folder of the results; nothing in it is taken, unless it is the season's folder itself.
        complain: called with a line for whatever is passed over although it is asked for.

    Raises:
        InputError: something is not there, a list cannot be read, or there is no video at all.
    """
    found: dict[Path, _Found] = {}
    for season in seasons:
        for film in _expanded(season, Path.cwd(), out, complain, lists=True):
            found.setdefault(_real(film.path), film)
    if not found:
        raise InputError(f"there is no video in {', '.join(seasons)}; expected such as .mp4, .mkv or .webm")
    root = Path(os.path.commonpath([film.base for film in found.values()]))
    return [Source(film.path, film.path.relative_to(root)) for film in found.values()]


def _expanded(
    season: str, place: Path, out: Path, complain: Callable[[str], None], *, lists: bool = False
) -> Iterator[_Found]:
    """Give the films that one argument, or one line of a list, stands for."""
    path = Path(os.path.abspath(place / season))  # noqa: PTH100 - must not follow links
    if os.path.lexists(path):
        yield from _at(path, path if path.is_dir() else path.parent, out, complain, named=True)
    elif lists and season.startswith(LIST) and len(season) > 1:
        yield from _listed(Path(os.path.abspath(place / season[1:])), out, complain)  # noqa: PTH100
    elif glob.has_magic(season):
        yield from _matching(season, place, out, complain)
    else:
        raise InputError(f"{path} does not exist; expected a folder, a film, a pattern such as 'S*/*.mp4', or @LIST")


def _at(path: Path, base: Path, out: Path, complain: Callable[[str], None], *, named: bool) -> Iterator[_Found]:
    if path.is_dir():
        yield from (_Found(video, base) for video in videos_below(path, without=out, complain=complain))
    elif is_tagged(path):
        if named:
            complain(f"{path} is passed over: a name that ends with {TAGGED}{path.suffix} is a film with the bar")
    elif named or is_video(path):
        yield _Found(path, base)


def _matching(pattern: str, place: Path, out: Path, complain: Callable[[str], None]) -> Iterator[_Found]:
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


def _is_in(path: Path, out: Path, base: Path) -> bool:
    """Say whether a path lies in the folder of the results, and that folder below a base."""
    own = identity(out)
    inner = [folder for folder in (path, *path.parents) if base in folder.parents]
    return own is not None and own in map(identity, inner)


def _listed(file: Path, out: Path, complain: Callable[[str], None]) -> Iterator[_Found]:
    try:
        text = file.read_bytes()
    except OSError as error:
        raise InputError(f"the list {file} cannot be read ({error.strerror}); expected a path a line") from error
    for line in text.split(b"\0") if b"\0" in text else text.splitlines():
        if line.strip():
            for film in _expanded(os.fsdecode(line), file.parent, out, complain):
                base = file.parent if file.parent in film.path.parents else film.base
                yield _Found(film.path, base)


def _real(path: Path) -> Path:
    """Give the same path for the same film, however it is reached; a link that leads nowhere is itself."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return path.parent.resolve() / path.name
