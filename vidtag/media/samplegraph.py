"""The arguments of ffmpeg A: which frames it picks, and how it scales them."""

from fractions import Fraction
from math import ceil, lcm

from vidtag.analysis.fitting import Placement, fit_inside
from vidtag.analysis.sampling import slot_count
from vidtag.media.guard import guarded_input
from vidtag.media.info import Part, VideoInfo
from vidtag.media.parts import seek_arguments, steady_arguments, steady_frames, ticks_from, trim_filter

MAX_TICKS = 2**31 - 1  # ffmpeg keeps a time base in 32 bits
MIN_STEP_RATE = 100  # instants looked at a second, at least
MAX_STEPS = 4096  # instants looked at a slot, at most

_FLAGS = "area+accurate_rnd+full_chroma_int"


def sample_arguments(
    info: VideoInfo, *, input_size: tuple[int, int], rate: Fraction, part: Part, log: int, keeps_aspect: bool = True
) -> list[str]:
    """Build ffmpeg's arguments: sampled rgb24 on stdout, a line for every frame on file descriptor `log`.

    The `fps` filter gives the frame on screen at many instants a slot, exactly; the middle one is kept. Behind the last
    frame half a slot of copies follows, so that the last frame is there for a slot whose middle lies past the end.
    What touches pictures comes behind that choice, as `scale` copies even a frame whose size fits. Frames before a part
    are decoded, too: its first slot may show one of them.

    Args:
        info: the episode.
        input_size: (height, width) of the samples in px.
        rate: samples a second.
        part: what to look at.
        log: file descriptor for the lines.
        keeps_aspect: whether the picture is fitted in, centred, the rest black; else it is stretched.
    """
    height, width = input_size
    fitted = fit_inside(*info.upright_size, width, height, info.upright_sample_aspect)
    place = fitted if keeps_aspect else Placement(width, height, left=0, top=0)
    clock = _clock(info, part)
    begin = str(ticks_from(info.first + part.start, clock)) if part.start > 0 else "STARTPTS"
    steps = _steps_a_slot(info, rate)
    limit = "" if part.end is None else f"trim=end_frame={slot_count(part.end - part.start, rate)},"
    graph = (
        f"[0:{info.index}]settb={clock},split=2[pick][all];"
        f"[pick]{trim_filter(info, Part(end=part.end), clock)}setpts=PTS-{begin},"
        f"fps={rate * steps}:start_time=0:round=up,tpad=stop_mode=clone:stop={steps // 2},"
        f"select='eq(mod(n,{steps}),{steps // 2})',{limit}{steady_frames(info)}"
        f"scale={place.width}:{place.height}:flags={_FLAGS},format=rgb24,"
        f"pad={width}:{height}:{place.left}:{place.top}:black[samples];"
        f"[all]{trim_filter(info, Part(part.start), clock)}null[frames]"
    )
    samples = ["-map", "[samples]", "-fps_mode", "passthrough", "-flush_packets", "1", "-f", "rawvideo", "pipe:1"]
    frames = ["-map", "[frames]", "-fps_mode", "passthrough", "-enc_time_base", "filter", "-c:v", "wrapped_avframe"]
    return [
        "-copyts",
        *seek_arguments(info, part),
        *steady_arguments(info),
        *guarded_input(info.path),
        "-filter_complex",
        graph,
        *samples,
        *frames,
        "-flush_packets",
        "1",
        "-f",
        "framecrc",
        f"pipe:{log}",
    ]


def _clock(info: VideoInfo, part: Part) -> Fraction:
    """Give the coarsest clock, in seconds a tick, in which every frame and the part's begin fall on whole ticks."""
    ticks = lcm(info.time_base.denominator, (info.first + part.start).denominator)
    return Fraction(1, ticks) if ticks <= MAX_TICKS else info.time_base


def _steps_a_slot(info: VideoInfo, rate: Fraction) -> int:
    """Give an even number of instants a slot that no frame of usual length slips through."""
    steps_a_second = max(Fraction(MIN_STEP_RATE), 2 * info.rate)
    return 2 * max(1, min(MAX_STEPS // 2, ceil(steps_a_second / rate / 2)))
