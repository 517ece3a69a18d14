"""Where a film can be cut into pieces of nearly equal length: at key frames, found without decoding."""

from collections.abc import Sequence
from fractions import Fraction

import av
from av.video.stream import VideoStream

from vidtag.media.guard import guarded_options
from vidtag.media.info import Part, VideoInfo
from vidtag.media.parts import SEEK_MARGIN

SHORTEST_PIECE = SEEK_MARGIN  # seconds; below, decoding what lies before a piece costs more than the piece saves


def cut_at_key_frames(info: VideoInfo, part: Part, pieces: int) -> tuple[Fraction, ...]:
    """Find the instants at which a part falls into pieces, each the time of a key frame.

    Args:
        info: the episode.
        part: what is cut.
        pieces: how many are wanted, >= 1; there are fewer where they would be shorter than `SHORTEST_PIECE`, or for
            want of key frames.

    Returns:
        Seconds from the first frame, increasing, within the part; none if it stays whole, as does one whose length is
        not known, or that begins before 0 of its own clock: the files of pieces hold no such times.
    """
    end = min((e for e in (part.end, info.promised_duration) if e is not None), default=part.start)
    pieces = min(pieces, int((end - part.start) / SHORTEST_PIECE)) if info.first >= 0 else 1
    step = (end - part.start) / max(1, pieces)
    cuts: list[Fraction] = []
    for key_frame in _key_frames(info, [part.start + number * step for number in range(1, pieces)]):
        before = cuts[-1] if cuts else part.start
        if min(key_frame - before, end - key_frame) >= SHORTEST_PIECE / 2:
            cuts.append(key_frame)
    return tuple(cuts)


def _key_frames(info: VideoInfo, instants: Sequence[Fraction]) -> list[Fraction]:
    """Give the key frame at or before each instant, or the first one behind; seconds from the first frame."""
    found = set()
    try:
        with av.open(f"file:{info.path}", options=guarded_options()) as container:
            stream = container.streams[info.index]
            assert isinstance(stream, VideoStream)
            for instant in instants:
                container.seek(int((info.first + instant) / info.time_base), stream=stream)
                packets = (packet for packet in container.demux(stream) if packet.is_keyframe)
                if (packet := next(packets, None)) is not None and packet.pts is not None:
                    found.add(packet.pts * info.time_base - info.first)
    except av.error.FFmpegError:
        pass  # what is wrong with the file is told by those who decode it
    return sorted(found)
