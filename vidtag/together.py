"""One ffmpeg that decodes an episode once, for the network and for the film, where that is possible.

The bar of a frame hangs on samples that come after it, so decoded frames wait within ffmpeg until their strip is there.
That is where this saves: to decode is dear, to wait is not. But what waits takes memory, so it has to be little.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil
from pathlib import Path

from vidtag.analysis.smoothing import reach_of, smooth_stream
from vidtag.errors import DamagedError, EndedError, OutputError
from vidtag.looking import FIRST_SAMPLES, open_samples, part_of
from vidtag.media.containers import Container
from vidtag.media.encoders import choose_encoder, uses_a_card
from vidtag.media.ffmpeg import ffmpeg_version
from vidtag.media.flaws import version_numbers
from vidtag.media.giver import Giver, start_with_log
from vidtag.media.info import VideoInfo
from vidtag.media.reader import GivesNoMoreError
from vidtag.media.samplegraph import samples_beside_film
from vidtag.media.writer import FilmWriter
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.predictors.backends import choose_backend
from vidtag.predictors.compiled import preprocessing_of
from vidtag.predictors.predictor import Predictor
from vidtag.records.bundles import ModelBundle
from vidtag.rendering import Film
from vidtag.scoring import Flags, Progress, Run

TRIED = {9}  # releases of ffmpeg; others may schedule their reading by other rules, and wait for ever
MOST_WAITING = 550_000_000  # bytes of frames that wait for their strips
MOST_SECONDS = 10  # that they wait: a muxer writes sound that is further ahead of its picture without it
_BYTES_A_PIXEL = {"yuv420p": Fraction(3, 2), "yuvj420p": Fraction(3, 2), "yuv420p10le": Fraction(3)}
_MOST_A_PIXEL = Fraction(6)  # with colour in full, in 16 bits
_UNDER_WAY = 19  # samples in ffmpeg's queues, which fill where the network is late; measured


class ApartError(Exception):
    """Decoding once did not work out, and why; decoding twice tells what is wrong with the film, if anything is."""


def can_go_together(info: VideoInfo, container: Container, analysis: AnalysisOptions, render: RenderOptions) -> bool:
    """Say whether a film can be decoded once for samples and film.

    Not a part of one, as samples and film are cut by different rules; nor where the card of an encoder decodes for it;
    nor before a runtime that wants large batches, as every sample of a batch makes frames wait.

    Raises:
        OptionError, SetupError: as `choose_encoder` and `choose_backend` do.
    """
    release = version_numbers(ffmpeg_version())
    return (
        release is not None
        and release[0] in TRIED
        and part_of(analysis).whole
        and waiting_seconds(analysis.rate, render.smooth) <= MOST_SECONDS
        and waiting_bytes(info, analysis.rate, render.smooth) <= MOST_WAITING
        and not uses_a_card(choose_encoder(render, container))
        and choose_backend(analysis.backend) == "openvino"
    )


def waiting_seconds(rate: Fraction, smooth: int) -> Fraction:
    """Give the seconds for which frames wait for their strips, at most.

    They wait until a batch is full and smoothing has decided, and for samples that the network has not taken yet.
    """
    return (FIRST_SAMPLES + reach_of(smooth) + _UNDER_WAY) / rate


def waiting_bytes(info: VideoInfo, rate: Fraction, smooth: int) -> int:
    """Give the bytes of frames that wait for their strips, at most, where frames come at an even rate."""
    size = info.width * info.height * _BYTES_A_PIXEL.get(info.pixel_format, _MOST_A_PIXEL)
    return ceil(waiting_seconds(rate, smooth) * info.rate * size)


def tag_together(
    film: Film,
    target: Path,
    info: VideoInfo,
    bundle: ModelBundle,
    analysis: AnalysisOptions,
    smooth: int,
    loaded: Callable[[], Predictor],
    progress: Progress | None,
) -> tuple[Run, tuple[str, ...]]:
    """Score an episode and write its film by one decoding.

    Args:
        film: the bar for the episode.
        target: file to write, which may be lost.
        info: the episode.
        bundle: what the network was made of.
        analysis: how it is looked at: as a whole.
        smooth: window of the single-outlier rule in samples.
        loaded: waits for the network.
        progress: called as it is scored.

    Returns:
        The finished run, and a line for everything that could not be carried over as it is.

    Raises:
        ApartError: it did not work; nothing is known about the film.
        DamagedError, LimitError: as iterating over a `SampleReader` does.
        OutputError: the disk is full, or ffmpeg was ended from outside.
    """
    writer, giver = _open_film(film, target, info, bundle, analysis)
    batches = replace(analysis, batch_size=min(analysis.batch_size, FIRST_SAMPLES))
    with writer, open_samples(info, bundle, batches, giver=giver) as reader:
        run = Run(reader, bundle, loaded(), progress)
        try:
            film.add(writer, smooth_stream(_of_film_from(info.first, run), smooth))
            writer.finish(reader.span().frames)
        except (DamagedError, EndedError, GivesNoMoreError, OutputError) as error:
            if writer.failed_for_good():
                raise writer.failure() from error
            raise ApartError(str(error) or writer.ffmpeg.complaint()) from error
        reader.check(0)
        return run, writer.notes


def _of_film_from(first: Fraction, run: Run) -> Iterator[Flags]:
    """Give a run's flags, if the film begins when the strips say; it has begun once there is a batch."""
    for batch in run.flags():
        if run.reader.origin() != first:
            raise ApartError("the first frame came at another time than expected")
        yield batch


def _open_film(
    film: Film, target: Path, info: VideoInfo, bundle: ModelBundle, analysis: AnalysisOptions
) -> tuple[FilmWriter, Giver]:
    """Start the one ffmpeg."""

    def start(log: int) -> FilmWriter:
        samples = samples_beside_film(
            info,
            input_size=bundle.input_size,
            rate=analysis.rate,
            log=log,
            keeps_aspect=preprocessing_of(bundle).keeps_aspect,
        )
        return film.open(target, analysis.rate, info.first, part_of(analysis), samples, (log,))

    writer, log = start_with_log(start)
    return writer, Giver(writer.ffmpeg, log, tells_end=True)
