"""Names of seasons and episodes: their order, and episodes that can be written and told apart."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vidtag.records.reports import readable
from vidtag.season.episode import Episode


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Give a key that sorts names as people do, E2 before E10.

    >>> sorted(["E10", "e2", "E1"], key=natural)
    ['E1', 'e2', 'E10']
    """
    parts = re.split(r"([0-9]+)", name.casefold())
    return (*((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts), (2, 0, name))


def season_of(name: str, folder: Path) -> str:
    """Name the season of an episode: the folder in its own name, or else the folder that all of them lie in.

    >>> season_of("S1/E01", Path("tagged")), season_of("E01", Path("tagged"))
    ('S1', 'tagged')
    """
    return name.rpartition("/")[0] or readable(folder.name) or "season"


def readable_names(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    """Give episodes whose names are text; those that look alike only then, for want of their bytes, get a number."""
    before = {episode.name for episode in episodes}
    taken: set[str] = set()
    named = []
    for episode in episodes:
        name, number = readable(episode.name), 1
        while name != episode.name and (name in taken or name in before):
            number += 1
            name = f"{readable(episode.name)} ({number})"
        taken.add(name)
        named.append(replace(episode, name=name))
    return tuple(named)


def told_apart(names: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """Add folders to the names of episodes that are called alike, as many as it takes; at last, numbers.

    Args:
        names: of the episodes.
        paths: of the files that they come from.

    >>> told_apart(["E1", "E1", "E2"], [Path("/s/one/a.npz"), Path("/s/two/a.npz"), Path("/s/two/b.npz")])
    ['one/E1', 'two/E1', 'E2']
    """
    parents = [[readable(part) for part in path.absolute().parent.parts[1:]] for path in paths]
    stays = [count == 1 for count in map(Counter(names).__getitem__, names)]
    given = list(names)
    for depth in range(1, max(map(len, parents), default=0) + 1):
        twice = {name for name, count in Counter(given).items() if count > 1}
        if not twice:
            return given
        alike = {original for original, now in zip(names, given, strict=True) if now in twice}
        given = [
            "/".join((*parent[-depth:], original)) if original in alike and not alone else now
            for original, now, parent, alone in zip(names, given, parents, stays, strict=True)
        ]
    return _numbered(given, stays)


def _numbered(names: Sequence[str], stays: Sequence[bool]) -> list[str]:
    """Put a number behind names that are taken already, but not behind those that are to stay."""
    taken = {name for name, alone in zip(names, stays, strict=True) if alone}
    numbered = []
    for name, alone in zip(names, stays, strict=True):
        number, tried = 1, name
        while tried in taken and not alone:
            number += 1
            tried = f"{name} ({number})"
        taken.add(tried)
        numbered.append(tried)
    return numbered
