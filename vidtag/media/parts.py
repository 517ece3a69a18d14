"""How an episode's frames enter a filter graph: one graph for all of them, and a part cut out at exact ticks."""

from fractions import Fraction
from math import ceil, floor

from vidtag.media.info import Part, VideoInfo

BT470BG, SMPTE170M = 5, 6  # ffmpeg's numbers
_CONVERTED = frozenset((0, 1, 2, 4, BT470BG, SMPTE170M, 7, 9))  # of the matrices that ffmpeg's `scale` takes
SEEK_MARGIN = Fraction(10)  # seconds decoded before a part, so that its first frame never hangs on the seek's accuracy
READ_ON = Fraction(1)  # seconds read after a part, so that its last frame never hangs on the container's times


def steady_arguments(info: VideoInfo) -> list[str]:
    """Keep the graph as it is where size, format or colour tags change within the film; comes before the input.

    A new graph would begin to count anew and lose the frames that the old one holds. A turned film is left to ffmpeg,
    as the filters that turn it need frames of one size.
    """
    return [] if info.rotation else ["-reinit_filter", "0"]


def steady_frames(info: VideoInfo) -> str:
    """Give the filters that come first: frames of another size are scaled to the first one's, others pass untouched.

    A matrix that `scale` refuses is forgotten. Those of PAL and NTSC are said again, because they are equal and `scale`
    calls both by one name.
    """
    forgotten = "setparams=colorspace=unknown," if forgets_matrix(info) else ""
    said = f"setparams=colorspace={info.colour_space}," if info.colour_space in (BT470BG, SMPTE170M) else ""
    return forgotten if info.rotation else f"{forgotten}scale={info.width}:{info.height},{said}"


def forgets_matrix(info: VideoInfo) -> bool:
    """Say whether `steady_frames` takes away by which matrix the picture is meant, as ffmpeg cannot convert by it."""
    return info.colour_space not in _CONVERTED


def seek_arguments(info: VideoInfo, part: Part) -> list[str]:
    """Start decoding shortly before a part."""
    begin = _seek_to(info, part)
    return ["-ss", f"{float(begin):.6f}"] if begin > 0 else []


def _seek_to(info: VideoInfo, part: Part) -> Fraction:
    """Give where reading a part begins, in seconds from the first of all streams: 0 for the very start."""
    return max(Fraction(0), info.first - info.container_start + part.start - SEEK_MARGIN)


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


def film_start(info: VideoInfo, part: Part) -> tuple[Fraction, int]:
    """Say which instant of the file's clock is 0 in the film, in seconds: a part's begin, or that of a file.

    Returns:
        The instant, and for a part where to cut the output in microseconds, else 0: nothing is copied from before a
        part. A microsecond is taken off a part's begin, so that its first frame is never before it by rounding.
    """
    if part.start == 0:
        return max(Fraction(0), info.container_start), 0
    return info.first + part.start, floor((info.first + part.start) * 1_000_000) - 1


def part_arguments(info: VideoInfo, part: Part) -> list[str]:
    """Read a part and little else; `trim` cuts the picture to the frame, and `film_clock` the copied streams.

    A container may seek behind the frame that was meant, and count a length by times that it guessed: so reading
    begins before the part and ends after it.
    """
    if part.end is None:
        return seek_arguments(info, part)
    length = info.first - info.container_start + part.end - _seek_to(info, part) + READ_ON
    return [*seek_arguments(info, part), "-t", f"{float(length):.6f}"]


def film_clock(info: VideoInfo, part: Part) -> list[str]:
    """Give the output's arguments that make `film_start` 0 in the film, and end what is copied with the part.

    The end is a tick of the picture late: the encoder rounds times to ticks that are counted from the part's begin, and
    ffmpeg asks only then whether a frame lies before the end.
    """
    begin, cut_us = film_start(info, part)
    start = ["-ss", f"{cut_us}us"] if cut_us else ["-output_ts_offset", f"{float(-begin):.6f}"]
    if part.end is None:
        return start
    return [*start, "-to", f"{ceil((info.first + part.end + info.time_base) * 1_000_000)}us"]
