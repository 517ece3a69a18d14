"""The ffmpeg that writes: decode the episode, put the bar under it, encode, and carry everything else over."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from vidtag.media.chapters import chapter_input
from vidtag.media.containers import container_of, plan_streams
from vidtag.media.info import Part, VideoInfo
from vidtag.media.parts import film_clock, film_start, part_arguments
from vidtag.media.picture import Picture, choose_encoding
from vidtag.media.stripencoder import SPARE_STRIPS, StripEncoder
from vidtag.options import RenderOptions


class FilmWriter(StripEncoder):
    """Writes the tagged film to `target`, which must be a path that may be lost; use it in a `with` block.

    Args:
        info: the episode.
        target: file to write; its suffix chooses the container.
        bar_height_px: height of the strips, even.
        rate: strips a second.
        origin: when the first strip begins, in seconds of the episode's own clock.
        options: encoder, preset and crf.
        part: the part of the episode to write.
        samples: arguments of further outputs that it gives beside the film, one of them on stdout; they name inputs 0,
            the episode, and 1, the strips.
        keep_open: file descriptors that these outputs need.

    Attributes:
        notes: a line for everything that could not be carried over as it is.
    """

    def __init__(
        self,
        info: VideoInfo,
        target: Path,
        *,
        bar_height_px: int,
        rate: Fraction,
        origin: Fraction,
        options: RenderOptions,
        part: Part,
        samples: Sequence[str] = (),
        keep_open: Sequence[int] = (),
    ) -> None:
        self._target = target
        container = container_of(target)
        picture = Picture(info, bar_height_px, rate, origin, part)
        encoding = choose_encoding(info, options, container)
        strips = picture.strips(encoding.pixel_format)
        self._plan = plan_streams(info, container)
        self.notes = (*self._plan.notes, *encoding.notes)
        self._size = picture.size
        begin, cut_us = film_start(info, part)
        with chapter_input(info, begin, part, number=2, cut_us=cut_us) as chapters:
            arguments = [
                *encoding.reading,
                *picture.inputs([*part_arguments(info, part), *self._plan.clocks], strips),
                *chapters.arguments,
                *picture.filters(encoding.pixel_format, strips, mark_cuts=encoding.misses_cuts),
                *encoding.arguments,
                *encoding.tag,
                *self._plan.arguments,
                *chapters.mapping,
                *film_clock(info, part),
                *("-y", "-f", container.muxer, f"file:{target}"),
                *samples,
            ]
            spare = SPARE_STRIPS if samples else None  # as what is not needed is read, too
            super().__init__(arguments, target, strips, (*chapters.keep_open, *keep_open), spare, gives=bool(samples))

    def finish(self, frames: int) -> None:
        """Wait until the film is written and check that it holds what it should.

        Args:
            frames: how many the episode has.

        Raises:
            OutputError: ffmpeg failed, or the file is not what was asked for.
        """
        from vidtag.media.verify import verify_film  # PyAV takes a while, in which ffmpeg still encodes

        self.wait()
        verify_film(self._target, frames=frames, size=self._size, streams=self._plan.streams)
