"""Pieces of a tagged film: nothing but the picture of a part of it, encoded side by side with the others.

A piece is a NUT file in the episode's own clock: NUT takes what any encoder makes, and keeps times in exact ticks.
"""

from collections.abc import Sequence
from math import ceil
from pathlib import Path

import av

from vidtag.errors import OutputError
from vidtag.media.containers import Container
from vidtag.media.ffmpeg import thread_arguments
from vidtag.media.info import VideoInfo
from vidtag.media.parts import seek_arguments
from vidtag.media.picture import Picture, choose_encoding
from vidtag.media.stripencoder import StripEncoder
from vidtag.options import RenderOptions

SUFFIX = ".nut"


class PieceWriter(StripEncoder):
    """Writes the picture of a piece to `target`; use it in a `with` block.

    Args:
        picture: with the part of the episode that makes the piece, and when its first strip begins.
        target: file to write, which may be lost.
        options: encoder, preset and crf.
        container: of the whole film.
    """

    def __init__(self, picture: Picture, target: Path, *, options: RenderOptions, container: Container) -> None:
        encoding = choose_encoding(picture.info, options, container)
        arguments = [
            *thread_arguments(options.threads),
            *picture.inputs(seek_arguments(picture.info, picture.part)),
            *picture.filters(encoding.pixel_format, delay_of_pieces(picture.info)),
            *encoding.arguments,
            *("-avoid_negative_ts", "disabled"),  # decoding times may be below 0: else all times would be moved
            *("-y", "-f", "nut", f"file:{target}"),
        ]
        super().__init__(arguments)


def delay_of_pieces(info: VideoInfo) -> int:
    """Give the seconds by which pieces are late: NUT has no times of showing below 0."""
    return max(0, ceil(-info.first))


def fit_together(pieces: Sequence[Path]) -> bool:
    """Say whether one decoder, set up once, can show all pieces one after another.

    It cannot where the picture changes within the film, for example from one colour matrix to another.

    Raises:
        OutputError: a piece cannot be opened again.
    """
    try:
        return len({_decoder_settings(piece) for piece in pieces}) == 1
    except (av.error.FFmpegError, IndexError) as error:
        raise OutputError(f"a piece of the film cannot be opened again ({error}); is the disk full?") from error


def _decoder_settings(piece: Path) -> tuple[object, ...]:
    with av.open(f"file:{piece}") as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        size = (context.width, context.height, context.pix_fmt, stream.sample_aspect_ratio)
        return (context.name, context.extradata, *size, stream.time_base)
