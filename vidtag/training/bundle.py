"""Trains and writes a bundle: what `vidtag train` does."""

from functools import partial
from pathlib import Path

import numpy as np

from vidtag.errors import OutputError, UsageError
from vidtag.predictors.weights import compact_arrays, network_arrays
from vidtag.records.bundles import ModelBundle
from vidtag.records.bundlewriter import check_bundle_folder, save_bundle
from vidtag.training.backend import prepare_keras
from vidtag.training.card import has_measured, write_card
from vidtag.training.checkpoints import CheckpointKeeper
from vidtag.training.environment import describe_environment
from vidtag.training.evaluate import FILM
from vidtag.training.fit import Report
from vidtag.training.options import TrainingOptions
from vidtag.training.pace import Watch, ignore_pace
from vidtag.training.precision import settle_precision, settling_pairs
from vidtag.training.runs import FINISHED, RUN, STOPPED, Run, continue_run, list_runs, note_writing, read_run, start_run
from vidtag.training.train import Prepared, Trained, dev_frames, learn, prepare

_NOT_CHOSEN = "not chosen, as nobody of the cast was held out"


def train_bundle(
    options: TrainingOptions, report: Report, watch: Watch = ignore_pace, run: Run | None = None
) -> ModelBundle:
    """Train as the options say and write the bundle; the target is checked before anything is learned.

    Args:
        options: everything there is to choose.
        report: called with a line of text now and then.
        watch: called after each step.
        run: what to go on with; a new one begins in `options.runs` where None.

    Raises:
        InputError: pictures, cast or backbone cannot be used.
        OptionError: an option does not fit, or the loss stops being a number.
        OutputError: the bundle or the run's folder cannot be written.
        StoppedError: a signal asked for it.
    """
    check_bundle_folder(options.output, _may_replace(options, run))
    environment = describe_environment(prepare_keras())
    prepared = prepare(options, report)
    if run is None and options.runs is not None:
        run = start_run(options)
    if run is None:
        return _write(prepared, learn(prepared, report, watch), options.overwrite, report)
    report(f"this run is kept in {run.folder}")
    with run.held():
        run = continue_run(run, environment)
        try:
            trained = learn(prepared, report, watch, run)
            overwrite = _may_replace(options, run)
            check_bundle_folder(options.output, overwrite)
            run = note_writing(run)
            bundle = _write(prepared, trained, overwrite, report)
            run.finish(trained.figures, bundle.folder)
        except OutputError as error:
            raise OutputError(f"{error}; then {CheckpointKeeper(run.folder).remedy}") from error
    return bundle


def resume_bundle(folder: Path, report: Report, watch: Watch = ignore_pace) -> ModelBundle:
    """Go on with a run that was stopped, with its own options.

    Args:
        folder: of the run, or one that holds runs, of which the last one that is stopped goes on.
        report: called with a line of text now and then.
        watch: called after each step.

    Raises:
        UsageError: the run is finished.
        InputError: it is no run, or its pictures have changed; and what `train_bundle` raises.
    """
    run = _run_to_resume(folder, report)
    with run.held():  # before minutes of reading
        pass
    return train_bundle(run.options, report, watch, run)


def _run_to_resume(folder: Path, report: Report) -> Run:
    if not (folder / RUN).is_file():
        waiting = [run for run in list_runs(folder, report) if run.state == STOPPED]
        if not waiting:
            raise UsageError(f"all runs in {folder} are finished or running; there is nothing to go on with")
        return waiting[-1]
    run = read_run(folder)
    if run.state == FINISHED:
        raise UsageError(f"the run {folder} is finished; there is nothing to go on with")
    return run


def _may_replace(options: TrainingOptions, run: Run | None) -> bool:
    """Say whether a model at the output may go: a run that was killed after it began to write replaces its own."""
    return options.overwrite or (run is not None and run.writing)


def _write(prepared: Prepared, trained: Trained, overwrite: bool, report: Report) -> ModelBundle:
    options = prepared.options
    bundle = save_bundle(
        options.output,
        cast=trained.cast,
        network=options.network,
        arguments=options.arguments,
        input_size=options.input_size,
        preprocessing=options.preprocessing,
        calibration=trained.calibration,
        thresholds=np.round(trained.thresholds, 4),
        chosen=f"{FILM}, on frames held out from training" if has_measured(trained.figures) else _NOT_CHOSEN,
        licence=options.licence,
        origin=options.origin,
        accuracy={name: round(value, 4) for name, value in trained.figures.items()},
        arrays=compact_arrays(network_arrays(trained.network)),
        card=write_card(options, trained.cast, trained.figures, trained.pictures),
        overwrite=overwrite,
    )
    if not has_measured(trained.figures):
        return bundle
    draw = partial(dev_frames, options, prepared.material, settling_pairs(options.input_size))
    return settle_precision(bundle, draw, report)
