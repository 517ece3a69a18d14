"""Where a film can be cut into pieces of nearly equal length: at key frames, found without decoding."""

from collections.abc import Sequence
from fractions import Fraction

from vidtag.errors import DamagedError, LimitError
from vidtag.media.info import Part, VideoInfo
from vidtag.media.infotext import info_to_text
from vidtag.media.isolated import isolated
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
    """Give the key frame at or before each instant, or the first one behind; seconds from the first frame.

    None of a file that libav cannot bear: what is wrong with it is told by those who decode it.
    """
    if not instants:
        return []
    try:
        with isolated("key frames", info.path, info_to_text(info), ",".join(map(str, instants))) as answer:
            return [Fraction(instant) for instant in answer()]
    except (DamagedError, LimitError):
        return []
