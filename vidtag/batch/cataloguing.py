"""Keeps the catalogue of a batch in step with its score files, an episode at a time, whenever a run is killed.

What the catalogue holds stands in the manifest: it is noted before an episode is put, and again when it is in, so that
every episode in the catalogue is known, and whatever may not be in it is put again.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from vidtag.batch.manifest import Manifest
from vidtag.records.reports import readable
from vidtag.season.episode import Episode

CATALOGUE = "season.duckdb"
_COMING = ""  # instead of a digest: it may be in or not


def update_catalogue(out: Path, manifest: Manifest, digests: Mapping[str, str], read: Callable[[str], Episode]) -> None:
    """Put episodes that have changed, and take out those that no longer belong to the season.

    The season that an episode has in the catalogue is the folder in its name, or else the folder of the batch.
    Episodes that somebody else has put are left alone.

    Args:
        out: folder of the batch.
        manifest: of that folder, which is changed.
        digests: of all that an episode depends on, by the names of those that belong to the season.
        read: gives an episode by its name.

    Raises:
        InputError: the file is no catalogue, or a score file was damaged.
        LockedError: another process is at work on the catalogue.
        OutputError: it cannot be written.
    """
    path = out / CATALOGUE
    wanted = {name: (_season_of(name, out), made_of) for name, made_of in digests.items()}
    if not path.is_file():
        for name in list(manifest.catalogued):
            manifest.set_catalogued(name, None)
    log = path.with_name(f"{CATALOGUE}.wal")  # lies there if a run was killed; opening the catalogue takes it in
    if manifest.catalogued == wanted and not log.exists():
        return
    from vidtag.season.catalogue import Catalogue  # imports DuckDB, which nothing else here needs

    with Catalogue.open(path) as catalogue:
        for name, (season, _) in list(manifest.catalogued.items()):
            if name not in wanted or wanted[name][0] != season:
                catalogue.remove(season, name)
                manifest.set_catalogued(name, None)
        for name, (season, made_of) in wanted.items():
            if manifest.catalogued.get(name) != (season, made_of):
                manifest.set_catalogued(name, (season, _COMING))
                catalogue.put(season, read(name))
                manifest.set_catalogued(name, (season, made_of))


def _season_of(name: str, out: Path) -> str:
    return name.rpartition("/")[0] or readable(out.name) or "season"
