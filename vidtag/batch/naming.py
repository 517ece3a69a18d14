"""Names for the episodes of a season: the paths below its folder without suffix, each different from all others."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from vidtag.batch.walking import VIDEO_SUFFIXES
from vidtag.records.reports import readable


def name_episodes(paths: Sequence[PurePath]) -> list[str]:
    """Name every episode; where `E1.mp4` and `E1.mkv` would have one name, both keep their suffix.

    Names are told apart as file systems do that know no capitals, and as text: bytes that are none count alike.

    Args:
        paths: of the films from the season's folder, all different.

    >>> name_episodes([PurePath("S1/E1.mp4"), PurePath("S2/E1.mp4"), PurePath("S2/E1.mkv")])
    ['S1/E1', 'S2/E1.mp4', 'S2/E1.mkv']
    """
    kept: set[int] = set()  # those that keep their suffix
    while True:
        names = [str(path) if number in kept else _without_suffix(path) for number, path in enumerate(paths)]
        counts = Counter(map(_alike, names))
        clashing = {number for number, name in enumerate(names) if counts[_alike(name)] > 1}
        if clashing <= kept:
            return _numbered(names)
        kept |= clashing


def _without_suffix(path: PurePath) -> str:
    return str(path.with_name(path.stem) if path.suffix.lower() in VIDEO_SUFFIXES else path)


def _alike(name: str) -> str:
    return unicodedata.normalize("NFC", readable(name)).casefold()


def _numbered(names: Sequence[str]) -> list[str]:
    """Put a number behind all names but the first that are alike even with their suffixes."""
    taken: set[str] = set()
    numbered = []
    for name in names:
        number, tried = 1, name
        while _alike(tried) in taken:
            number += 1
            tried = f"{name}~{number}"
        taken.add(_alike(tried))
        numbered.append(tried)
    return numbered
