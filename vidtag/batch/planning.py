"""What is to be done: every film of the season compared with what the manifest says and the files that are there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vidtag.batch.entries import BEGUN, FAILED, Entry, FileRecord
from vidtag.batch.films import Asked, Film, Films
from vidtag.batch.jobs import Failure, Job
from vidtag.batch.keys import Keys, needs_network
from vidtag.batch.manifest import Manifest
from vidtag.batch.naming import name_episodes
from vidtag.batch.options import BatchOptions
from vidtag.batch.places import is_there, looked_at
from vidtag.batch.results import Results
from vidtag.batch.sources import Source
from vidtag.batch.targets import SCORES
from vidtag.errors import InputError, OutputError, UsageError, VidtagError
from vidtag.season.naming import natural


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An episode and what is to be done with it: a job, nothing, or nothing because it cannot be.

    Attributes:
        name: of the episode, as text.
        entry: what the manifest is to say as soon as the job begins.
        keys: by which all stages are to be made.
        job: what is to be done, None if nothing.
        failure: why nothing can be done, None if it can.
        failed_before: whether the last run failed at it.
    """

    name: str
    entry: Entry
    keys: Keys
    job: Job | None = None
    failure: Failure | None = None
    failed_before: bool = False


class Planner:
    """Compares films with a manifest; reads three blocks of every film, and every model once.

    Args:
        results: of the batch.
        manifest: of these results.
        asked: gives the options of a film.
        options: of the batch.
    """

    def __init__(self, results: Results, manifest: Manifest, asked: Asked, options: BatchOptions) -> None:
        self._results, self._manifest, self._options = results, manifest, options
        self._films = Films(results, asked, options)

    def plan(self, sources: Sequence[Source]) -> list[Planned]:
        """Say what is to be done with every film, by the names of the episodes.

        Raises:
            VidtagError: options that no film of a folder can be done with, or results of another season in the way.
        """
        names = name_episodes([source.below for source in sources])
        pairs = sorted(zip(names, sources, strict=True), key=lambda pair: natural(pair[0]))
        return [self._planned(self._films.film(name, source.place)) for name, source in pairs]

    def renamed(self, plan: Sequence[Planned]) -> Iterator[str]:
        """Give the names in the manifest of films that have another name now."""
        now = {planned.entry.source: planned.name for planned in plan}
        for name, entry in self._manifest.items():
            if now.get(entry.source, name) != name:
                yield name

    def _planned(self, film: Film) -> Planned:
        before = self._manifest.get(film.name)
        failed = before is not None and before.state == FAILED
        entry = Entry(state=BEGUN, source=str(film.place), model=film.model.bundle.name, fingerprint="")
        try:
            fingerprint, size = looked_at(film.place)
            entry = replace(entry, fingerprint=fingerprint)
            self._check_season(film, before, fingerprint)
            self._check_targets(film, before)
        except UsageError:
            raise
        except (VidtagError, OSError) as error:
            return Planned(name=film.name, entry=entry, keys={}, failure=_failure(error), failed_before=failed)
        keys = film.keys(entry.fingerprint)
        network, stages = self._to_do(before, keys)
        job = film.job(entry.fingerprint, size, stages, network=network)
        entry = _begun(entry, before, job)
        return Planned(name=film.name, entry=entry, keys=keys, job=job if stages else None, failed_before=failed)

    def _to_do(self, before: Entry | None, keys: Keys) -> tuple[bool, tuple[str, ...]]:
        """Say whether the network has to run, and which of the wanted stages are to be made."""
        wanted = self._options.stages
        made: Mapping[str, object] = {}
        if before is not None:
            made = {stage: key for stage, key in before.stages.items() if before.has(stage, self._results.size)}
        if before is None or SCORES not in made or needs_network(before.stages[SCORES], keys[SCORES]):
            return True, wanted
        return False, tuple(stage for stage in wanted if made.get(stage) != keys[stage])

    def _check_season(self, film: Film, before: Entry | None, found: str) -> None:
        """Refuse to replace the results of another film of the same name, which is there as well.

        Raises:
            UsageError: there are such results.
        """
        moved = before is not None and before.source != str(film.place) and before.fingerprint not in ("", found)
        if before is not None and moved and is_there(before.source) and not self._options.overwrite:
            raise UsageError(
                f"{self._results} holds results of {before.source} under the name {film.name}, which {film.place} "
                "would replace; give both seasons in one command, choose another output, or pass --overwrite"
            )

    def _check_targets(self, film: Film, before: Entry | None) -> None:
        """Refuse to replace files of which the manifest knows nothing.

        Raises:
            OutputError: there is such a file.
        """
        if before is None and not self._options.overwrite:
            below = [str(path.relative_to(self._results.folder)) for path in film.targets]
            there = next((name for name in below if self._results.size(name) is not None), None)
            if there is not None:
                raise OutputError(
                    f"{self._results}/{there} was not made by this batch; remove it or pass --overwrite to replace it"
                )


def _failure(error: VidtagError | OSError) -> Failure:
    return Failure(error.exit_code if isinstance(error, VidtagError) else InputError.exit_code, str(error))


def _begun(entry: Entry, before: Entry | None, job: Job) -> Entry:
    """Say what still holds of an episode while a job is at it; all of it where there is nothing to do."""
    if before is None:
        return entry
    if not job.stages:
        return replace(before, source=entry.source)
    entry = replace(entry, files=before.files)  # so that they are known, whatever becomes of them
    if job.network:
        return entry
    kept = {stage: key for stage, key in before.stages.items() if stage == SCORES or stage not in job.stages}
    files = dict(before.files)
    if SCORES in job.stages:  # only the thresholds in the file change, so it serves whether they have or not
        files[SCORES] = tuple(FileRecord(path=file.path, size=None) for file in files[SCORES])
    return replace(entry, stages=kept, files=files, film_s=before.film_s, notes=before.notes)
