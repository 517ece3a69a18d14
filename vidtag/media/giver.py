"""An ffmpeg that gives samples on its stdout and a line a frame on a second pipe, whatever else it does."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import IO, TypeVar

from vidtag.media.ffmpeg import Ffmpeg, thread_arguments
from vidtag.media.info import Part, VideoInfo
from vidtag.media.samplegraph import sample_arguments

Started = TypeVar("Started")


@dataclass(frozen=True, slots=True)
class Giver:
    """An ffmpeg that gives samples.

    Attributes:
        ffmpeg: the child, with samples on its stdout.
        log: its lines, one a frame.
        tells_end: whether it tells the end in both, as `samples_beside_film` makes it do, and may go on behind it.
    """

    ffmpeg: Ffmpeg
    log: IO[str]
    tells_end: bool = False


def start_with_log(start: Callable[[int], Started]) -> tuple[Started, IO[str]]:
    """Start a child that writes lines.

    Args:
        start: called with the file descriptor to write them to, which the child must inherit.

    Returns:
        What `start` gives, and the lines.
    """
    reading, writing = os.pipe()
    try:
        started = start(writing)
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return started, os.fdopen(reading, encoding="ascii")


def start_decoder(
    info: VideoInfo, input_size: tuple[int, int], rate: Fraction, part: Part, *, keeps_aspect: bool, threads: int
) -> Giver:
    """Start ffmpeg A, which does nothing but give samples; arguments as in `SampleReader`."""

    def start(log: int) -> Ffmpeg:
        words = sample_arguments(info, input_size=input_size, rate=rate, part=part, log=log, keeps_aspect=keeps_aspect)
        return Ffmpeg([*thread_arguments(threads), *words], stdout=True, keep_open=(log,))

    return Giver(*start_with_log(start))
