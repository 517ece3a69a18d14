"""The use cases: analyse an episode, and annotate it. Here the stages meet; each is defined elsewhere.

episode > samples > scores > flags > smoothed flags > strips > tagged film, all as streams: what is held is a few
batches of small pictures, a few dozen strips, and the scores.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.smoothing import remove_single_outliers, smooth_stream
from vidtag.analysis.thresholds import apply_thresholds
from vidtag.cast import Cast
from vidtag.errors import BundleError, InputError, OptionError
from vidtag.media.containers import container_of
from vidtag.media.encoders import choose_encoder
from vidtag.media.ffmpeg import ffmpeg_version
from vidtag.media.info import Part, VideoInfo
from vidtag.media.picture import padded_size
from vidtag.media.probe import fingerprint, probe
from vidtag.media.reader import SampleReader
from vidtag.media.writer import FilmWriter
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.outputs import Outputs
from vidtag.overlay.bar import Bar, find_style
from vidtag.predictors.base import Predictor, load_predictor
from vidtag.predictors.compiled import preprocessing_of
from vidtag.records.bundles import ModelBundle, find_bundle
from vidtag.records.reports import PRESENCE_COLUMNS, episode_name, presence_rows, write_csv
from vidtag.records.scorefiles import write_scores
from vidtag.scores import Provenance, Scores
from vidtag.timeline import Timeline
from vidtag.version import __version__

Progress = Callable[[float, float | None], None]
"""Called with the seconds of film done and the seconds in all (None if the file does not say)."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Annotation:
    """What came out of annotating an episode.

    Attributes:
        outputs: the files that were written, with absolute paths.
        scores: what the network said.
        timeline: who is on screen when, as the bar shows it.
        notes: a line for everything that could not be carried over as it is.
    """

    outputs: Outputs
    scores: Scores
    timeline: Timeline
    notes: tuple[str, ...]

    @property
    def output(self) -> Path:
        """The tagged film."""
        return self.outputs.film


def analyze_episode(episode: Path, options: AnalysisOptions, progress: Progress | None = None) -> Scores:
    """Score the samples of an episode.

    Raises:
        InputError: the episode or the model cannot be read; DamagedError if the episode breaks off.
        UsageError: an option does not fit the episode, or there is no such backend.
        SetupError: ffmpeg or the backend is not installed.
    """
    ffmpeg_version()
    bundle = find_bundle(options.model)
    info = probe(episode)
    with _loading(bundle, options) as loaded, _open_samples(info, bundle, options) as reader:
        run = _Run(reader, bundle, loaded(), progress)
        for _ in run.flags():
            pass
        return run.scores()


def annotate_episode(
    episode: Path,
    outputs: Outputs,
    *,
    analysis: AnalysisOptions,
    render: RenderOptions,
    progress: Progress | None = None,
) -> Annotation:
    """Score an episode and write it again with the bar under the picture, in one go.

    Raises:
        InputError: the episode or the model cannot be read; DamagedError if the episode breaks off.
        UsageError: an option does not fit, or an output is the input.
        OutputError: an output exists, cannot be written, or would not be whole.
        SetupError: ffmpeg or the backend is not installed.
    """
    targets = _check_outputs(episode, outputs, render)
    bundle = find_bundle(analysis.model)
    info = probe(episode)
    with _loading(bundle, analysis) as loaded:
        film = _Film(info, bundle.cast, render)
        with _open_samples(info, bundle, analysis) as reader, targets.open() as files:
            start = reader.origin() + reader.part.start
            with film.open(files.film, analysis.rate, start, reader.part) as writer:
                run = _Run(reader, bundle, loaded(), progress)
                film.add(writer, smooth_stream(run.flags(), render.smooth))
                writer.finish(reader.span().frames)
            scores = run.scores()
            timeline = scores.timeline(smooth=render.smooth)
            _save_tables(files, scores, timeline)
    return Annotation(targets, scores, timeline, writer.notes)


def render_episode(
    episode: Path,
    outputs: Outputs,
    scores: Scores,
    *,
    render: RenderOptions,
    model: str | None = None,
    progress: Progress | None = None,
) -> Annotation:
    """Write an episode with the bar, from scores that were made before; the network does not run.

    Args:
        episode: the file that was scored.
        outputs: what to write.
        scores: of the episode.
        render: how the film is made.
        model: whose names and icons are shown; None for the model that made the scores, where it is installed.
        progress: called as the bar is drawn.

    Raises:
        InputError: the episode cannot be read, or is not the one that was scored.
        UsageError: an option does not fit, or an output is the input.
        OutputError: an output exists, cannot be written, or would not be whole.
        SetupError: ffmpeg or the backend is not installed.
    """
    targets = _check_outputs(episode, outputs, render)
    info, made_of = probe(episode), scores.provenance
    if fingerprint(info.path) != made_of.fingerprint:
        raise InputError(f"{episode} is not the file that was scored ({made_of.source}); analyze it again")
    cast, notes = _cast_with_icons(scores, model)
    part = Part(made_of.start, None if made_of.to_end else made_of.end)
    flags = remove_single_outliers(apply_thresholds(scores.values, scores.thresholds), render.smooth)
    timeline = scores.timeline(smooth=render.smooth)
    film = _Film(info, cast, render)
    start = made_of.origin + made_of.start
    with targets.open() as files:
        with film.open(files.film, made_of.rate, start, part) as writer:
            film.add(writer, _reported(flags, made_of, progress))
            writer.finish(made_of.frames)
        _save_tables(files, scores, timeline)
    return Annotation(targets, scores, timeline, (*notes, *writer.notes))


