"""How the words preset and crf reach the encoders that vidtag knows, and their defaults.

The default quality is visually lossless: above 42 dB, also where a film is small and full of detail, has many frames a
second, or stores its colours in full. The default speed is `veryfast`: at equal crf it gives 2 dB less than `medium` in
less than half the time.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import log2

from vidtag.errors import OptionError
from vidtag.media.containers import Container, pixel_format_for
from vidtag.media.ffmpeg import Ffmpeg, encoder_pixel_formats, ffmpeg_version, thread_arguments, usable_cores
from vidtag.media.flaws import version_numbers
from vidtag.options import RenderOptions


@dataclass(frozen=True, slots=True)
class Encoder:
    """Defaults of an encoder, and how its options are called.

    Attributes:
        preset_option, preset: option for the speed, empty if there is none, and the usual value.
        crf_option, crf: option for the quality and the usual value.
        extra: arguments that always go with it.
        by_time: whether it codes a frame the worse the shorter it is shown, as x264 does: its `qcomp` of 0.6 takes 2.4
            off the quality each time the frames a second double.
        full_chroma: arguments for pictures with colours in full, which x264 codes 6 steps worse than others.
        looks_for_cuts: whether it makes key frames where a shot begins; not at its quickest preset.
    """

    preset_option: str
    preset: str
    crf_option: str
    crf: int
    extra: tuple[str, ...] = ()
    by_time: bool = False
    full_chroma: tuple[str, ...] = ()
    looks_for_cuts: bool = False


AUTO = "auto"
"""Asks for an encoder of a graphics card where one works, else for the container's usual one."""

_OF_A_GPU = "_nvenc"
_MOST_DECODING_THREADS = 16  # as many as ffmpeg itself takes
_WITHOUT_CUTS = ("ultrafast", "0")  # names of the preset at which x264 and x265 look for none
_TAKES_MARKS = 9  # first release of ffmpeg that is known to make key frames of marked frames; 7.0 does not
_USUAL_RATE = Fraction(30)  # frames a second up to which the usual quality does
_NVENC = Encoder("-preset", "p4", "-cq", 19)
ENCODERS = {
    "libx264": Encoder(
        *("-preset", "veryfast", "-crf", 17),
        by_time=True,
        full_chroma=("-chromaoffset", "-6"),
        looks_for_cuts=True,
    ),
    "libx265": Encoder("-preset", "veryfast", "-crf", 18, ("-x265-params", "log-level=error"), looks_for_cuts=True),
    "libvpx-vp9": Encoder("-cpu-used", "5", "-crf", 20, ("-b:v", "0", "-deadline", "good", "-row-mt", "1")),
    "libvpx": Encoder("-cpu-used", "5", "-crf", 6, ("-b:v", "20M", "-deadline", "good")),
    "libsvtav1": Encoder("-preset", "8", "-crf", 20),
    "libaom-av1": Encoder("-cpu-used", "6", "-crf", 18, ("-b:v", "0", "-row-mt", "1")),
    "h264_nvenc": _NVENC,
    "hevc_nvenc": _NVENC,
    "mpeg4": Encoder("", "", "-qscale:v", 2),
}


def choose_encoder(options: RenderOptions, container: Container) -> str:
    """Give the encoder's name: the caller's, or the container's usual one. Tries it on one small frame.

    Raises:
        OptionError: ffmpeg has no such encoder, the container cannot hold what it makes, or it does not run here with
            this preset and crf.
    """
    name = options.encoder or container.video_encoder
    if name == AUTO:
        name = next((quick for quick in _quick_encoders(container) if _works(quick, options)), container.video_encoder)
    if container.video_codecs and not name.startswith(container.video_codecs):
        raise OptionError(f"{container.muxer} cannot hold what {name} makes; leave --encoder out or write mp4 or mkv")
    if not encoder_pixel_formats(name):
        known = ", ".join(known for known in ENCODERS if encoder_pixel_formats(known))
        raise OptionError(f"this ffmpeg has no video encoder {name!r}; known to work are {known}")
    if complaint := _complaint(name, tuple(encoder_arguments(name, options))):
        needs = " (it needs an NVIDIA GPU and its driver)" if name.endswith(_OF_A_GPU) else ""
        raise OptionError(f"{name} does not work like this: {complaint}{needs}; check --encoder, --preset and --crf")
    return name


def _quick_encoders(container: Container) -> list[str]:
    """List the encoders of graphics cards whose pictures a container can hold, H.264 first as every player knows it."""
    codecs = container.video_codecs
    return [name for name in ENCODERS if name.endswith(_OF_A_GPU) and (not codecs or name.startswith(codecs))]


