"""Chooses a model's thresholds on labelled data, and calibrates its scores: what `vidtag thresholds` does."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibrating import fit_calibration
from vidtag.analysis.calibration import UNCALIBRATED, Calibration
from vidtag.analysis.thresholdcurves import ThresholdCurve, threshold_curve
from vidtag.analysis.thresholdrules import ThresholdRule, choose_threshold
from vidtag.errors import InputError
from vidtag.evaluation.data import DataOptions, score_data
from vidtag.evaluation.scored import ScoredSet
from vidtag.predictors.base import load_predictor
from vidtag.predictors.compiled import preprocessing_of
from vidtag.predictors.predictor import Predictor
from vidtag.predictors.preprocessing import Preprocessing
from vidtag.records.bundles import ModelBundle, find_bundle
from vidtag.records.bundlewriter import rewrite_table
from vidtag.records.calibrations import MOST_CHOICES, ThresholdChoice
from vidtag.training.dataset import Example
from vidtag.training.evaluate import make_dev_frames
from vidtag.training.preparing import cut_examples, fit_picture

FILM_PAIRS = 400
KEPT = "no example, or none without: kept"
UNMET = "out of reach: the nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was decided for one character.

    Attributes:
        character: the id.
        before: the threshold until now, meant for scores calibrated as they were until now.
        after: the threshold from now on.
        precision, recall, f1, accuracy: at the new threshold, 0-1; NaN where nothing stands behind one.
        note: `KEPT`, `UNMET` or nothing.
    """

    character: str
    before: float
    after: float
    precision: float
    recall: float
    f1: float
    accuracy: float
    note: str = ""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Rethresholded:
    """A model with new thresholds, not yet written.

    Attributes:
        bundle: with its new thresholds, its calibration, and the old ones among the earlier choices.
        choices: one a character.
        scored: the labelled samples with calibrated scores and the new thresholds, for plots.
    """

    bundle: ModelBundle
    choices: tuple[Chosen, ...]
    scored: ScoredSet


def choose_thresholds_for(
    model: str,
    data: DataOptions,
    rule: ThresholdRule,
    *,
    calibrate: str | None = None,
    only: Collection[str] = (),
    backend: str = "auto",
    seed: int = 1,
) -> Rethresholded:
    """Choose thresholds for a model on labelled data; nothing is written yet, `write_thresholds` does that.

    Args:
        model: name or folder of a bundle.
        data: labelled pictures or films.
        rule: what thresholds are chosen for. `film` chooses on a mix: each picture, pairs side by side, and frames of
            nobody, where whoever is not named counts as absent; on films it takes them as they are.
        calibrate: method to calibrate by, on the same data; None keeps the calibration that the model has.
        only: ids of those whose thresholds are chosen, the others keep theirs; everybody's where empty.
        backend: what runs the network.
        seed: of the mix.

    Raises:
        InputError: the model or the data cannot be read, or the data name somebody whom the model does not know.
        OptionError: no such method, or nothing can be calibrated.
    """
    bundle = find_bundle(model)
    for identity in only:
        if identity not in bundle.cast.ids:
            raise InputError(f"{identity!r} is not in the cast of {bundle.name}: {', '.join(bundle.cast.ids)}")
    predictor = load_predictor(replace(bundle, calibration=UNCALIBRATED), backend)
    preprocessing = preprocessing_of(bundle)
    read = score_data(data, predictor, preprocessing)
    raw = read.scored
    calibration = bundle.calibration if calibrate is None else fit_calibration(calibrate, raw.labels, raw.scores)
    labels, scores = raw.labels, raw.scores
    if rule.kind == "film" and read.examples:
        labels, scores = _film_mix(read.examples, predictor, preprocessing, seed)
    choices = _choose(bundle, labels, calibration.apply(scores), rule, only or bundle.cast.ids)
    thresholds = np.array([choice.after for choice in choices], np.float32)
    how = f"by {rule} on {len(labels)} samples of {data.data.resolve().name}"
    how += f" for {', '.join(only)}, the others as before" if only else ""
    return Rethresholded(
        bundle=_changed(bundle, thresholds, calibration, how if how.isprintable() else f"by {rule}"),
        choices=choices,
        scored=replace(raw.calibrated(calibration), thresholds=thresholds),
    )


def write_thresholds(result: Rethresholded) -> ModelBundle:
    """Write the model's bundle.toml anew, whole or not at all; the rest of the bundle stays as it is.

    Raises:
        OutputError: the folder of the model cannot be written.
    """
    return rewrite_table(result.bundle)


def _film_mix(
    examples: Sequence[Example], predictor: Predictor, preprocessing: Preprocessing, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give labels and raw scores of the frames that training measures on."""
    place = partial(fit_picture, preprocessing=preprocessing)
    examples = cut_examples(examples, preprocessing)
    dev = make_dev_frames(examples, len(predictor.cast), predictor.input_size, FILM_PAIRS, seed, place)
    return dev.truth.astype(np.float32), predictor(dev.frames)


def _choose(
    bundle: ModelBundle,
    labels: NDArray[np.float32],
    scores: NDArray[np.float32],
    rule: ThresholdRule,
    only: Collection[str],
) -> tuple[Chosen, ...]:
    columns = zip(bundle.cast.ids, bundle.thresholds.tolist(), labels.T, scores.T, strict=True)
    chosen = []
    for identity, before, truth, column in columns:
        after, note = before, KEPT
        if identity not in only:
            note = ""
        elif rule.kind == "fixed" or ((truth == 1).any() and (truth == 0).any()):
            after, met = choose_threshold(rule, threshold_curve(truth, column))
            note = "" if met else UNMET
        at = threshold_curve(truth, column, np.array([after], np.float32))
        chosen.append(Chosen(character=identity, before=before, after=after, note=note, **_figures(at)))
    return tuple(chosen)


def _figures(at: ThresholdCurve) -> dict[str, float]:
    nothing = float("nan")
    return {
        "precision": float(at.precision[0]) if at.shown[0] else nothing,
        "recall": float(at.recall[0]),
        "f1": float(at.f1[0]) if at.present else nothing,
        "accuracy": float(at.accuracy[0]),
    }


def _changed(bundle: ModelBundle, thresholds: NDArray[np.float32], calibration: Calibration, how: str) -> ModelBundle:
    old = ThresholdChoice(chosen=bundle.chosen, thresholds=bundle.thresholds, calibration=bundle.calibration)
    before: Sequence[ThresholdChoice] = (*bundle.before, old)
    kept = tuple(before) if len(before) <= MOST_CHOICES else (before[0], *before[1 - MOST_CHOICES :])
    return replace(bundle, thresholds=thresholds, calibration=calibration, chosen=how, before=kept)
