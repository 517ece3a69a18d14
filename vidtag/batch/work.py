"""The work on one episode, where a worker does it: the network once if it has to, then everything from its scores."""

from collections.abc import Callable
from dataclasses import replace

from vidtag.batch.jobs import Job, Made, Report
from vidtag.batch.keys import model_key
from vidtag.batch.targets import REPORTS, SCORES, VIDEO
from vidtag.errors import BundleError, InputError
from vidtag.options import AnalysisOptions
from vidtag.outputs import Outputs
from vidtag.pipeline import analyze_episode, annotate_episode, load_network, render_episode
from vidtag.predictors.predictor import Predictor
from vidtag.records.bundles import ModelBundle, find_bundle
from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, presence_rows, save_csv, segment_rows
from vidtag.records.scorefiles import load_scores, save_scores
from vidtag.scores import Scores


class KeptNetwork:
    """Loads a network only if it is another one than the last time; holds one."""

    def __init__(self, load: Callable[[ModelBundle, AnalysisOptions], Predictor] = load_network) -> None:
        self._load = load
        self._kept: tuple[object, Predictor] | None = None

    def __call__(self, bundle: ModelBundle, options: AnalysisOptions) -> Predictor:
        """Give the network of a bundle as the options want it."""
        wanted = (
            *(str(bundle.folder), model_key(bundle), bundle.thresholds.tobytes()),
            *(options.backend, options.batch_size, options.precision, options.threads),
        )
        if self._kept is None or self._kept[0] != wanted:
            self._kept = None  # room for the next one
            self._kept = (wanted, self._load(bundle, options))
        return self._kept[1]


_network = KeptNetwork()  # of this process


def process_episode(job: Job, report: Report) -> Made:
    """Make what a job asks for; every file is whole or not there, and the film comes after the scores.

    Raises:
        VidtagError: as `annotate_episode`; or the film or the model is not the one that was planned with.
    """
    bundle = find_bundle(job.analysis.model)
    if model_key(bundle) != job.model:
        raise BundleError(f"the model {job.analysis.model} has changed while the batch ran; run the batch again")
    job.targets.stem.parent.mkdir(parents=True, exist_ok=True)
    scores, notes = _scored(job, report) if job.network else _from_file(job, bundle, report)
    if REPORTS in job.stages:
        _save_reports(job, scores)
    files = {path: path.stat().st_size for stage in {SCORES, *job.stages} for path in job.targets.of(stage)}
    origin = scores.provenance
    return Made(files=files, film_s=float(origin.end - origin.start), notes=notes)


def _scored(job: Job, report: Report) -> tuple[Scores, tuple[str, ...]]:
    """Run the network, and write the film in the same pass if it is wanted."""
    if VIDEO in job.stages:
        outputs = Outputs(film=job.targets.film, scores=job.targets.scores, overwrite=True, tables=False)
        made = annotate_episode(
            job.source, outputs, analysis=job.analysis, render=job.render, progress=report, load=_network
        )
        return _unchanged(made.scores, job), made.notes
    scores = _unchanged(analyze_episode(job.source, job.analysis, report, load=_network), job)
    save_scores(scores, job.targets.scores, overwrite=True)
    return scores, ()


def _from_file(job: Job, bundle: ModelBundle, report: Report) -> tuple[Scores, tuple[str, ...]]:
    """Take the scores that are there, by the model's present thresholds, and write the film from them."""
    try:
        scores = replace(load_scores(job.targets.scores), thresholds=bundle.thresholds)
    except InputError:  # it was damaged since
        return _scored(job, report)
    if SCORES in job.stages:
        save_scores(scores, job.targets.scores, overwrite=True)
    if VIDEO not in job.stages:
        return scores, ()
    outputs = Outputs(film=job.targets.film, overwrite=True, tables=False)
    model = job.analysis.model
    made = render_episode(job.source, outputs, scores, render=job.render, model=model, progress=report)
    return scores, made.notes


def _save_reports(job: Job, scores: Scores) -> None:
    timeline = scores.timeline(smooth=job.render.smooth)
    start = scores.provenance.start
    save_csv(PRESENCE_COLUMNS, presence_rows(job.name, timeline, start), job.targets.presence, overwrite=True)
    save_csv(SEGMENT_COLUMNS, segment_rows(job.name, timeline), job.targets.segments, overwrite=True)


def _unchanged(scores: Scores, job: Job) -> Scores:
    if scores.provenance.fingerprint != job.fingerprint:
        raise InputError(f"{job.source} has changed while the batch ran; run the batch again")
    return scores
