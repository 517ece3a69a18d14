"""Finds what a season is made of: score files below a folder, and the films that were scored."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from vidtag.errors import InputError
from vidtag.media.probe import fingerprint
from vidtag.outputs import SCORES_SUFFIX
from vidtag.records.reports import readable
from vidtag.scores import Provenance
from vidtag.season.naming import natural


def score_files(folder: Path) -> list[Path]:
    """List the score files in a folder and below, as people sort names: E2 before E10.

    Links to folders are not followed, hidden files are left out.

    Raises:
        InputError: there is none, or a folder cannot be read.
    """
    found = [path for path in _files_below(folder) if path.name.endswith(SCORES_SUFFIX)]
    if not found:
        raise InputError(
            f"{folder} is a folder that holds no score file (*{SCORES_SUFFIX}); make some with `vidtag analyze`"
        )
    return sorted(found, key=lambda path: [natural(part) for part in path.relative_to(folder).parts])


def name_below(folder: Path, path: Path) -> str:
    """Name an episode after its score file: the path below a folder without its suffix.

    >>> name_below(Path("out"), Path("out/S1/E01.scores.npz"))
    'S1/E01'
    """
    return readable(path.relative_to(folder).as_posix().removesuffix(SCORES_SUFFIX).removesuffix(".npz"))


class Films:
    """The films that may have been scored: those in some folders and below, told by their content, not by their names.

    Raises:
        InputError: a folder cannot be read.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._of_size: dict[int, list[Path]] = {}
        for folder in folders:
            for path in _files_below(folder):
                self._of_size.setdefault(_size(path), []).append(path)

    def find(self, origin: Provenance, beside: Path | None = None) -> Path | None:
        """Give the film that was scored, None if it is not there.

        Args:
            origin: of the scores.
            beside: a score file; what lies in its folder under the film's name comes first.
        """
        near = [] if beside is None else [beside.parent / Path(origin.source).name]
        candidates = [*near, *self._of_size.get(origin.size, ())]
        return next((path for path in candidates if _is_the_film(path, origin)), None)


def _files_below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename} cannot be read ({error.strerror}); check its permissions") from error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names) if not name.startswith("."))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # such as a link that leads nowhere
        return -1


def _is_the_film(path: Path, origin: Provenance) -> bool:
    try:
        return path.is_file() and path.stat().st_size == origin.size and fingerprint(path) == origin.fingerprint
    except (OSError, ValueError):  # cannot be read, or is no name for a file
        return False
