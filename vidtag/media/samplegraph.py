"""The arguments of ffmpeg for samples: which frames it picks, and how it scales them."""

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

MARK_LINES = 1  # below a sample, where its end is told: black, or white behind the last sample
MARK_OF_FRAME = "0x00000000"  # checksum in the log of a black picture

_FLAGS = "area+accurate_rnd+full_chroma_int"
_LOGGED_PX = 16  # side of the black pictures that stand for frames in the log: any chroma subsampling divides it
_WHITE_END = "tpad=stop=1:color=white"
_LAST_S = 4_000_000_000  # seconds, behind all that is shown; in the finest clock it fits into 64 bits
_ONE_LATE = f"select='eq(n,0)',scale={_LOGGED_PX}:{_LOGGED_PX},setpts={_LAST_S}/TB"
_HELD_BACK = ("-enc_time_base", "1:25", "-c:v", "mpeg2video", "-bf", "1")  # gives no frame before the next has come


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
    graph = _graph(info, input_size, rate, part, keeps_aspect=keeps_aspect, tells_end=False)
    return [
        "-copyts",
        *seek_arguments(info, part),
        *steady_arguments(info),
        *guarded_input(info.path),
        *("-filter_complex", graph),
        *_outputs(log, "wrapped_avframe"),
    ]


def samples_beside_film(
    info: VideoInfo, *, input_size: tuple[int, int], rate: Fraction, log: int, keeps_aspect: bool = True
) -> list[str]:
    """Build the arguments by which an ffmpeg that writes a film gives samples of the whole episode, too.

    They come behind those of the film; input 0 is the episode, input 1 the strips, which hang on the samples. As no
    pipe is closed before the film is written, both outputs tell the end themselves: samples have one more line, which
    is black, and behind the last one comes a picture that is white; in the log frames are black and the end is white.

    ffmpeg reads, and lets graphs go on, only for those outputs that lag behind most; for a film that waits for a strip
    that is the strips alone. An output that is given nothing lags behind all others. There is one behind the samples
    and one behind the log, which end when those have told the end, and one for the strips. Their encoders hold back the
    one frame that they get until the end. It is there because a graph asks the sink that is furthest back until
    something comes, and leaves all that meanwhile piles up in the others: that frame is ahead of all others.

    No samples queue up behind the one that is being read: while they wait, frames wait for their strips.
    """
    graph = _graph(info, input_size, rate, Part(), keeps_aspect=keeps_aspect, tells_end=True)
    arguments = ["-filter_complex", graph, "-thread_queue_size", "1", *_outputs(log, "rawvideo")]
    arguments += ["-filter_complex", f"[1:v]{_ONE_LATE}[strips]"]
    for name in ("[behind]", "[below]", "[strips]"):
        arguments += ["-map", name, "-fps_mode", "passthrough", *_HELD_BACK, "-f", "null", "-"]
    return arguments


def _graph(
    info: VideoInfo, input_size: tuple[int, int], rate: Fraction, part: Part, *, keeps_aspect: bool, tells_end: bool
) -> str:
    """Build the graph that makes [samples] and [frames] of the episode.

    Where it tells the end there are [behind] and [below], too, which get one frame that is ahead of all.
    """
    height, width = input_size
    fitted = fit_inside(*info.upright_size, width, height, info.upright_sample_aspect)
    place = fitted if keeps_aspect else Placement(width, height, left=0, top=0)
    clock = _clock(info, part)
    begin = str(ticks_from(info.first + part.start, clock)) if part.start > 0 else "STARTPTS"
    steps = _steps_a_slot(info, rate)
    limit = "" if part.end is None else f"trim=end_frame={slot_count(part.end - part.start, rate)},"
    marked, logged = "[samples]", "null[frames]"
    if tells_end:
        height += MARK_LINES
        marked = f",{_WHITE_END},split[samples][taken];[taken]{_ONE_LATE}[behind]"
        logged = (
            f"{steady_frames(info)}crop={_LOGGED_PX}:{_LOGGED_PX}:0:0,lut=c0=0:c1=0:c2=0:c3=0,"
            f"{_WHITE_END},split[frames][seen];[seen]{_ONE_LATE}[below]"
        )
    return (
        f"[0:{info.index}]settb={clock},split=2[pick][all];"
        f"[pick]{trim_filter(info, Part(end=part.end), clock)}setpts=PTS-{begin},"
        f"fps={rate * steps}:start_time=0:round=up,tpad=stop_mode=clone:stop={steps // 2},"
        f"select='eq(mod(n,{steps}),{steps // 2})',{limit}{steady_frames(info)}"
        f"scale={place.width}:{place.height}:flags={_FLAGS},format=rgb24,"
        f"pad={width}:{height}:{place.left}:{place.top}:black{marked};"
        f"[all]{trim_filter(info, Part(part.start), clock)}{logged}"
    )


def _outputs(log: int, logged_as: str) -> list[str]:
    """Give the outputs: samples to stdout, a line for every frame to file descriptor `log`."""
    return [
        *("-map", "[samples]", "-fps_mode", "passthrough", "-c:v", "rawvideo", "-flush_packets", "1"),
        *("-f", "rawvideo", "pipe:1"),
        *("-map", "[frames]", "-fps_mode", "passthrough", "-enc_time_base", "filter", "-c:v", logged_as),
        *("-flush_packets", "1", "-f", "framecrc", f"pipe:{log}"),
    ]


def _clock(info: VideoInfo, part: Part) -> Fraction:
    """Give the coarsest clock, in seconds a tick, in which every frame and the part's begin fall on whole ticks."""
    ticks = lcm(info.time_base.denominator, (info.first + part.start).denominator)
    return Fraction(1, ticks) if ticks <= MAX_TICKS else info.time_base


def _steps_a_slot(info: VideoInfo, rate: Fraction) -> int:
    """Give an even number of instants a slot that no frame of usual length slips through."""
    steps_a_second = max(Fraction(MIN_STEP_RATE), 2 * info.rate)
    return 2 * max(1, min(MAX_STEPS // 2, ceil(steps_a_second / rate / 2)))
