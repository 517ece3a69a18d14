"""How a part of an episode is cut out: ffmpeg's arguments, with instants as exact ticks."""

from fractions import Fraction
from math import ceil

from vidtag.media.info import Part, VideoInfo

SEEK_MARGIN = Fraction(10)  # seconds decoded before a part, so that its first frame never hangs on the seek's accuracy


def seek_arguments(info: VideoInfo, part: Part) -> list[str]:
    """Start decoding shortly before a part."""
    begin = info.first - info.container_start + part.start - SEEK_MARGIN
    return ["-ss", f"{float(begin):.6f}"] if begin > 0 else []


def trim_filter(info: VideoInfo, part: Part, time_base: Fraction) -> str:
    """Cut a part out of the decoded frames: those first shown at start <= t < end; `time_base` is the frames' clock."""
    if part.whole:
        return ""
    bounds = [f"start_pts={ticks_from(info.first + part.start, time_base)}"]
    if part.end is not None:
        bounds.append(f"end_pts={ticks_from(info.first + part.end, time_base)}")
    return f"trim={':'.join(bounds)},"


def ticks_from(seconds: Fraction, time_base: Fraction) -> int:
    """Give the first whole tick at or after an instant: frames from there on are those shown from the instant on."""
    return ceil(seconds / time_base)
