"""Odd tracks: several of each kind, none, shorter or longer ones; chapters; and every common codec and container."""

from pathlib import Path

from oddmedia.kinds import AAC, EXACT, X264, Kind, Make, drawing, ffmpeg, film

_SUBTITLES = "1\n00:00:00,200 --> 00:00:00,900\nHello\n\n2\n00:00:01,100 --> 00:00:01,800\nAgain\n"


def tones(*seconds: float) -> list[object]:
    """Give ffmpeg's inputs of tones of several lengths, each of another pitch."""
    return [
        word
        for n, length in enumerate(seconds)
        for word in ("-f", "lavfi", "-i", f"sine=f={220 * (n + 1)}:r=48000:d={length}")
    ]


def tracks(*arguments: object, inputs: tuple[object, ...] = (), text: str = "", seconds: float = 2) -> Make:
    """Give what makes a film of further inputs; `text` is written as subtitles, the last input."""

    def make(path: Path) -> None:
        beside = path.with_name(".text.srt")
        beside.write_text(text)
        more = ("-i", beside) if text else ()
        ffmpeg(
            "-f",
            "lavfi",
            "-i",
            drawing(seconds=seconds),
            *inputs,
            *more,
            *X264,
            *AAC,
            *EXACT,
            *arguments,
            f"file:{path}",
        )
        beside.unlink()

    return make


def chapters(count: int) -> Make:
    """Give what makes a film of so many chapters."""

    def make(path: Path) -> None:
        lines = [";FFMETADATA1"]
        for number in range(count):
            lines += [
                "[CHAPTER]",
                "TIMEBASE=1/1000",
                f"START={2000 * number // count}",
                f"END={2000 * (number + 1) // count}",
            ]
            lines += [f"title=Chapter {number}; \\= ünï"]
        beside = path.with_name(".chapters.txt")
        beside.write_text("\n".join(lines) + "\n")
        ffmpeg(
            "-f",
            "lavfi",
            "-i",
            drawing(),
            *tones(2),
            "-i",
            beside,
            "-map_metadata",
            2,
            "-map",
            0,
            "-map",
            1,
            *X264,
            *AAC,
            *EXACT,
            f"file:{path}",
        )
        beside.unlink()

    return make


def _cover(path: Path) -> None:
    picture = path.with_name(".cover.png")
    ffmpeg("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", 1, picture)
    inputs = ("-f", "lavfi", "-i", drawing(), *tones(2), "-i", picture)
    ffmpeg(
        *inputs,
        "-map",
        2,
        "-map",
        0,
        "-map",
        1,
        "-c:v:0",
        "png",
        "-disposition:v:0",
        "attached_pic",
        "-c:v:1",
        "libx264",
        "-preset:v:1",
        "ultrafast",
        "-crf:v:1",
        14,
        "-pix_fmt:v:1",
        "yuv420p",
        *AAC,
        *EXACT,
        f"file:{path}",
    )
    picture.unlink()


def _font(path: Path) -> None:
    font = path.with_name(".font.ttf")
    font.write_bytes(bytes(range(256)) * 8)
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        drawing(),
        *tones(2),
        *X264,
        *AAC,
        *EXACT,
        "-attach",
        font,
        "-metadata:s:t",
        "mimetype=application/x-truetype-font",
        f"file:{path}",
    )
    font.unlink()


_TWO = ("-map", 0, "-map", 1, "-map", 2)
_VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", 8, "-crf", 10, "-b:v", 0)

