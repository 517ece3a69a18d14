"""Which streams of an episode a container takes, and what becomes of the others. Pure: no file is opened."""

from dataclasses import dataclass
from pathlib import Path

from vidtag.errors import OptionError
from vidtag.media.info import StreamInfo, VideoInfo

_TEXT_SUBTITLES = frozenset({"subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text", "microdvd"})


@dataclass(frozen=True, slots=True)
class Container:
    """What a kind of file can hold.

    Attributes:
        muxer: ffmpeg's name.
        video_encoder: what is used if nobody chooses.
        video_codecs: encoders it takes by prefix, empty for any.
        sound: codecs that are copied, empty for any.
        sound_encoder: what other sound becomes.
        subtitles: codecs that are copied.
        text_encoder: what other text subtitles become.
        attachments: whether fonts and the like are taken.
    """

    muxer: str
    video_encoder: str
    video_codecs: tuple[str, ...]
    sound: frozenset[str]
    sound_encoder: str
    subtitles: frozenset[str]
    text_encoder: str
    attachments: bool = False


_MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac", "mp2"})
_MP4 = Container("mp4", "libx264", (), _MP4_SOUND, "aac", frozenset({"mov_text"}), "mov_text")
_MOV = Container(
    "mov",
    "libx264",
    (),
    _MP4_SOUND - {"opus", "flac"} | {"pcm_s16le", "pcm_s24le"},
    "aac",
    frozenset({"mov_text"}),
    "mov_text",
)
_MKV_SUBTITLES = frozenset({"subrip", "ass", "ssa", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"})
_MKV = Container("matroska", "libx264", (), frozenset(), "aac", _MKV_SUBTITLES, "srt", attachments=True)
_WEBM = Container(
    "webm",
    "libvpx-vp9",
    ("libvpx", "libaom", "libsvtav1", "librav1e", "av1", "vp9", "vp8"),
    frozenset({"opus", "vorbis"}),
    "libopus",
    frozenset({"webvtt"}),
    "webvtt",
)
_FINE_CLOCK = "setts=time_base=1/90000"
CONTAINERS = {".mp4": _MP4, ".m4v": _MP4, ".mov": _MOV, ".mkv": _MKV, ".webm": _WEBM}


def container_of(target: Path) -> Container:
    """Choose the container by the file's suffix; OptionError names those there are."""
    container = CONTAINERS.get(target.suffix.lower())
    if container is None:
        raise OptionError(f"{target.name}: the output's suffix must be one of {', '.join(CONTAINERS)}")
    return container


def default_suffix(source: Path) -> str:
    """Keep the suffix of the input if it can be written, else Matroska, which takes nearly everything."""
    suffix = source.suffix.lower()
    return suffix if suffix in CONTAINERS else ".mkv"


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """What goes into the output beside the picture.

    Attributes:
        streams: those kept, in the order of the input.
        arguments: ffmpeg's `-map` and codec arguments for them.
        notes: a line for everything that is changed or left out.
        clocks: arguments before the input, that count the times of copied sound finely enough. AVI counts them in ticks
            that may be as long as a packet: ffmpeg rounds a part's begin to them, and behind an empty packet puts all
            sound half a packet late. Not for sound that is decoded, as decoders go by the file's own ticks.
    """

    streams: tuple[StreamInfo, ...]
    arguments: tuple[str, ...]
    notes: tuple[str, ...]
    clocks: tuple[str, ...] = ()


def plan_streams(info: VideoInfo, container: Container) -> StreamPlan:
    """Copy what the container takes, turn into another codec what can be turned, and say what is left out."""
    kept: list[StreamInfo] = []
    arguments: list[str] = []
    notes: list[str] = []
    clocks: list[str] = []
    for stream in info.others:
        codec, note = _treatment(stream, container)
        if note:
            notes.append(f"{stream}: {note}")
        if codec:
            letter = {"audio": "a", "subtitle": "s", "attachment": "t"}[stream.kind]
            place = sum(other.kind == stream.kind for other in kept)
            arguments += ["-map", f"0:{stream.index}", f"-c:{letter}:{place}", codec]
            if codec == "copy" and stream.kind == "audio" and info.format == "avi":
                clocks += [f"-bsf:{stream.index}", _FINE_CLOCK]
            if codec == "libopus":  # it refuses layouts such as 5.1(side)
                arguments += [f"-filter:a:{place}", "aformat=channel_layouts=7.1|5.1|stereo|mono"]
            kept.append(stream)
    return StreamPlan(tuple(kept), tuple(arguments), tuple(notes), tuple(clocks))


def _treatment(stream: StreamInfo, container: Container) -> tuple[str | None, str]:
    """Give the codec argument for a stream, None to leave it out, and what to say about it."""
    match stream.kind:
        case "audio" if stream.codec == "unknown":
            return None, "left out, ffmpeg does not know its codec"
        case "audio" if not container.sound or stream.codec in container.sound:
            return "copy", ""
        case "audio":
            return (
                container.sound_encoder,
                f"encoded again as {container.sound_encoder}, {container.muxer} cannot hold it",
            )
        case "subtitle" if stream.codec in container.subtitles:
            return "copy", ""
        case "subtitle" if stream.codec in _TEXT_SUBTITLES:
            return container.text_encoder, f"turned into {container.text_encoder}, {container.muxer} cannot hold it"
        case "attachment" if container.attachments:
            return "copy", ""
    what = "a second picture" if stream.kind == "video" else f"{container.muxer} cannot hold it"
    return None, f"left out, {'a cover' if stream.attached_picture else what}"


def pixel_format_for(source: str, takes: tuple[str, ...], *, palette: bool = False) -> tuple[str, str]:
    """Choose the pixel format to encode: bits and colour resolution of the source where the encoder has them.

    RGB becomes 4:2:0 all the same, as few players show anything else.

    Args:
        source: ffmpeg's name of the decoded format.
        takes: what the encoder takes, its favourite first; empty if unknown.
        palette: the film has few colours, and that they are stored at lower resolution need not be said.

    Returns:
        The format, and what to say if something is lost, else an empty text.
    """
    wanted = _wanted_format(source)
    limited = wanted.replace("yuvj", "yuv")
    deep = limited if limited.endswith("le") else f"{limited}10le"
    candidates = (wanted, limited, deep, _chroma(wanted, "420"), _chroma(limited, "420"), "yuv420p", *takes[:1])
    chosen = next(candidate for candidate in candidates if not takes or candidate in takes)
    lost = [] if _depth(source) <= _depth(chosen) else [f"{_depth(source)} bits become {_depth(chosen)}"]
    lost += ["transparency is dropped"] if _has_alpha(source) else []
    had = 0 if palette else 444 if _is_rgb(source) else _colour_resolution(wanted)
    lost += ["colour is stored at lower resolution"] if _colour_resolution(chosen) < had else []
    return chosen, "; ".join(lost)


def _is_rgb(pixel_format: str) -> bool:
    return any(letters in pixel_format for letters in ("rgb", "bgr", "gbr"))


def _colour_resolution(pixel_format: str) -> int:
    """Give 420, 422 or 444, for RGB and what is not known 444."""
    return next((int(chroma) for chroma in ("420", "422") if chroma in pixel_format), 444)


def _wanted_format(source: str) -> str:
    if source.startswith("yuvj"):
        return source if source in ("yuvj420p", "yuvj422p", "yuvj444p") else "yuvj444p"
    chroma = next((c for c in ("444", "422", "420") if c in source), "444" if source.startswith("yuv") else "420")
    return f"yuv{chroma}p" + ("10le" if _depth(source) > 8 else "")


def _chroma(pixel_format: str, chroma: str) -> str:
    return pixel_format.replace("444", chroma).replace("422", chroma)


def _depth(pixel_format: str) -> int:
    """Bits a sample, read off ffmpeg's name: the number before `le` or `be`; 8 where there is none."""
    name = pixel_format.removesuffix("le").removesuffix("be")
    if name == pixel_format:
        return 8
    for bits in (9, 10, 12, 14, 16):
        if name.endswith(str(bits)):
            return bits
    return 16


def _has_alpha(pixel_format: str) -> bool:
    return pixel_format.startswith(("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya"))
