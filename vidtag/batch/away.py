"""The work on an episode that lies elsewhere: fetch the film, do the work, store the results; nothing stays here."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from vidtag.batch.jobs import Away, Job, Made, Report
from vidtag.batch.targets import VIDEO, Targets
from vidtag.batch.work import process_episode
from vidtag.errors import InputError, OutputError, VidtagError
from vidtag.records.scorefiles import load_scores
from vidtag.remote.objects import stored_at
from vidtag.remote.transfers import fetch, store
from vidtag.remote.workfolders import free_bytes, work_folder

_SPARE_BYTES = 64_000_000  # for scores, reports, and whatever else needs room meanwhile


def process_anywhere(job: Job, report: Report) -> Made:
    """Make what a job asks for, wherever its film is and its results go; see `process_episode`.

    Raises:
        InputError: the film cannot be fetched.
        OutputError: a result cannot be stored, or there is no room for the film here.
        VidtagError: as `process_episode`.
    """
    if job.away is None:
        return process_episode(job, report)
    with work_folder() as folder:
        here = _moved(job, job.away, folder)
        with _names_of_there(_names(job, job.away, here)):
            here = _with_scores(here, job.away)
            _fetch_film(here, job.away, report)
            kept = here.targets.scores.stat().st_ino if here.targets.scores.exists() else None
            made = process_episode(here, report)
            if job.away.folder is None:
                return made
            for path in made.files:
                if path != here.targets.scores or path.stat().st_ino != kept:
                    store(path, job.away.folder / path.name, lambda: report(made.film_s, made.film_s))
        there = {job.targets.stem.with_name(path.name): size for path, size in made.files.items()}
        return replace(made, files=there)


def _moved(job: Job, away: Away, folder: Path) -> Job:
    """Give the same job with a film and results in a folder of this machine, each if it is elsewhere."""
    moved = replace(job, away=None)
    if away.source is not None:
        moved = replace(moved, source=_made(folder / "film") / away.source.name)
    if away.folder is not None:
        stem = _made(folder / "results") / job.targets.stem.name
        moved = replace(moved, targets=Targets(stem, job.targets.suffix))
    return moved


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _with_scores(here: Job, away: Away) -> Job:
    """Fetch the scores that are to be read; where they cannot be, the network runs again."""
    if here.network:
        return here
    path = here.targets.scores
    try:
        if away.folder is not None and (stored := stored_at(away.folder / path.name)):
            fetch(stored.address, stored.size, path)
        load_scores(path)
    except InputError:
        return replace(here, network=True)
    return here


def _fetch_film(here: Job, away: Away, report: Report) -> None:
    """Fetch the film if the work needs it, and there is room for it and what is made of it."""
    makes_video = VIDEO in here.stages
    if away.source is not None and (here.network or makes_video):
        room, wanted = free_bytes(here.source.parent), here.size * (2 if makes_video else 1) + _SPARE_BYTES
        if room < wanted:
            raise OutputError(
                f"{here.source} needs {_megabytes(wanted)} in {here.source.parents[2]}, where {_megabytes(room)} are "
                "free; make room, set TMPDIR to another disk, or take fewer --workers"
            )
        fetch(away.source, here.size, here.source, lambda: report(0.0, None))


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"


def _names(job: Job, away: Away, here: Job) -> Mapping[str, str]:
    """Give what is called otherwise for the time being: the name here, and the one that everybody knows."""
    names = {}
    if away.source is not None:
        names[str(here.source)] = str(away.source)
    if away.folder is not None:
        names[str(here.targets.stem.parent)] = str(away.folder)
    return names


@contextlib.contextmanager
def _names_of_there(names: Mapping[str, str]) -> Iterator[None]:
    """Let errors speak of addresses instead of files that are gone by then."""
    try:
        yield
    except VidtagError as error:
        text = str(error)
        for here, there in names.items():
            text = text.replace(here, there)
        raise type(error)(text) from error
