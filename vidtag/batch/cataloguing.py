"""Keeps the catalogue of a batch in step with its score files, an episode at a time, whenever a run is killed.

What the catalogue holds stands in the manifest: it is noted before episodes are put, and again when each is in, so that
every episode in the catalogue is known, and whatever may not be in it is put again.
"""

from collections.abc import Callable, Mapping

from vidtag.batch.manifest import Held, Manifest
from vidtag.batch.results import Results
from vidtag.season.episode import Episode
from vidtag.season.naming import season_of

CATALOGUE = "season.duckdb"
_COMING = ""  # instead of a digest: it may be in or not


def update_catalogue(
    results: Results, manifest: Manifest, digests: Mapping[str, str], read: Callable[[str], Episode]
) -> None:
    """Put episodes that have changed, and take out those that no longer belong to the season.

    The season that an episode has in the catalogue is the folder in its name, or else the folder of the batch.
    Episodes that somebody else has put are left alone.

    Args:
        results: of the batch.
        manifest: of these results, which is changed.
        digests: of all that an episode depends on, by the names of those that belong to the season.
        read: gives an episode by its name.

    Raises:
        InputError: the file is no catalogue, or a score file was damaged.
        LockedError: another process is at work on the catalogue.
        OutputError: it cannot be written.
    """
    path = results.folder / CATALOGUE
    wanted = {name: (season_of(name, results.folder), made_of) for name, made_of in digests.items()}
    if results.size(CATALOGUE) is None:
        for name in list(manifest.catalogued):
            manifest.set_catalogued(name, None)
    log = path.with_name(f"{CATALOGUE}.wal")  # lies there if a run was killed; opening the catalogue takes it in
    if manifest.catalogued == wanted and not log.exists():
        return
    with results.together():
        for name in [name for name, held in wanted.items() if _is_to_come(manifest.catalogued.get(name), held)]:
            manifest.set_catalogued(name, (wanted[name][0], _COMING))
    from vidtag.season.catalogue import Catalogue  # imports DuckDB, which nothing else here needs

    with results.changing(CATALOGUE), Catalogue.open(path) as catalogue:
        for name, (season, _) in list(manifest.catalogued.items()):
            if name not in wanted or wanted[name][0] != season:
                catalogue.remove(season, name)
                manifest.set_catalogued(name, (wanted[name][0], _COMING) if name in wanted else None)
        for name, (season, made_of) in wanted.items():
            if manifest.catalogued.get(name) != (season, made_of):
                catalogue.put(season, read(name))
                manifest.set_catalogued(name, (season, made_of))


def _is_to_come(held: Held | None, wanted: Held) -> bool:
    """Say whether an episode is to be put, and nothing of it is to be taken out of another season before."""
    return held is None or (held[0] == wanted[0] and held[1] not in (wanted[1], _COMING))
