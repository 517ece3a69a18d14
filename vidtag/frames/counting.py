"""How far the taking of frames is, in seconds of film."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from vidtag.frames.options import FrameOptions
from vidtag.media.info import VideoInfo
from vidtag.media.stills import Sample

Progress = Callable[[float, float | None], None]
"""Called with the seconds of film done and in all; None if a file does not say."""


class SecondsCounter:
    """Adds up the seconds of film that were looked at, over all passes over all episodes.

    Args:
        infos: the episodes.
        options: which part of each is looked at, how often a second, and in how many passes.
        progress: told after every sample; None for nobody.
    """

    def __init__(self, infos: Sequence[VideoInfo], options: FrameOptions, progress: Progress | None) -> None:
        self._progress, self._done, self._step = progress, 0.0, float(1 / options.rate)
        passes = 1 if options.different is None else 2
        lengths = [_length(info, options) for info in infos]
        known = [length for length in lengths if length is not None]
        self._total = float(passes * sum(known)) if len(known) == len(lengths) else None

    def watch(self, samples: Iterator[Sample]) -> Iterator[Sample]:
        """Give the samples on, and count them."""
        for sample in samples:
            yield sample
            self._done += self._step
            if self._progress:
                self._progress(self._done if self._total is None else min(self._done, self._total), self._total)


def _length(info: VideoInfo, options: FrameOptions) -> Fraction | None:
    end = min((end for end in (info.promised_duration, options.end) if end is not None), default=None)
    return None if end is None else max(Fraction(0), end - (options.start or Fraction(0)))
