"""Pieces of a tagged film: nothing but the picture of a part of it, encoded side by side with the others.

A piece is a NUT file in the episode's own clock: NUT takes what any encoder makes, and keeps times in exact ticks.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import av

from vidtag.media.containers import Container
from vidtag.media.parts import seek_arguments
from vidtag.media.picture import Picture, choose_encoding
from vidtag.media.stripencoder import SPARE_STRIPS, StripEncoder
from vidtag.options import RenderOptions

SUFFIX = ".nut"


class PieceWriter(StripEncoder):
    """Writes the picture of a piece to `target`; use it in a `with` block. It is to get a strip for every slot.

    Args:
        picture: with the part of the episode that makes the piece, and when its first strip begins.
        target: file to write, which may be lost.
        options: encoder, preset and crf.
        container: of the whole film.
    """

    def __init__(self, picture: Picture, target: Path, *, options: RenderOptions, container: Container) -> None:
        encoding = choose_encoding(picture.info, options, container)
        strips = picture.strips(encoding.pixel_format)
        arguments = [
            *encoding.reading,
            *picture.inputs(seek_arguments(picture.info, picture.part), strips),
            *picture.filters(encoding.pixel_format, strips, mark_cuts=encoding.misses_cuts),
            *encoding.arguments,
            *("-avoid_negative_ts", "disabled"),  # decoding times may be below 0: else all times would be moved
            *("-y", "-f", "nut", f"file:{target}"),
        ]
        super().__init__(arguments, target, strips, spare=SPARE_STRIPS)


def fit_together(pieces: Sequence[Path], frames: int) -> bool:
    """Say whether pieces make one film: frames are all there, in order, and one decoder, set up once, can show them.

    They do not where seeking leads astray, as in some broadcasts. And a decoder would have to be set up again where
    the picture changes within the film, for example from one colour matrix to another.
    """
    settings, found, last = set(), 0, None
    for piece in pieces:
        try:
            setting, times = _look_into(piece)
        except av.error.FFmpegError:  # there is not even a header where there was no frame
            return False
        if setting[0] not in _joinable() or not times or (last is not None and min(times) <= last):
            return False
        settings.add(setting)
        found, last = found + len(times), max(times)
    return found == frames and len(settings) == 1


@cache
def _joinable() -> frozenset[str]:
    """Name the codecs that can go through a NUT pipe; ffmpeg itself writes some that it does not list."""
    with av.open(BytesIO(), "w", format="nut") as container:
        return frozenset(container.supported_codecs)


def _look_into(piece: Path) -> tuple[tuple[object, ...], list[int]]:
    """Give what a decoder is set up with, and the times of all frames in ticks."""
    with av.open(f"file:{piece}") as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        size = (context.width, context.height, context.pix_fmt, stream.sample_aspect_ratio)
        colours = (context.color_range, context.colorspace, context.color_primaries, context.color_trc)
        settings = (context.codec.canonical_name, context.extradata, *size, *colours, stream.time_base)
        return settings, [packet.pts for packet in container.demux(stream) if packet.size and packet.pts is not None]
