"""The videos below a folder: links are followed, loops end, and what vidtag itself has written is passed over."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

VIDEO_SUFFIXES = frozenset(
    f".{kind}"
    for kind in (
        *("mp4", "m4v", "mov", "qt", "3gp", "3g2", "mj2", "mkv", "webm", "avi", "divx", "flv", "f4v", "wmv", "asf"),
        *("mpg", "mpeg", "mpe", "mpv", "m1v", "m2v", "vob", "ts", "m2t", "m2ts", "mts", "mxf", "dv", "rm", "rmvb"),
        *("ogv", "ogm", "ogg", "ivf", "obu", "nut", "y4m", "h264", "264", "h265", "265", "hevc", "gif"),
    )
)
TAGGED = ".tagged"  # ends the name of a film with the bar, before its suffix

Identity = tuple[int, int]


def is_video(path: PurePath) -> bool:
    """Say by its name whether a file is an episode: a video's suffix, not hidden, and no film with the bar."""
    return path.suffix.lower() in VIDEO_SUFFIXES and not path.name.startswith(".") and not is_tagged(path)


def is_tagged(path: PurePath) -> bool:
    """Say by its name whether a file is a film that vidtag has made."""
    return path.stem.endswith(TAGGED)


def identity(path: Path) -> Identity | None:
    """Tell a file or folder from all others, by whatever name it is reached; None if it is not there."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def videos_below(folder: Path, *, without: Path | None, complain: Callable[[str], None]) -> Iterator[Path]:
    """Give the videos in a folder and all below it, whatever they are: also links that lead nowhere.

    Every folder is gone through once: first those that really lie there, then those that links lead to.

    Args:
        folder: where to look; hidden files and folders below it are passed over.
        without: a folder that is passed over, too, wherever it lies below; None for none.
        complain: called with a line for every folder that cannot be read.
    """
    seen = {own for own in (identity(without) if without else None,) if own is not None and own != identity(folder)}
    waiting = deque([folder])
    while waiting:
        place = waiting.popleft()
        own = identity(place)
        if own in seen or own is None:
            continue
        seen.add(own)
        folders, links, files = _entries(place, complain)
        waiting.extendleft(reversed(folders))
        waiting.extend(links)
        yield from (file for file in files if is_video(file))


def _entries(place: Path, complain: Callable[[str], None]) -> tuple[list[Path], list[Path], list[Path]]:
    """List the folders, the links to folders and all else in a folder, each sorted, real files before links."""
    folders: list[Path] = []
    links: list[Path] = []
    files: list[Path] = []
    try:
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: (entry.is_symlink(), entry.name)):
                kind = files if not _is_folder(entry) else links if entry.is_symlink() else folders
                if not entry.name.startswith("."):
                    kind.append(place / entry.name)
    except OSError as error:
        complain(f"{place} cannot be read ({error.strerror}); nothing in it is done")
    return folders, links, files


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # such as a link to itself
        return False
