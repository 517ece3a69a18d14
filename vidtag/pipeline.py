"""The use cases: analyse an episode, and annotate it. Here the stages meet; each is defined elsewhere.

episode > samples > scores > flags > smoothed flags > strips > tagged film, all as streams: what is held is a few
batches of small pictures, a few dozen strips, and the scores.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from vidtag.analysis.smoothing import smooth_stream
from vidtag.errors import InputError
from vidtag.looking import find_cuts, open_samples, part_of, score_first, score_whole
from vidtag.media.containers import Container, container_of
from vidtag.media.encoders import choose_encoder
from vidtag.media.ffmpeg import ffmpeg_version, threads_beside_an_encoder
from vidtag.media.guard import check_readable
from vidtag.media.info import VideoInfo
from vidtag.media.probe import fingerprint, probe
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.outputs import Outputs
from vidtag.overlay.styles import find_style
from vidtag.predictors.base import load_predictor
from vidtag.predictors.predictor import Predictor
from vidtag.records.bundles import ModelBundle, find_bundle
from vidtag.records.icons import cast_with_icons
from vidtag.records.reports import PRESENCE_COLUMNS, episode_name, presence_rows, write_csv
from vidtag.records.scorefiles import write_scores
from vidtag.rendering import Film, load_drawing, scored_part
from vidtag.scores import Scores
from vidtag.scoring import Progress, Run, scores_of
from vidtag.timeline import Timeline
from vidtag.times import format_time
from vidtag.together import ApartError, can_go_together, tag_together


def load_network(bundle: ModelBundle, options: AnalysisOptions) -> Predictor:
    """Load a bundle's network the way the options say; raises as `load_predictor` does."""
    return load_predictor(bundle, options.backend, options.batch_size, options.precision, options.threads)


Loader = Callable[[ModelBundle, AnalysisOptions], Predictor]
"""Gives the network of a bundle; one that keeps networks saves loading them for every episode."""


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


def analyze_episode(
    episode: Path,
    options: AnalysisOptions,
    progress: Progress | None = None,
    described: Callable[[], VideoInfo] | None = None,
    load: Loader = load_network,
) -> Scores:
    """Score the samples of an episode.

    Args:
        episode: the file.
        options: how it is looked at.
        progress: called as it is scored.
        described: waits for the description of the file, where `probing` it has begun already.
        load: gives the network.

    Raises:
        InputError: the episode or the model cannot be read; DamagedError if the episode breaks off.
        UsageError: an option does not fit the episode, or there is no such backend.
        SetupError: ffmpeg or the backend is not installed.
    """
    check_readable(episode)
    ffmpeg_version()
    bundle = find_bundle(options.model)
    with _loading(bundle, options, load) as loaded:
        info = described() if described else probe(episode)
        return score_whole(info, bundle, options, loaded, progress)


def annotate_episode(
    episode: Path,
    outputs: Outputs,
    *,
    analysis: AnalysisOptions,
    render: RenderOptions,
    progress: Progress | None = None,
    described: Callable[[], VideoInfo] | None = None,
    load: Loader = load_network,
) -> Annotation:
    """Score an episode and write it again with the bar under the picture: both at once, or in pieces side by side.

    Pieces are written when all are scored, as smoothing runs over the whole film. So is a film of which nobody knows
    beforehand what of it can be read. `described` and `load` are as in `analyze_episode`.

    Raises:
        InputError: the episode or the model cannot be read; DamagedError if the episode breaks off.
        UsageError: an option does not fit, or an output is the input.
        OutputError: an output exists, cannot be written, or would not be whole.
        LockedError: another run is writing one of the outputs.
        SetupError: ffmpeg or the backend is not installed.
    """
    with outputs.claimed(episode) as targets:
        return _annotate(episode, targets, analysis, render, progress, described, load)


