"""Measures a model on labelled data: what `vidtag evaluate` does."""

from collections.abc import Mapping
from dataclasses import dataclass

from vidtag.analysis.resampling import REPEATS
from vidtag.evaluation.data import DataOptions, score_data
from vidtag.evaluation.figures import Figures, measure_set
from vidtag.evaluation.films import FilmErrors, film_errors
from vidtag.evaluation.mistakes import Mistake, worst_mistakes
from vidtag.evaluation.scored import ScoredSet
from vidtag.predictors.base import load_predictor
from vidtag.predictors.compiled import preprocessing_of
from vidtag.records.bundles import ModelBundle, find_bundle
from vidtag.training.dataset import Skipped


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Evaluation:
    """Everything that a report tells.

    Attributes:
        bundle: the model.
        data: what it was measured on.
        scored: its scores.
        figures: the usual figures with intervals.
        films: errors in seconds, one entry a character; empty for pictures.
        mistakes: the worst of each kind.
        skipped: pictures that could not be used.
        backend: what ran the network.
    """

    bundle: ModelBundle
    data: DataOptions
    scored: ScoredSet
    figures: Figures
    films: list[FilmErrors]
    mistakes: Mapping[str, list[Mistake]]
    skipped: list[Skipped]
    backend: str


def evaluate_model(
    model: str, data: DataOptions, *, backend: str = "auto", repeats: int = REPEATS, seed: int = 1
) -> Evaluation:
    """Score labelled data with a model and compute everything that a report tells.

    Args:
        model: name or folder of a bundle.
        data: what is measured.
        backend: what runs the network.
        repeats: draws of the bootstrap, >= 1.
        seed: of the draws.

    Raises:
        InputError: the model or the data cannot be read, or the data name somebody whom the model does not know.
        OptionError: an option is out of range.
        SetupError: the backend is not installed.
    """
    bundle = find_bundle(model)
    predictor = load_predictor(bundle, backend)
    read = score_data(data, predictor, preprocessing_of(bundle))
    return Evaluation(
        bundle=bundle,
        data=data,
        scored=read.scored,
        figures=measure_set(read.scored, repeats, seed),
        films=film_errors(read.scored.clips),
        mistakes=worst_mistakes(read.scored),
        skipped=read.skipped,
        backend=predictor.backend,
    )
