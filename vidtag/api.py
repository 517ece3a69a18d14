"""vidtag from Python: one call for each use, plain objects out."""

from collections.abc import Callable
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

from vidtag.errors import OptionError
from vidtag.options import AUTO, DEFAULT_BATCH, DEFAULT_MODEL, AnalysisOptions, RenderOptions
from vidtag.outputs import Outputs
from vidtag.pipeline import Annotation, analyze_episode, annotate_episode, render_episode
from vidtag.predictors.base import load_predictor
from vidtag.predictors.predictor import Predictor
from vidtag.records import scorefiles
from vidtag.records.bundles import find_bundle
from vidtag.scores import Scores

AnyPath = str | PathLike[str]
Number = int | float | Fraction


def load_model(model: AnyPath = DEFAULT_MODEL, *, backend: str = "auto") -> Predictor:
    """Load a model, to score pictures of your own.

    Args:
        model: name of an installed bundle, or the path of one.
        backend: what runs the network, `auto` for the best that is installed.

    Returns:
        A callable: (n, height, width, 3) uint8 RGB pictures of its `input_size` give (n, characters) float32 scores in
        the order of its `cast`.

    Raises:
        BundleError: no such model, or it is not whole.
        OptionError, SetupError: no such backend, or not installed.
    """
    return load_predictor(find_bundle(_model_name(model)), backend)


def analyze(
    episode: AnyPath,
    *,
    model: AnyPath = DEFAULT_MODEL,
    rate: Number = 4,
    batch_size: int = DEFAULT_BATCH,
    backend: str = "auto",
    precision: str = AUTO,
    threads: int = 0,
    start: Number | None = None,
    end: Number | None = None,
    progress: Callable[[float, float | None], None] | None = None,
) -> Scores:
    """Score an episode.

    Args:
        episode: a video file.
        model: name of an installed bundle, or the path of one.
        rate: samples a second; give a Fraction for rates such as 24000/1001.
        batch_size: samples the network sees at once.
        backend: what runs the network.
        precision: what the network is calculated in: `float32`, `bfloat16`, `int8`, or `auto` for what suits the model.
        threads: of decoder and network each, 0 for what suits the machine.
        start: where to begin, in seconds from the first frame.
        end: where to stop, in seconds from the first frame.
        progress: called with the seconds of film done, and in all or None.

    Returns:
        The scores; `.timeline()` says who is on screen when.

    Raises:
        VidtagError: see `vidtag.errors`; the message says what was found, expected and what to do.
    """
    how = {"batch_size": batch_size, "backend": backend, "precision": precision, "threads": threads}
    options = _analysis(model, rate, start, end, **how)
    return analyze_episode(Path(episode), options, progress)


def annotate(
    episode: AnyPath,
    output: AnyPath,
    *,
    scores: Scores | None = None,
    model: AnyPath | None = None,
    rate: Number = 4,
    smooth: int = 5,
    batch_size: int = DEFAULT_BATCH,
    backend: str = "auto",
    precision: str = AUTO,
    threads: int = 0,
    start: Number | None = None,
    end: Number | None = None,
    style: str = "icons",
    encoder: str | None = None,
    preset: str | None = None,
    crf: int | None = None,
    parallel: int = 1,
    csv: AnyPath | None = None,
    overwrite: bool = False,
    progress: Callable[[float, float | None], None] | None = None,
) -> Annotation:
    """Write an episode again with the bar under the picture, and its screen times as CSV.

    Args:
        episode: a video file.
        output: film to write: .mp4, .m4v, .mov, .mkv or .webm.
        scores: made before; then the network does not run, and rate, batch_size, backend, start and end do not count.
        smooth: window of the single-outlier rule in samples, 0 for none.
        style: of the bar, `icons` or `icons+names`.
        encoder: ffmpeg's name of the video encoder; None for libx264 (.webm: libvpx-vp9), `auto` for NVENC if it works.
        preset: speed of the encoder in its own words; None for a fast one.
        crf: quality in the encoder's scale, smaller is better; None for visually lossless.
        parallel: pieces that a long film is cut into, to be done side by side; the result is the same.
        csv: where the screen times go; None for beside the film.
        overwrite: whether files that exist may be replaced.
        model: as in `analyze`; with `scores`, whose names and icons are shown, None for those of the model that scored.
        rate: as in `analyze`.
        batch_size: as in `analyze`.
        backend: as in `analyze`.
        precision: as in `analyze`.
        threads: as in `analyze`, and of the encoder.
        start: as in `analyze`.
        end: as in `analyze`.
        progress: as in `analyze`.

    Returns:
        The paths of the outputs, the scores, the timeline, and notes on what could not be carried over.

    Raises:
        VidtagError: see `vidtag.errors`; nothing is left behind.
    """
    render = RenderOptions(
        smooth=smooth, style=style, encoder=encoder, preset=preset, crf=crf, threads=threads, parallel=parallel
    )
    outputs = Outputs(film=Path(output), csv=Path(csv) if csv is not None else None, overwrite=overwrite)
    if scores is not None:
        shown = None if model is None else _model_name(model)
        return render_episode(Path(episode), outputs, scores, render=render, model=shown, progress=progress)
    how = {"batch_size": batch_size, "backend": backend, "precision": precision, "threads": threads}
    analysis = _analysis(DEFAULT_MODEL if model is None else model, rate, start, end, **how)
    return annotate_episode(Path(episode), outputs, analysis=analysis, render=render, progress=progress)


def load_scores(path: AnyPath) -> Scores:
    """Read a score file that `save_scores` or `vidtag analyze` wrote; the cast has no icons.

    Raises:
        InputError: missing, or not a score file of this format.
    """
    return scorefiles.load_scores(Path(path))


def save_scores(scores: Scores, target: AnyPath, *, overwrite: bool = False) -> Path:
    """Write a score file (.npz, no pickle), whole or not at all, and give its absolute path.

    Raises:
        OutputError: the target exists and may not be replaced, or it cannot be written.
    """
    return scorefiles.save_scores(scores, Path(target), overwrite=overwrite)


def _analysis(model: AnyPath, rate: Number, start: Number | None, end: Number | None, **how: Any) -> AnalysisOptions:
    return AnalysisOptions(
        model=_model_name(model),
        rate=_fraction("rate", rate),
        start=None if start is None else _fraction("start", start),
        end=None if end is None else _fraction("end", end),
        **how,
    )


def _model_name(model: AnyPath) -> str:
    return model if isinstance(model, str) else str(Path(model))


def _fraction(name: str, value: Number) -> Fraction:
    """Take a number as it is written: 0.1 means 1/10."""
    try:
        return Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise OptionError(f"{name} must be a number of seconds or a rate, got {value!r}") from error


__all__ = ["analyze", "annotate", "load_model", "load_scores", "save_scores"]