KINDS = (
    Kind(name="no-sound.mp4", about="no sound", make=film(sound=False), short=True),
    Kind(
        name="sound-short.mp4", about="sound ends after half", make=tracks("-map", 0, "-map", 1, inputs=tuple(tones(1)))
    ),
    Kind(
        name="sound-long.mp4",
        about="sound goes on for 2 s more",
        make=tracks("-map", 0, "-map", 1, inputs=tuple(tones(4))),
    ),
    Kind(
        name="sound-late.mkv",
        about="sound begins after 0.6 s",
        make=tracks("-map", 0, "-map", 1, inputs=("-itsoffset", 0.6, *tones(1.4))),
    ),
    Kind(
        name="sound-early.mkv",
        about="the picture begins after 0.6 s",
        make=tracks("-map", 0, "-map", 1, "-vf", "setpts=PTS+0.6/TB", inputs=tuple(tones(2.6))),
    ),
    Kind(
        name="sound-first.mp4",
        about="sound is the first track",
        make=tracks("-map", 1, "-map", 0, inputs=tuple(tones(2))),
    ),
    Kind(
        name="sounds.mkv",
        about="two sounds in two languages",
        make=tracks(
            *_TWO, "-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=eng", inputs=tuple(tones(2, 2))
        ),
        short=True,
    ),
    Kind(name="surround.mp4", about="5.1 sound", make=tracks("-map", 0, "-map", 1, "-ac", 6, inputs=tuple(tones(2)))),
    Kind(
        name="two-pictures.mkv",
        about="two films in one file",
        make=tracks("-map", 0, "-map", 0, "-map", 1, inputs=tuple(tones(2))),
        says="a second picture",
    ),
    Kind(name="cover.mp4", about="a cover beside the film", make=_cover, says="a cover"),
    Kind(name="font.mkv", about="an attached font", make=_font),
    Kind(name="subtitles.mkv", about="SubRip", make=tracks(*_TWO, inputs=tuple(tones(2)), text=_SUBTITLES), short=True),
    Kind(
        name="subtitles-ass.mkv",
        about="ASS",
        make=tracks(*_TWO, "-c:s", "ass", inputs=tuple(tones(2)), text=_SUBTITLES),
    ),
    Kind(
        name="subtitles.mp4",
        about="text of MP4",
        make=tracks(*_TWO, "-c:s", "mov_text", inputs=tuple(tones(2)), text=_SUBTITLES),
    ),
    Kind(
        name="timecode.mov",
        about="a data track with timecode",
        make=tracks("-map", 0, "-map", 1, "-timecode", "01:00:00:00", inputs=tuple(tones(2))),
        says="left out",
    ),
    Kind(name="chapter.mkv", about="one chapter", make=chapters(1)),
    Kind(name="chapters.mp4", about="100 chapters", make=chapters(100)),
    Kind(
        name="hevc.mp4",
        about="HEVC",
        make=film(
            picture=(
                "-c:v",
                "libx265",
                "-preset",
                "ultrafast",
                "-crf",
                10,
                "-x265-params",
                "log-level=error:pools=1:frame-threads=1",
                "-pix_fmt",
                "yuv420p",
            )
        ),
        short=True,
    ),
    Kind(
        name="av1.mkv",
        about="AV1",
        make=film(picture=("-c:v", "libsvtav1", "-preset", 12, "-crf", 15, "-pix_fmt", "yuv420p")),
        short=True,
    ),
    Kind(
        name="av1.mp4",
        about="AV1 of libaom in MP4",
        make=film(
            picture=("-c:v", "libaom-av1", "-cpu-used", 8, "-usage", "realtime", "-crf", 15, "-pix_fmt", "yuv420p"),
            seconds=1,
        ),
    ),
    Kind(
        name="vp8.webm",
        about="VP8 and Vorbis",
        make=film(
            "-c:a",
            "libvorbis",
            picture=("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", 8, "-crf", 4, "-b:v", "4M"),
        ),
    ),
    Kind(name="vp9.webm", about="VP9 and Opus", make=film("-c:a", "libopus", picture=_VP9), short=True),
    Kind(
        name="vvc.mp4",
        about="VVC",
        make=film(
            picture=("-c:v", "libvvenc", "-preset", "faster", "-qp", 20, "-pix_fmt", "yuv420p10le"),
            seconds=0.4,
        ),
    ),
    Kind(name="mpeg1.mpg", about="MPEG-1", make=film("-c:a", "mp2", picture=("-c:v", "mpeg1video", "-q:v", 2))),
    Kind(name="mpeg2.mpg", about="MPEG-2 and MP2", make=film("-c:a", "mp2", picture=("-c:v", "mpeg2video", "-q:v", 2))),
    Kind(
        name="mpeg2.ts",
        about="MPEG-2 and AC-3",
        make=film("-c:a", "ac3", picture=("-c:v", "mpeg2video", "-q:v", 2, "-bf", 2)),
    ),
    Kind(name="mpeg4.avi", about="MPEG-4 ASP and MP3", make=film("-c:a", "mp3", picture=("-c:v", "mpeg4", "-q:v", 2))),
    Kind(
        name="mjpeg.avi",
        about="MJPEG and PCM",
        make=film("-c:a", "pcm_s16le", picture=("-c:v", "mjpeg", "-q:v", 2, "-pix_fmt", "yuvj420p")),
    ),
    Kind(name="wmv.asf", about="WMV and WMA", make=film("-c:a", "wmav2", picture=("-c:v", "wmv2", "-q:v", 2))),
    Kind(
        name="theora.ogv",
        about="Theora and Vorbis",
        make=film("-c:a", "libvorbis", picture=("-c:v", "libtheora", "-q:v", 10)),
    ),
    Kind(
        name="flash.flv",
        about="Sorenson H.263 and MP3",
        make=film("-c:a", "mp3", "-ar", 44100, picture=("-c:v", "flv", "-q:v", 2)),
    ),
    Kind(name="h263.3gp", about="H.263 in 3GP", make=film(size="176x144", picture=("-c:v", "h263", "-q:v", 2))),
    Kind(
        name="prores.mov",
        about="ProRes",
        make=film("-c:a", "pcm_s16le", picture=("-c:v", "prores_ks", "-profile:v", 2)),
    ),
    Kind(
        name="dnxhr.mov",
        about="DNxHR",
        make=film(
            "-c:a",
            "pcm_s16le",
            size="256x144",
            picture=("-c:v", "dnxhd", "-profile:v", "dnxhr_sq", "-pix_fmt", "yuv422p"),
        ),
    ),
    Kind(
        name="mpeg2.mxf",
        about="MPEG-2 in MXF",
        make=film(
            "-c:a", "pcm_s16le", size="352x288", picture=("-c:v", "mpeg2video", "-q:v", 2, "-pix_fmt", "yuv422p")
        ),
    ),
    Kind(
        name="ffv1.mkv",
        about="FFV1 and FLAC",
        make=film("-c:a", "flac", picture=("-c:v", "ffv1", "-pix_fmt", "yuv420p")),
    ),
    Kind(
        name="raw.nut",
        about="raw pictures",
        make=film("-c:a", "pcm_s16le", picture=("-c:v", "rawvideo", "-pix_fmt", "yuv420p"), seconds=1),
    ),
    Kind(name="raw.y4m", about="YUV4MPEG", make=film(picture=("-pix_fmt", "yuv420p"), seconds=1, sound=False)),
    Kind(name="stream.h264", about="H.264 without a container", make=film(sound=False)),
    Kind(
        name="stream.m2v",
        about="MPEG-2 without a container",
        make=film(sound=False, picture=("-c:v", "mpeg2video", "-q:v", 2)),
    ),
    Kind(name="stream.ivf", about="VP9 in IVF", make=film(sound=False, picture=_VP9)),
)
