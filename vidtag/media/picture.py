"""The picture of a tagged film: how the bar comes under it, and how it is encoded. Arguments of ffmpeg only.

The picture stays in YUV and its frames keep their times: no frame is added, dropped or moved. The bar comes as a raw
pipe of strips, one a slot; a strip counts from the first frame shown at or after its slot's begin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from vidtag.media.containers import Container, pixel_format_for
from vidtag.media.encoders import choose_encoder, decoder_arguments, encoder_arguments, misses_cuts, tag_arguments
from vidtag.media.ffmpeg import encoder_pixel_formats, thread_arguments
from vidtag.media.guard import guarded_input
from vidtag.media.info import Part, VideoInfo
from vidtag.media.parts import forgets_matrix, steady_arguments, steady_frames, trim_filter
from vidtag.media.stripplanes import StripFormat
from vidtag.options import RenderOptions

HD_LINES = 720  # from this height on, untagged video is meant as BT.709, below as BT.601
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
_NEAREST = {10: "bt2020nc"}  # with constant luminance, which ffmpeg does not know

# A cut is where a frame differs by 10 % from the one before: ffmpeg's own threshold. Drawings that stand for two frames
# may all do so, while light flickers or the camera pans. So marks are a second apart, as x264's key frames are.
_FIND_CUTS = "scdet=threshold=10"
_APART_S = 1
_KEYS_AT_CUTS = ("-force_key_frames:v:0", "scd_metadata")


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a part of an episode with the bar under it.

    Attributes:
        info: the episode.
        bar_height_px: height of the strips, even.
        rate: strips a second.
        origin: when the first strip begins, in seconds of the episode's own clock.
        part: the part of the episode that is shown.
    """

    info: VideoInfo
    bar_height_px: int
    rate: Fraction
    origin: Fraction
    part: Part

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        width, height = padded_size(self.info)
        return width, height + self.bar_height_px

    def strips(self, pixel_format: str) -> StripFormat:
        """Say what the strips are converted to, by the picture's own matrix and range.

        Args:
            pixel_format: ffmpeg's name of what the encoder gets. Where that is no YUV, ffmpeg converts what comes out.
        """
        usual = "bt709" if self.info.height >= HD_LINES else "smpte170m"
        matrix = (_MATRICES | _NEAREST).get(self.info.colour_space, usual)
        laid_under = pixel_format if pixel_format.startswith("yuv") else "yuv444p"
        return StripFormat(laid_under, matrix, self.info.full_range)

    def inputs(self, seeking: Sequence[str], strips: StripFormat) -> list[str]:
        """Name the inputs 0, the episode, and 1, the strips on stdin; `seeking` are arguments that cut the episode.

        All of the strips' form is said, so ffmpeg need not look for it: that would take the first 5 MB of them, five
        seconds of film at 720p, before anything is decoded.
        """
        strip_size = f"{self.size[0]}x{self.bar_height_px}"
        return [
            *("-copyts", *seeking, *steady_arguments(self.info), *guarded_input(self.info.path)),
            *("-nofind_stream_info", "-protocol_whitelist", "pipe", "-f", "rawvideo"),
            *("-pixel_format", strips.pixel_format, "-video_size", strip_size),
            *("-framerate", str(self.rate), "-i", "pipe:0"),
        ]

    def filters(self, pixel_format: str, strips: StripFormat, *, mark_cuts: bool) -> list[str]:
        """Give the filter graph and map what comes out of it.

        Args:
            pixel_format: ffmpeg's name of what the encoder gets.
            strips: what the strips are converted to.
            mark_cuts: whether frames behind a cut are found before the bar is laid, and become key frames.
        """
        named = pixel_format.startswith("yuv") and forgets_matrix(self.info)
        graph = self._graph(strips, mark=self._mark_cuts() if mark_cuts else "", named=named)
        film = ["-filter_complex", graph, "-map", "[film]", "-fps_mode", "passthrough", "-enc_time_base", "demux"]
        return [*film, *(_KEYS_AT_CUTS if mark_cuts else ())]

    def _mark_cuts(self) -> str:
        """Give the filters that mark frames behind a cut, none of them too near to another or to the beginning."""
        since = f"VALUE1-({float(self.info.first + self.part.start):.6f})"
        spare = f"if(gte({since}-ld(0)\\,{_APART_S})\\,0*st(0\\,{since})\\,1)"
        return f"{_FIND_CUTS},metadata=mode=delete:key=lavfi.scd.time:value=0:function=expr:expr='{spare}',"

    def _graph(self, strips: StripFormat, *, mark: str, named: bool) -> str:
        """Build the filter graph, which lays the strips under the picture and converts neither.

        The strips say that they are of the picture's matrix, or of none where the picture says none that ffmpeg knows:
        it would convert one to the other's. Where the picture's was taken away, it is said (`named`) in the end.

        Both run by one clock: strip n begins at the first tick at or after origin + n / rate. The overlay ends with the
        picture, as there are strips to spare; told that it need not repeat a last strip, it draws on each frame instead
        of on a copy of it.
        """
        info, pixel_format = self.info, strips.laid_under
        width, height = padded_size(info)
        clock = _clock(info, self.rate)
        start, step = self.origin / clock, 1 / self.rate / clock
        scale = start.denominator * step.denominator
        tick = f"ceil(({start * scale}+N*{step * scale})/{scale})"
        space = strips.matrix if info.colour_space in _MATRICES else "unknown"
        said = f",setparams=colorspace={info.colour_space}" if named else ""
        overlay_format = pixel_format.removesuffix("le").replace("yuvj", "yuv").removesuffix("p")
        pad = f"pad={width}:{height + self.bar_height_px}:0:0:black"
        if (width, height) != info.upright_size:  # pad alone blackens the last line of an odd size, too
            pad = f"split[under][over];[under]{pad}[ground];[ground][over]overlay=repeatlast=0:format={overlay_format}"
        return (
            f"[0:{info.index}]{steady_frames(info)}settb={clock},{trim_filter(info, self.part, clock)}"
            f"format={pixel_format},{mark}{pad}[picture];"
            f"[1:v]setparams=range={'pc' if strips.full_range else 'tv'}:colorspace={space},"
            f"settb={clock},setpts={tick}[bar];"
            f"[picture][bar]overlay=0:{height}:shortest=1:repeatlast=0:format={overlay_format}{said}[film]"
        )


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a picture is encoded.

    Attributes:
        pixel_format: ffmpeg's name.
        arguments: of the encoder.
        reading: of the decoder that feeds it.
        tag: arguments by which the container says what it is.
        misses_cuts: whether cuts have to be marked for it.
        notes: a line for what is lost.
    """

    pixel_format: str
    arguments: tuple[str, ...]
    reading: tuple[str, ...]
    tag: tuple[str, ...]
    misses_cuts: bool
    notes: tuple[str, ...]


def choose_encoding(info: VideoInfo, options: RenderOptions, container: Container) -> Encoding:
    """Choose encoder and pixel format.

    Raises:
        OptionError: as `choose_encoder` does.
    """
    encoder = choose_encoder(options, container)
    pixel_format, lost = pixel_format_for(
        info.pixel_format, encoder_pixel_formats(encoder), palette=info.codec == "gif"
    )
    coded = encoder_arguments(encoder, options, info.rate, pixel_format)
    arguments = (*coded, *thread_arguments(options.threads))
    notes = (f"picture: {lost}",) if lost else ()
    reading = tuple(decoder_arguments(encoder, options.threads))
    tag, blind = tuple(tag_arguments(encoder, container)), misses_cuts(encoder, options)
    return Encoding(pixel_format, arguments, reading, tag, blind, notes)


def padded_size(info: VideoInfo) -> tuple[int, int]:
    """Width and height in stored px of the upright picture in the film: odd sizes gain a black line on the far side."""
    width, height = info.upright_size
    return width + width % 2, height + height % 2


def _clock(info: VideoInfo, rate: Fraction) -> Fraction:
    """Give a clock, in seconds a tick, in which frames fall on whole ticks and no two strips on the same one."""
    denominator = info.time_base.denominator
    return Fraction(1, denominator * ceil(rate / denominator))
