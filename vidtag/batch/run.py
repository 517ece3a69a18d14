"""A batch: lock the folder, plan, do the jobs, write down what came of them, then the files over all episodes."""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vidtag.batch.away import process_anywhere
from vidtag.batch.books import BOOKS, save_books
from vidtag.batch.entries import DONE, FAILED, Entry, FileRecord
from vidtag.batch.events import Begun, Ended, Event, Failed, Finished, Noted, Progressed, Started
from vidtag.batch.executors import find_executor
from vidtag.batch.farresults import results_at
from vidtag.batch.films import Asked
from vidtag.batch.jobs import Began, Failure, Job, Lost, Made, Moved, Outcome, Work, Workers
from vidtag.batch.leftovers import remove_leftovers
from vidtag.batch.manifest import Manifest
from vidtag.batch.options import BatchOptions
from vidtag.batch.planning import Planned, Planner
from vidtag.batch.results import Results
from vidtag.batch.sources import find_sources
from vidtag.batch.targets import REPORTS, SCORES
from vidtag.errors import OutputError
from vidtag.remote.addresses import Place

Tell = Callable[[Event], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a batch has ended.

    Attributes:
        done: names of the episodes that this run did.
        failed: those that it failed at, and why.
        unchanged: how many were done already.
        left: how many are still to be done.
    """

    done: tuple[str, ...]
    failed: tuple[tuple[str, Failure], ...]
    unchanged: int
    left: int


def plan_batch(
    seasons: Sequence[str], out: Place, *, asked: Asked, options: BatchOptions, complain: Callable[[str], None]
) -> list[Planned]:
    """Say what a run would do; writes nothing.

    Raises:
        VidtagError: as `run_batch`, before it does any work.
    """
    with results_at(out) as results:
        results.refresh()
        manifest = Manifest.load(results.folder)
        return Planner(results, manifest, asked, options).plan(find_sources(seasons, out, complain))


def run_batch(
    seasons: Sequence[str],
    out: Place,
    *,
    asked: Asked,
    options: BatchOptions,
    tell: Tell,
    work: Work = process_anywhere,
) -> Summary:
    """Do what is not done yet of a season; what fails is told, and the rest goes on.

    Args:
        seasons: see `find_sources`.
        out: folder of the results, made if it is not there, or their address.
        asked: gives the options of a film.
        options: of the batch.
        tell: called with everything that happens.
        work: does one job.

    Raises:
        LockedError: another run writes to `out`.
        InputError: there is no film, or the manifest or an address cannot be read.
        UsageError: an option does not fit.
        OutputError: `out` cannot be written, or holds files over all episodes that no batch has made.
        SetupError: a package for addresses is missing.
    """

    def note(text: str) -> None:
        tell(Noted(text))

    with results_at(out) as results, results.held(note):
        results.refresh()
        manifest = Manifest.load(results.folder, results.publish)
        _check_books(results, manifest, options)
        planner = Planner(results, manifest, asked, options)
        plan = planner.plan(find_sources(seasons, out, note))
        folders = _folders(results.folder, manifest, plan)
        remove_leftovers(folders)
        with manifest.writing():
            for name in list(planner.renamed(plan)):
                manifest.forget(name)
            for moved in (each for each in plan if not each.job and not each.failure):
                if manifest[moved.name] != moved.entry:
                    manifest.put(moved.name, moved.entry)
            try:
                return _Run(results, manifest, plan, options, tell).finish(work)
            finally:
                remove_leftovers(folders)


def chosen(plan: Sequence[Planned], options: BatchOptions) -> list[Planned]:
    """Pick those that a run does, or fails at, out of a plan."""
    able = [each for each in plan if each.job or each.failure]
    able = [each for each in able if each.failed_before or not options.retry_failed]
    return able[: options.limit]


def _folders(out: Path, manifest: Manifest, plan: Sequence[Planned]) -> set[Path]:
    """List the folders that this run writes into, and those that a killed one may have written into."""
    known = {(out / name).parent for name in manifest}
    known |= {
        (out / file.path).parent for _, entry in manifest.items() for files in entry.files.values() for file in files
    }
    return {out, *known, *(planned.job.targets.stem.parent for planned in plan if planned.job)}


def _check_books(results: Results, manifest: Manifest, options: BatchOptions) -> None:
    if len(manifest) or manifest.books or options.overwrite:
        return
    there = next((book for book in BOOKS if results.size(book) is not None), None)
    if there is not None:
        raise OutputError(
            f"{results}/{there} was not made by a batch; choose another output, or pass --overwrite to replace it"
        )


class _Run:
    """One run over a plan; keeps the manifest up to date, and tells."""

    def __init__(
        self, results: Results, manifest: Manifest, plan: Sequence[Planned], options: BatchOptions, tell: Tell
    ) -> None:
        self._results, self._manifest, self._plan, self._options, self._tell = results, manifest, plan, options, tell
        self._chosen = chosen(plan, options)
        self._planned = {planned.name: planned for planned in self._chosen}
        self._began: dict[str, float] = {}
        self._done: list[str] = []
        self._failed: list[tuple[str, Failure]] = []

    def finish(self, work: Work) -> Summary:
        """Do all there is to do."""
        began = time.monotonic()
        jobs = [planned.job for planned in self._chosen if planned.job]
        unchanged = sum(not planned.job and not planned.failure for planned in self._plan)
        size, count = sum(job.size for job in jobs), min(self._options.workers, max(1, len(jobs)))
        self._tell(Started(len(self._plan), len(self._chosen), size, unchanged, count, str(self._results)))
        if self._refuse_at_once():
            self._do(jobs, work, count)
        books = save_books(self._results, self._manifest, self._note) if REPORTS in self._options.stages else ()
        left = len(self._plan) - unchanged - len(self._done) - len(self._failed)
        took, files = time.monotonic() - began, tuple(self._below(book) for book in books)
        self._tell(Ended(len(self._done), len(self._failed), unchanged, left, took, files))
        return Summary(done=tuple(self._done), failed=tuple(self._failed), unchanged=unchanged, left=left)

    def _refuse_at_once(self) -> bool:
        """Tell what cannot be done at all; gives whether to go on."""
        for planned in self._chosen:
            if planned.failure:
                self._fail(planned, planned.failure)
                if self._options.fail_fast:
                    return False
        return True

    def _do(self, jobs: Sequence[Job], work: Work, count: int) -> None:
        workers = Workers(count=count, timeout_s=self._options.timeout_s, needs=self._options.needs, tell=self._on)
        with contextlib.closing(find_executor(self._options.executor)(jobs, work, workers)) as outcomes:
            for outcome in outcomes:
                self._record(outcome)
                if self._failed and self._options.fail_fast:
                    return

    def _on(self, event: Began | Moved | Lost) -> None:
        """Note that a job begins, before anything of it is written; pass on how far it is."""
        name = event.job.name
        if isinstance(event, Began):
            self._began[name] = time.monotonic()
            self._manifest.put(name, self._planned[name].entry)
            job = event.job
            self._tell(Begun(name, event.worker, job.stages, job.network, job.size))
        elif isinstance(event, Lost):
            self._note(f"{name}: the machine that did it is lost (Ray: {event.why}), so it is done again")
        else:
            took = time.monotonic() - self._began[name]
            self._tell(Progressed(name, event.done_s, event.total_s, event.done_s / took if took else 0.0))

    def _record(self, outcome: Outcome) -> None:
        planned = self._planned[outcome.job.name]
        if isinstance(outcome.result, Failure):
            self._fail(planned, outcome.result)
        else:
            self._succeed(planned, outcome.job, outcome.result)

    def _fail(self, planned: Planned, failure: Failure) -> None:
        entry = replace(planned.entry, state=FAILED, exit_code=failure.exit_code, reason=failure.reason)
        self._manifest.put(planned.name, entry)
        self._failed.append((planned.name, failure))
        self._tell(Failed(planned.name, failure.exit_code, failure.reason))

    def _succeed(self, planned: Planned, job: Job, made: Made) -> None:
        stages = {SCORES: planned.entry.stages.get(SCORES, {}), **{stage: planned.keys[stage] for stage in job.stages}}
        records = {
            stage: tuple(FileRecord(path=self._below(path), size=made.files[path]) for path in job.targets.of(stage))
            for stage in stages
        }
        entry = replace(
            planned.entry,
            state=DONE,
            stages={**planned.entry.stages, **stages},
            files={**planned.entry.files, **records},
            film_s=made.film_s,
            notes=made.notes or planned.entry.notes,
        )
        self._results.note({self._below(path): size for path, size in made.files.items()})
        self._manifest.put(planned.name, entry)
        self._remove_replaced(planned.entry, entry)
        self._done.append(planned.name)
        took = time.monotonic() - self._began[planned.name]
        files = tuple(self._below(path) for path in made.files)
        self._tell(Finished(planned.name, made.film_s, took, files, made.notes))

    def _note(self, text: str) -> None:
        self._tell(Noted(text))

    def _remove_replaced(self, before: Entry, now: Entry) -> None:
        """Remove what earlier options have made under another name, such as a film with another suffix."""
        named = {file.path for files in now.files.values() for file in files}
        for file in (file for files in before.files.values() for file in files if file.path not in named):
            with contextlib.suppress(OutputError):
                self._results.remove(file.path)

    def _below(self, path: Path) -> str:
        return str(path.relative_to(self._results.folder))