def _annotate(
    episode: Path,
    targets: Outputs,
    analysis: AnalysisOptions,
    render: RenderOptions,
    progress: Progress | None,
    described: Callable[[], VideoInfo] | None,
    load: Loader,
) -> Annotation:
    check_readable(episode)
    container = _check_words(targets, render)
    bundle = find_bundle(analysis.model)
    with _loading(bundle, analysis, load) as loaded, ThreadPoolExecutor(1) as aside:
        aside.submit(load_drawing)  # `Film` waits for it, and meets what is wrong with it
        _check_encoder(container, render)
        info = described() if described else probe(episode)
        cuts = () if analysis.keep_going else find_cuts(info, part_of(analysis), render.parallel)
        if cuts or analysis.keep_going:
            film = Film(info, bundle.cast, render)
            scores = score_first(info, bundle, analysis, cuts, loaded, progress)
            if scores is not None:
                return _write_scored(film, targets, scores, cuts, render, _telling(progress, scores, before=0.5))
        return _annotate_in_one_go(info, bundle, targets, analysis, render, loaded, progress)


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
        LockedError: another run is writing one of the outputs.
        SetupError: ffmpeg or the backend is not installed.
    """
    with outputs.claimed(episode) as targets:
        return _render(episode, targets, scores, render, model, progress)


def _render(
    episode: Path,
    targets: Outputs,
    scores: Scores,
    render: RenderOptions,
    model: str | None,
    progress: Progress | None,
) -> Annotation:
    _check_encoder(_check_words(targets, render), render)
    info, made_of = probe(episode), scores.provenance
    if fingerprint(info.path) != made_of.fingerprint:
        raise InputError(f"{episode} is not the file that was scored ({made_of.source}); analyze it again")
    cast, notes = cast_with_icons(scores, model)
    cuts = find_cuts(info, scored_part(made_of), render.parallel)
    film = Film(info, cast, render)
    return _write_scored(film, targets, scores, cuts, render, _telling(progress, scores), notes)


def _annotate_in_one_go(
    info: VideoInfo,
    bundle: ModelBundle,
    targets: Outputs,
    analysis: AnalysisOptions,
    render: RenderOptions,
    loaded: Callable[[], Predictor],
    progress: Progress | None,
) -> Annotation:
    """Score and write at the same time, decoding once where that works.

    Where it takes two ffmpegs, the one for samples begins first, as everything else waits for the first of them.
    """
    again: tuple[str, ...] = ()
    if can_go_together(info, container_of(targets.film), analysis, render):
        try:
            with targets.open() as files:
                film = Film(info, bundle.cast, render)
                run, notes = tag_together(film, files.film, info, bundle, analysis, render.smooth, loaded, progress)
                return _tables_of(run, targets, files, render, notes)
        except ApartError as error:
            again = (f"the film was done again, decoding it twice; decoding it once did not work here ({error})",)
    threads = analysis.threads or threads_beside_an_encoder()
    with open_samples(info, bundle, replace(analysis, threads=threads)) as reader, targets.open() as files:
        film = Film(info, bundle.cast, render)
        start = reader.origin() + reader.part.start
        with film.open(files.film, analysis.rate, start, reader.part) as writer:
            run = Run(reader, bundle, loaded(), progress)
            film.add(writer, smooth_stream(run.flags(), render.smooth))
            writer.finish(reader.span().frames)
        return _tables_of(run, targets, files, render, (*writer.notes, *again))


def _tables_of(run: Run, targets: Outputs, files: Outputs, render: RenderOptions, notes: tuple[str, ...]) -> Annotation:
    """Write the tables of a finished run beside its film."""
    scores = scores_of([run])
    timeline = scores.timeline(smooth=render.smooth)
    _save_tables(files, scores, timeline)
    return Annotation(targets, scores, timeline, notes)


def _write_scored(
    film: Film,
    targets: Outputs,
    scores: Scores,
    cuts: Sequence[Fraction],
    render: RenderOptions,
    report: Callable[[float], None],
    notes: tuple[str, ...] = (),
) -> Annotation:
    """Write the film and the tables of finished scores."""
    timeline = scores.timeline(smooth=render.smooth)
    with targets.open() as files:
        notes = (*notes, *film.write(files.film, scores, cuts, report))
        _save_tables(files, scores, timeline)
    return Annotation(targets, scores, timeline, (*notes, *_unknown_notes(scores)))


def _save_tables(files: Outputs, scores: Scores, timeline: Timeline) -> None:
    """Write the screen times and the scores into their temporary files."""
    origin = scores.provenance
    if files.csv:
        rows = presence_rows(episode_name(Path(origin.source)), timeline, origin.start)
        with files.csv.open("w", encoding="utf-8", newline="") as stream:
            write_csv(PRESENCE_COLUMNS, rows, stream)
    if files.scores:
        write_scores(scores, files.scores)


@contextmanager
def _loading(bundle: ModelBundle, options: AnalysisOptions, load: Loader) -> Iterator[Callable[[], Predictor]]:
    """Load the network in a thread, while all else starts; call what is given to wait for it.

    Leaving the block waits for it, too: what costs nothing to refuse is refused before.
    """
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(load, bundle, options).result


def _unknown_notes(scores: Scores) -> tuple[str, ...]:
    """Say which stretches of a damaged film could not be looked at."""
    if not scores.unknown:
        return ()
    named = ", ".join(f"{format_time(interval.start)} to {format_time(interval.end)}" for interval in scores.unknown)
    return (f"the film is damaged; nothing is known of {named}",)


def _check_words(targets: Outputs, render: RenderOptions) -> Container:
    """Refuse a style and a container that there are not; gives the container."""
    find_style(render.style)
    return container_of(targets.film)


def _check_encoder(container: Container, render: RenderOptions) -> None:
    """Refuse an encoder that does not work, before any work is done."""
    ffmpeg_version()
    choose_encoder(render, container)


def _telling(progress: Progress | None, scores: Scores, before: float = 0) -> Callable[[float], None]:
    """Give what is called with the share of a film that is written, where a share `before` of all work came before."""
    total = float(scores.provenance.end - scores.provenance.start)

    def report(share: float) -> None:
        if progress:
            progress((before + (1 - before) * share) * total, total)

    return report