def _works(name: str, options: RenderOptions) -> bool:
    return bool(encoder_pixel_formats(name)) and not _complaint(name, tuple(encoder_arguments(name, options)))


@cache
def _complaint(name: str, arguments: tuple[str, ...]) -> str:
    """Encode one frame to nowhere (some 50 ms) and say what the encoder complains of; empty if it works."""
    pixel_format = pixel_format_for("yuv420p", encoder_pixel_formats(name))[0]
    frame = ("-f", "lavfi", "-i", "color=s=320x240:r=25", "-frames:v", "1", "-pix_fmt", pixel_format)
    with Ffmpeg([*frame, *arguments, "-f", "null", "-"]) as ffmpeg:
        return "" if ffmpeg.finish() == 0 else ffmpeg.complaint()


def encoder_arguments(
    name: str, options: RenderOptions, rate: Fraction = _USUAL_RATE, pixel_format: str = "yuv420p"
) -> list[str]:
    """Build ffmpeg's arguments for an encoder, its speed and its quality.

    Args:
        name: ffmpeg's name of the encoder.
        options: what is asked for; the usual quality if nothing is, whatever the frame rate and the colours.
        rate: frames a second.
        pixel_format: that is encoded.
    """
    encoder = ENCODERS.get(name, Encoder("-preset", "", "-crf", -1))
    arguments = ["-c:v", name, *encoder.extra]
    if preset := options.preset or encoder.preset:
        arguments += [encoder.preset_option, preset] if encoder.preset_option else []
    crf = float(encoder.crf) if options.crf is None else options.crf
    if options.crf is None and encoder.by_time and rate > _USUAL_RATE:
        crf -= round(2.4 * log2(rate / _USUAL_RATE), 1)
    if options.crf is None and pixel_format.startswith(("yuv444", "yuvj444")):
        arguments += encoder.full_chroma
    return arguments + ([encoder.crf_option, f"{crf:g}"] if crf >= 0 else [])


def misses_cuts(name: str, options: RenderOptions) -> bool:
    """Say whether an encoder looks for cuts, misses them above a bar, and can be told of them by this ffmpeg.

    x264 and x265 take a frame for the first of a shot where it is hardly cheaper to foretell it from the frame before
    than to code it anew. A bar that stands still always is much cheaper, so above one x264 finds half of the cuts that
    it finds without, and x265 none.

    Args:
        name: ffmpeg's name of the encoder.
        options: what is asked for.
    """
    encoder = ENCODERS.get(name)
    if encoder is None or not encoder.looks_for_cuts or options.preset in _WITHOUT_CUTS:
        return False
    release = version_numbers(ffmpeg_version())
    return release is not None and release[0] >= _TAKES_MARKS


def decoder_arguments(name: str, threads: int) -> list[str]:
    """Build ffmpeg's arguments, before its input, for a decoder that feeds an encoder.

    Before an encoder of a graphics card that card decodes, too, what it knows; else the whole processor is the
    decoder's. Before those that calculate on the processor, decoding takes less time than encoding (a seventh of it,
    H.264 before libx264 at `veryfast`), and each thread more costs processor time. Of others nothing is known.

    Args:
        name: ffmpeg's name of the encoder.
        threads: of the decoder, 0 for as many as suit the machine.
    """
    if uses_a_card(name):
        return [*(("-hwaccel", "cuda") if _card_answers() else ()), *thread_arguments(threads)]
    few = min(_MOST_DECODING_THREADS, max(1, usable_cores() // 2))
    return thread_arguments(threads or (few if name in ENCODERS else 0))


def uses_a_card(name: str) -> bool:
    """Say whether an encoder is one of a graphics card."""
    return name.endswith(_OF_A_GPU)


@cache
def _card_answers() -> bool:
    """Say whether ffmpeg finds an NVIDIA card to decode with; what that one does not know, ffmpeg decodes as usual."""
    frame = ("-f", "lavfi", "-i", "color=s=64x64:r=25", "-frames:v", "1", "-f", "null", "-")
    with Ffmpeg(["-init_hw_device", "cuda", *frame]) as ffmpeg:
        return ffmpeg.finish() == 0


def tag_arguments(name: str, container: Container) -> list[str]:
    """Build the arguments by which a container says what an encoder made, where the usual ones do not do."""
    if name in ("libx265", "hevc_nvenc") and container.muxer in ("mp4", "mov"):
        return ["-tag:v", "hvc1"]  # without it Apple's players show nothing
    return []
