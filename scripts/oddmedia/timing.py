"""Odd clocks: rates, variable rates, late starts, edit lists, jumps, missing lengths, the order of frames."""

from pathlib import Path

from oddmedia.kinds import AAC, EXACT, X264, Kind, Make, again, drawing, ffmpeg, film

COPY = ("-c", "copy", "-map", "0")
_TS = film("-muxdelay", 0, "-muxpreload", 0)


def variable(times: str, *arguments: object) -> Make:
    """Give what makes a film whose frames come at `times`, an expression of `setpts` in ms."""

    def make(path: Path) -> None:
        clock = ("-vf", f"settb=1/1000,setpts='{times}'", "-enc_time_base", "1/1000", "-fps_mode", "passthrough")
        ffmpeg("-f", "lavfi", "-i", drawing(), *clock, *X264, *EXACT, *arguments, f"file:{path}")

    return make


def joined(offset: float, first: float = 0) -> Make:
    """Give what puts two transport streams behind one another; the second one's clock begins at `offset` seconds."""

    def make(path: Path) -> None:
        parts = [path.with_name(f".{number}.ts") for number in range(2)]
        for part, start in zip(parts, (first, offset), strict=True):
            film("-output_ts_offset", start, "-muxdelay", 0, "-muxpreload", 0, sound=False)(part)
        path.write_bytes(b"".join(part.read_bytes() for part in parts))
        for part in parts:
            part.unlink()

    return make


def piped(muxer: str, *arguments: object, picture: tuple[object, ...] = X264) -> Make:
    """Give what writes a film into a pipe, so that its header cannot say how long it is."""

    def make(path: Path) -> None:
        tone = ("-f", "lavfi", "-i", "sine=f=330:r=48000:d=2")
        path.write_bytes(
            ffmpeg("-f", "lavfi", "-i", drawing(), *tone, *picture, *AAC, *EXACT, *arguments, "-f", muxer, "pipe:1")
        )

    return make


def _without_first_key_frame(path: Path) -> None:
    """Cut a transport stream in the middle of a group of pictures, as a recording begins."""
    whole = path.with_name(".whole.ts")
    film("-muxdelay", 0, "-muxpreload", 0, picture=(*X264, "-g", 30), seconds=4, sound=False)(whole)
    data = whole.read_bytes()
    path.write_bytes(data[len(data) // 4 // 188 * 188 :])
    whole.unlink()


KINDS = (
    Kind(name="rate-23.976.mp4", about="24000/1001 frames a second", make=film(rate="24000/1001"), short=True),
    Kind(name="rate-29.97.mkv", about="30000/1001 frames a second", make=film(rate="30000/1001")),
    Kind(name="rate-50.mp4", about="50 frames a second", make=film(rate="50")),
    Kind(name="rate-59.94.mp4", about="60000/1001 frames a second", make=film(rate="60000/1001", seconds=1)),
    Kind(name="rate-120.mp4", about="120 frames a second", make=film(rate="120", seconds=1)),
    Kind(name="rate-1.mp4", about="one frame a second", make=film(rate="1", seconds=6)),
    Kind(
        name="rate-12.5.avi",
        about="12.5 frames a second in AVI",
        make=film(rate="12.5", picture=("-c:v", "mpeg4", "-q:v", 2)),
    ),
    Kind(name="one-frame.mp4", about="a single frame", make=film("-frames:v", 1, sound=False), short=True),
    Kind(name="two-frames.mkv", about="two frames", make=film("-frames:v", 2, sound=False)),
    Kind(name="variable.mp4", about="variable rate", make=variable("N*40+mod(N*7,13)*2"), short=True),
    Kind(name="variable-gaps.mkv", about="frames that stand for 0.7 s", make=variable("N*33+700*floor(N/20)")),
    Kind(
        name="variable.webm",
        about="variable rate, VP9",
        make=variable(
            "N*40+mod(N*7,13)*2", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", 8, "-crf", 10, "-b:v", 0
        ),
    ),
    Kind(name="late-start.mkv", about="begins at 3 s of its clock", make=film("-output_ts_offset", 3), short=True),
    Kind(name="late-start.ts", about="begins at 11.4 s of its clock", make=film("-output_ts_offset", 10)),
    Kind(
        name="early-start.mp4",
        about="begins before 0",
        make=film("-output_ts_offset", -0.5, "-avoid_negative_ts", "disabled"),
    ),
    Kind(
        name="edit-list-cut.mp4",
        about="an edit list hides the first frames",
        make=again(film(), ".mp4", *COPY, before=("-ss", 0.7)),
    ),
    Kind(
        name="edit-list-late.mp4",
        about="an edit list delays the picture",
        make=again(film(), ".mp4", *COPY, before=("-itsoffset", 0.8)),
    ),
    Kind(
        name="wrapping.ts",
        about="the clock of 33 bits runs over after 1 s",
        make=film("-output_ts_offset", 95442.7, "-muxdelay", 0, "-muxpreload", 0),
    ),
    Kind(name="jump-forward.ts", about="the clock jumps forward by 20 s", make=joined(22)),
    Kind(name="jump-back.ts", about="the clock jumps back, as where two recordings meet", make=joined(0, 50), code=0),
    Kind(name="no-duration.mkv", about="no length in the header", make=piped("matroska"), short=True),
    Kind(name="no-duration.flv", about="no length, no index", make=piped("flv")),
    Kind(
        name="fragmented.mp4",
        about="in fragments, without a length",
        make=piped("mp4", "-movflags", "frag_keyframe+empty_moov"),
    ),
    Kind(
        name="b-pyramid.mp4",
        about="8 B-frames in a pyramid",
        make=film(picture=(*X264, "-preset", "medium", "-bf", 8, "-x264-params", "b-pyramid=normal:ref=6")),
    ),
    Kind(
        name="open-gop.ts",
        about="groups of pictures that lean on one another",
        make=film(picture=(*X264, "-preset", "medium", "-x264-params", "open-gop=1:keyint=12:bframes=3")),
    ),
    Kind(
        name="no-key-frame-first.ts",
        about="begins without a key frame",
        make=_without_first_key_frame,
        frames=False,
        psnr=False,
    ),
    Kind(
        name="intra-refresh.mkv",
        about="no key frame but the first",
        make=film(picture=(*X264, "-preset", "medium", "-x264-params", "intra-refresh=1:bframes=0")),
    ),
    Kind(
        name="b-frames.avi",
        about="B-frames in AVI, which has no times",
        make=film(picture=("-c:v", "mpeg4", "-q:v", 2, "-bf", 2)),
    ),
    Kind(
        name="ten-minutes.mkv",
        about="ten minutes at 2 frames a second",
        make=film(rate="2", seconds=600, size="96x72", picture=(*X264, "-crf", 30)),
        psnr=False,
    ),
)
