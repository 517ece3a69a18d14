"""Ffmpeg B: decode the episode again, put the bar under the picture, encode, and carry everything else over.

The picture stays in YUV and its frames keep their times: no frame is added, dropped or moved. The bar comes as a raw
pipe of strips, one a slot; a strip counts from the first frame shown at or after its slot's begin.
"""

from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from types import TracebackType
from typing import Self

from vidtag.errors import OutputError
from vidtag.media.chapters import chapter_input
from vidtag.media.containers import container_of, pixel_format_for, plan_streams
from vidtag.media.encoders import choose_encoder, encoder_arguments
from vidtag.media.feeder import Strip, StripFeeder
from vidtag.media.ffmpeg import Ffmpeg, encoder_pixel_formats, thread_arguments
from vidtag.media.guard import guarded_input
from vidtag.media.info import Part, VideoInfo
from vidtag.media.parts import steady_arguments, steady_frames, trim_filter
from vidtag.media.verify import verify_film
from vidtag.options import RenderOptions

HD_LINES = 720  # from this height on, untagged video is meant as BT.709, below as BT.601
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc", 10: "bt2020c"}


class FilmWriter:
    """Writes the tagged film to `target`, which must be a path that may be lost; use it in a `with` block.

    Args:
        info: the episode.
        target: file to write; its suffix chooses the container.
        bar_height_px: height of the strips, even.
        rate: strips a second.
        origin: when the first strip begins, in seconds of the episode's own clock.
        options: encoder, preset and crf.
        part: the part of the episode to write.

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
    ) -> None:
        self._info, self._target = info, target
        container = container_of(target)
        encoder = choose_encoder(options, container)
        pixel_format, lost = pixel_format_for(
            info.pixel_format, encoder_pixel_formats(encoder), palette=info.codec == "gif"
        )
        self._plan = plan_streams(info, container)
        self.notes = (*self._plan.notes, *([f"picture: {lost}"] if lost else []))
        width, height = padded_size(info)
        self._size = (width, height + bar_height_px)
        begin, cut_us = _film_start(info, part)
        with chapter_input(info, begin, part, number=2, cut_us=cut_us) as chapters:
            arguments = [
                *thread_arguments(options.threads),
                *_inputs(info, part, f"{width}x{bar_height_px}", rate),
                *chapters.arguments,
                *("-filter_complex", _graph(info, bar_height_px, rate, origin, pixel_format, part)),
                *("-map", "[film]", "-fps_mode", "passthrough", "-enc_time_base", "demux"),
                *encoder_arguments(encoder, options, container),
                *thread_arguments(options.threads),
                *self._plan.arguments,
                *chapters.mapping,
                *(("-ss", f"{cut_us}us") if cut_us else ("-output_ts_offset", f"{float(-begin):.6f}")),
                *("-y", "-f", container.muxer, f"file:{target}"),
            ]
            self._ffmpeg = Ffmpeg(arguments, stdin=True, keep_open=chapters.keep_open)
        assert self._ffmpeg.stdin is not None
        self._feeder = StripFeeder(self._ffmpeg.stdin)
        self._feeder.start()

    def write(self, strip: Strip) -> None:
        """Add the strip of the next slot: (bar height, padded width, 3) uint8 RGB, not to be changed afterwards.

        Raises:
            OutputError: ffmpeg failed, for example because the disk is full.
        """
        self._feeder.put(strip)
        if self._feeder.closed and self._ffmpeg.failed():
            raise self._failure()

    def finish(self, frames: int) -> None:
        """Wait until the film is written and check that it holds what it should.

        Args:
            frames: how many the episode has.

        Raises:
            OutputError: ffmpeg failed, or the file is not what was asked for.
        """
        self._feeder.put(None)
        self._feeder.join()
        if self._ffmpeg.finish() != 0:
            raise self._failure()
        verify_film(self._target, frames=frames, size=self._size, streams=self._plan.streams)

    def _failure(self) -> OutputError:
        return OutputError(f"the tagged film could not be written: {self._ffmpeg.complaint()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ffmpeg.kill()
        self._feeder.put(None)
        self._feeder.join()
        self._ffmpeg.finish()


def padded_size(info: VideoInfo) -> tuple[int, int]:
    """Width and height in stored px of the upright picture in the film: odd sizes gain a black line on the far side."""
    width, height = info.upright_size
    return width + width % 2, height + height % 2


def _inputs(info: VideoInfo, part: Part, strip_size: str, rate: Fraction) -> list[str]:
    """Name the inputs 0, the episode, and 1, the strips on stdin."""
    return [
        *("-copyts", *_part_arguments(info, part), *steady_arguments(info), *guarded_input(info.path)),
        *("-protocol_whitelist", "pipe", "-f", "rawvideo", "-pixel_format", "rgb24"),
        *("-video_size", strip_size, "-framerate", str(rate), "-i", "pipe:0"),
    ]


def _graph(info: VideoInfo, bar_height_px: int, rate: Fraction, origin: Fraction, pixel_format: str, part: Part) -> str:
    """Build the filter graph. The bar is converted by the picture's own matrix and range, then laid under it.

    Both run by one clock: strip n begins at the first tick at or after origin + n / rate. The overlay ends with the
    picture (the strips never do). For an encoder that takes no YUV, ffmpeg converts what comes out.
    """
    pixel_format = pixel_format if pixel_format.startswith("yuv") else "yuv444p"
    width, height = padded_size(info)
    clock = _clock(info, rate)
    start, step = origin / clock, 1 / rate / clock
    scale = start.denominator * step.denominator
    tick = f"ceil(({start * scale}+N*{step * scale})/{scale})"
    kind = "yuva" + pixel_format.removeprefix("yuvj").removeprefix("yuv")
    matrix = _MATRICES.get(info.colour_space, "bt709" if info.height >= HD_LINES else "smpte170m")
    span = "pc" if info.full_range else "tv"
    space = "" if info.colour_space in _MATRICES else ",setparams=colorspace=unknown"
    overlay_format = pixel_format.removesuffix("le").replace("yuvj", "yuv").removesuffix("p")
    pad = f"pad={width}:{height + bar_height_px}:0:0:black"
    if (width, height) != info.upright_size:  # pad alone blackens the last line of an odd size, too
        pad = f"split[under][over];[under]{pad}[ground];[ground][over]overlay=format={overlay_format}"
    return (
        f"[0:{info.index}]{steady_frames(info)}settb={clock},{trim_filter(info, part, clock)}"
        f"format={pixel_format},{pad}[picture];"
        f"[1:v]scale=out_color_matrix={matrix}:out_range={span}:flags=accurate_rnd+full_chroma_int,format={kind}{space},"
        f"settb={clock},setpts={tick}[bar];"
        f"[picture][bar]overlay=0:{height}:shortest=1:format={overlay_format}[film]"
    )


def _clock(info: VideoInfo, rate: Fraction) -> Fraction:
    """Give a clock, in seconds a tick, in which frames fall on whole ticks and no two strips on the same one."""
    denominator = info.time_base.denominator
    return Fraction(1, denominator * ceil(rate / denominator))


def _film_start(info: VideoInfo, part: Part) -> tuple[Fraction, int]:
    """Say which instant of the file's clock is 0 in the film, in seconds: a part's begin, or that of a file.

    Returns:
        The instant, and for a part where to cut the output in microseconds, else 0: nothing is copied from before a
        part. A microsecond is taken off a part's begin, so that its first frame is never before it by rounding.
    """
    if part.start == 0:
        return max(Fraction(0), info.container_start), 0
    return info.first + part.start, floor((info.first + part.start) * 1_000_000) - 1


def _part_arguments(info: VideoInfo, part: Part) -> list[str]:
    """Cut the copied streams to a part; `trim` cuts the picture to the frame."""
    begin = info.first - info.container_start + part.start
    arguments = ["-ss", f"{float(begin):.6f}"] if part.start > 0 else []
    if part.end is not None:
        arguments += ["-t", f"{float(part.end - part.start + (0 if part.start > 0 else begin)):.6f}"]
    return arguments