def _save_tables(files: Outputs, scores: Scores, timeline: Timeline) -> None:
    """Write the screen times and the scores into their temporary files."""
    origin = scores.provenance
    if files.csv:
        rows = presence_rows(episode_name(Path(origin.source)), timeline, origin.start)
        with files.csv.open("w", encoding="utf-8", newline="") as stream:
            write_csv(PRESENCE_COLUMNS, rows, stream)
    if files.scores:
        write_scores(scores, files.scores)


class _Film:
    """The bar for one episode and the writer that takes it."""

    def __init__(self, info: VideoInfo, cast: Cast, render: RenderOptions) -> None:
        self._info, self._render = info, render
        try:
            self._bar = Bar(cast, *padded_size(info), render.style, info.upright_sample_aspect)
        except OptionError as error:  # the style is known to be right, so it is the size
            size = f"{info.width}x{info.height} px"
            raise InputError(f"{info.path} is {size}, too small for a bar of {len(cast)} icons") from error

    def open(self, target: Path, rate: Fraction, origin: Fraction, part: Part) -> FilmWriter:
        height = self._bar.size[1]
        return FilmWriter(
            self._info, target, bar_height_px=height, rate=rate, origin=origin, options=self._render, part=part
        )

    def add(self, writer: FilmWriter, batches: Iterable[Flags]) -> None:
        for batch in batches:
            for present in batch:
                writer.write(self._bar.draw(present))


class _Run:
    """One pass of the network over an episode; keeps the scores as they come."""

    def __init__(
        self, reader: SampleReader, bundle: ModelBundle, predictor: Predictor, progress: Progress | None
    ) -> None:
        self._reader, self._bundle, self._predictor, self._progress = reader, bundle, predictor, progress
        self._fingerprint = fingerprint(reader.info.path)  # of what is being read, not of what may lie there later
        self._size = reader.info.path.stat().st_size
        self._values: list[NDArray[np.float32]] = []

    def flags(self) -> Iterator[Flags]:
        """Give (n, characters) bool a batch, before smoothing."""
        part, done = self._reader.part, 0
        length = self._reader.info.promised_duration
        end = min((e for e in (part.end, length) if e is not None), default=None)
        total = None if end is None else float(end - part.start)
        for batch in self._reader:
            values = self._predictor(batch)
            self._values.append(values)
            yield apply_thresholds(values, self._bundle.thresholds)
            done += len(batch)
            if self._progress:
                seconds = float(done / self._reader.rate)
                self._progress(seconds if total is None else min(seconds, total), total)

    def scores(self) -> Scores:
        """Put the scores of the finished run together."""
        reader, bundle = self._reader, self._bundle
        return Scores(
            values=np.concatenate(self._values),
            thresholds=np.array(bundle.thresholds, dtype=np.float32),
            cast=bundle.cast,
            provenance=Provenance(
                rate=reader.rate,
                start=reader.part.start,
                end=reader.end(),
                to_end=reader.part.end is None,
                origin=reader.origin(),
                frames=reader.span().frames,
                source=reader.info.path.name,
                size=self._size,
                fingerprint=self._fingerprint,
                model=bundle.name,
                digest=bundle.sha256,
                backend=self._predictor.backend,
                version=__version__,
            ),
        )


@contextmanager
def _loading(bundle: ModelBundle, options: AnalysisOptions) -> Iterator[Callable[[], Predictor]]:
    """Load the network in a thread, while both ffmpegs start; call what is given to wait for it."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(_load, bundle, options).result


def _load(bundle: ModelBundle, options: AnalysisOptions) -> Predictor:
    return load_predictor(bundle, options.backend, options.batch_size, options.precision, options.threads)


def _open_samples(info: VideoInfo, bundle: ModelBundle, options: AnalysisOptions) -> SampleReader:
    part = Part(options.start or Fraction(0), options.end)
    return SampleReader(
        info,
        input_size=bundle.input_size,
        rate=options.rate,
        batch_size=options.batch_size,
        part=part,
        keeps_aspect=preprocessing_of(bundle).keeps_aspect,
        threads=options.threads,
    )


def _check_outputs(episode: Path, outputs: Outputs, render: RenderOptions) -> Outputs:
    """Refuse what cannot work before any work is done; give the outputs with absolute paths."""
    find_style(render.style)
    container = container_of(outputs.film)
    targets = outputs.checked(episode)
    ffmpeg_version()
    choose_encoder(render, container)
    return targets


def _cast_with_icons(scores: Scores, model: str | None) -> tuple[Cast, tuple[str, ...]]:
    """Take names and icons from a model, or else from the one that made the scores, if it is here and has their cast.

    Raises:
        BundleError: the given model is not there.
        OptionError: it has another cast than the scores.
    """
    made_by = scores.provenance.model
    if model is not None:
        cast = find_bundle(model).cast
        if cast.ids != scores.cast.ids:
            raise OptionError(f"the model {model} has another cast than the scores, which the model {made_by} made")
        return cast, ()
    if any(character.icon for character in scores.cast):  # fresh from the network, not out of a file
        return scores.cast, ()
    try:
        cast = find_bundle(made_by).cast
    except BundleError:
        cast = scores.cast
    if cast is scores.cast or cast.ids != scores.cast.ids:
        return scores.cast, (
            f"the model {made_by} is not installed here, so the bar shows initials; --model takes a path",
        )
    return cast, ()


def _reported(flags: Flags, made_of: Provenance, progress: Progress | None) -> Iterator[Flags]:
    total = float(made_of.end - made_of.start)
    for first in range(0, len(flags), 64):
        batch = flags[first : first + 64]
        yield batch
        if progress:
            progress(min(float((first + len(batch)) / made_of.rate), total), total)
