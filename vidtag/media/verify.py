"""Look at a finished film before it gets its name."""

from collections.abc import Sequence
from pathlib import Path

import av

from vidtag.errors import OutputError
from vidtag.media.info import StreamInfo


def verify_film(path: Path, *, frames: int, size: tuple[int, int], streams: Sequence[StreamInfo]) -> None:
    """Check that a film opens and holds the frames, size and streams that were meant to go in; decodes nothing.

    Args:
        path: the file.
        frames: how many its picture must have.
        size: width and height in px.
        streams: what was carried over beside the picture.

    Raises:
        OutputError: it does not; the message says what was found and expected.
    """
    try:  # in this process, as our own ffmpeg has just written the file, and nothing of it is decoded
        with av.open(f"file:{path}") as container:
            picture = container.streams.video[0]
            found = sum(packet.size > 0 for packet in container.demux(picture))
            kinds = [stream.type for stream in container.streams]
            found_size = (picture.width, picture.height)
    except (av.error.FFmpegError, IndexError) as error:
        raise OutputError(f"the tagged film cannot be opened again ({error}); is the disk full?") from error
    if found != frames or found_size != size:
        raise OutputError(
            f"the tagged film has {found} frames of {found_size}, expected {frames} of {size}; nothing was kept"
        )
    for kind in ("audio", "subtitle"):
        expected = sum(stream.kind == kind for stream in streams)
        if kinds.count(kind) < expected:
            raise OutputError(f"the tagged film has {kinds.count(kind)} {kind} streams, expected {expected}")
