"""An episode looked at as the options say: opened, and scored whole or in pieces side by side."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from vidtag.analysis.sampling import slots_to_cut
from vidtag.errors import DamagedError, UsageError
from vidtag.media.cutting import cut_at_key_frames
from vidtag.media.giver import Giver
from vidtag.media.info import Part, VideoInfo
from vidtag.media.reader import SampleReader
from vidtag.options import AnalysisOptions
from vidtag.predictors.compiled import preprocessing_of
from vidtag.predictors.predictor import Predictor
from vidtag.records.bundles import ModelBundle
from vidtag.scores import Scores
from vidtag.scoring import Progress, Run, score_side_by_side, scores_of

FIRST_SAMPLES = 4  # in the first batch: as many as smoothing wants for the first strip


def find_cuts(info: VideoInfo, part: Part, pieces: int) -> tuple[Fraction, ...]:
    """Give where the film is cut into pieces; not at all unless that was asked for."""
    return () if pieces == 1 else cut_at_key_frames(info, part, pieces)


def part_of(options: AnalysisOptions) -> Part:
    """Give the part of an episode that is looked at."""
    return Part(options.start or Fraction(0), options.end)


def open_samples(
    info: VideoInfo,
    bundle: ModelBundle,
    options: AnalysisOptions,
    part: Part | None = None,
    giver: Giver | None = None,
) -> SampleReader:
    """Open the samples of a part of an episode, usually the one that the options name; see `SampleReader`.

    What begins where they say begins with a small batch, for the first strips. So the batches of pieces that are cut at
    whole batches are those of a single run, and their scores the same to the last bit.
    """
    whole = part_of(options)
    part = part or whole
    return SampleReader(
        info,
        input_size=bundle.input_size,
        rate=options.rate,
        batch_size=options.batch_size,
        part=part,
        keeps_aspect=preprocessing_of(bundle).keeps_aspect,
        threads=options.threads,
        keep_going=options.keep_going,
        begin_with=FIRST_SAMPLES if part.start == whole.start else 0,
        giver=giver,
    )


def score_whole(
    info: VideoInfo,
    bundle: ModelBundle,
    options: AnalysisOptions,
    loaded: Callable[[], Predictor],
    progress: Progress | None,
) -> Scores:
    """Score an episode in one pass; `loaded` waits for the network.

    Raises:
        DamagedError, LimitError, UsageError: as iterating over a `SampleReader` does.
    """
    with open_samples(info, bundle, options) as reader:
        run = Run(reader, bundle, loaded(), progress)
        run.finish()
        return scores_of([run])


def score_first(
    info: VideoInfo,
    bundle: ModelBundle,
    options: AnalysisOptions,
    cuts: Sequence[Fraction],
    loaded: Callable[[], Predictor],
    progress: Progress | None,
) -> Scores | None:
    """Score an episode before it is written, where that cannot go side by side; half of the work. None if it can.

    Raises:
        DamagedError, LimitError, UsageError: as iterating over a `SampleReader` does.
    """
    if options.keep_going:
        tell = None if progress is None else _half_of(progress)
        return score_whole(info, bundle, options, loaded, tell)
    return _score_in_pieces(info, bundle, options, cuts, loaded, progress) if cuts else None


def _half_of(progress: Progress) -> Progress:
    return lambda seconds, total: progress(seconds / 2, total)


def _score_in_pieces(
    info: VideoInfo,
    bundle: ModelBundle,
    options: AnalysisOptions,
    cuts: Sequence[Fraction],
    loaded: Callable[[], Predictor],
    progress: Progress | None,
) -> Scores | None:
    """Score an episode in pieces that are cut near `cuts`, between the batches of a single run; half of the work.

    None if a piece is damaged, or seeking leads astray: then the whole film tells what is wrong, if anything is.
    """
    part = part_of(options)
    slots = slots_to_cut([cut - part.start for cut in cuts], options.rate, options.batch_size)
    borders = (part.start, *(part.start + slot / options.rate for slot in slots))
    pieces = [Part(*ends) for ends in zip(borders, (*borders[1:], part.end), strict=True)]
    length = min(end for end in (part.end, info.promised_duration) if end is not None) - part.start

    def report(seconds: float) -> None:
        if progress:
            progress(min(seconds, float(length)) / 2, float(length))

    try:
        return score_side_by_side(pieces, partial(open_samples, info, bundle, options), bundle, loaded, report)
    except (DamagedError, UsageError):
        return None
