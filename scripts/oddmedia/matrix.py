"""All odd files together, made into a folder with a table of how vidtag should answer each."""

import csv
import hashlib
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from oddmedia import damage, hostile, long, pictures, timing, tracks
from oddmedia.kinds import Kind, film

TABLE = "expected.csv"
COLUMNS = ("file", "group", "about", "annotate", "analyze", "says", "psnr", "frames")
GROUPS: dict[str, Sequence[Kind]] = {
    "timing": timing.KINDS,
    "pictures": pictures.KINDS,
    "tracks": tracks.KINDS,
    "damage": damage.KINDS,
    "hostile": hostile.KINDS,
}
ALL_GROUPS = GROUPS | {"long": long.KINDS}
"""Those that take minutes to make, too."""


def make_matrix(folder: Path, groups: Iterable[str] = GROUPS, *, short: bool = False, workers: int = 2) -> list[Kind]:
    """Make the files of some groups that are not there yet, and the table beside them.

    Args:
        folder: made if it is missing. Each group has a folder of its own in it.
        groups: names of `ALL_GROUPS`.
        short: only those of the short list.
        workers: files made at the same time.

    Returns:
        The kinds, in the order of the table.
    """
    chosen = [(group, kind) for group in groups for kind in ALL_GROUPS[group] if kind.short or not short]
    for group in {group for group, _ in chosen}:
        (folder / group).mkdir(parents=True, exist_ok=True)
    if "hostile" in groups and not (canary := folder / "hostile" / hostile.CANARY).exists():
        film(seconds=1)(canary)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda entry: _make(folder / entry[0], entry[1]), chosen))
    _write_table(folder / TABLE, chosen)
    return [kind for _, kind in chosen]


def _make(folder: Path, kind: Kind) -> None:
    """Make a file in a folder of its own, so that nothing that is needed on the way can meet another's."""
    target = folder / kind.name
    if target.exists():
        return
    work = folder / f".{hashlib.sha256(os.fsencode(kind.name)).hexdigest()[:12]}"
    work.mkdir(exist_ok=True)
    made = work / f"made{Path(kind.name).suffix or '.mp4'}"
    kind.make(made)
    made.replace(target)
    work.rmdir()


def _write_table(path: Path, chosen: Sequence[tuple[str, Kind]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for group, kind in chosen:
            analyze = kind.code if kind.analyze is None else kind.analyze
            figures = ("yes" if kind.psnr else "", "yes" if kind.frames else "")
            writer.writerow((f"{group}/{kind.name}", group, kind.about, kind.code, analyze, kind.says, *figures))
