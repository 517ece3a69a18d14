"""Odd pictures: turned, mirrored, squeezed, odd sizes, deep and bright colours, fields, transparency."""

from pathlib import Path

from oddmedia.kinds import X264, Kind, Make, again, drawing, ffmpeg, film

COPY = ("-c", "copy", "-map", "0")
_X265 = (
    "-c:v",
    "libx265",
    "-preset",
    "ultrafast",
    "-crf",
    10,
    "-x265-params",
    "log-level=error:pools=1:frame-threads=1",
)
_TAGS = ("-color_primaries", "bt2020", "-colorspace", "bt2020nc")
_MASTER = "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"


def tagged(primaries: str, transfer: str, matrix: str, span: str = "tv") -> tuple[str, ...]:
    """Give arguments that say how colours are meant, to the encoder and in the frames."""
    said = f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}:range={span}"
    return (
        "-vf",
        said,
        "-color_primaries",
        primaries,
        "-color_trc",
        transfer,
        "-colorspace",
        matrix,
        "-color_range",
        span,
    )


def turned(*display: object) -> Make:
    """Give what makes a film whose header says how it is to be turned or mirrored."""
    return again(film(size="192x128"), ".mp4", *COPY, before=display)


def _size_changes(path: Path) -> None:
    parts = []
    for number, size in enumerate(("192x144", "128x96")):
        part = path.with_name(f".{number}.ts")
        ffmpeg("-f", "lavfi", "-i", drawing(size), *X264, "-bf", 0, "-output_ts_offset", 2 * number, part)
        parts.append(part.read_bytes())
        part.unlink()
    path.write_bytes(b"".join(parts))


_HDR10 = (
    *_X265[:6],
    "-x265-params",
    f"{_X265[7]}:hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:{_MASTER}",
)

KINDS = (
    Kind(name="turned-90.mp4", about="turned by 90°, as phones do", make=turned("-display_rotation", 90), short=True),
    Kind(name="turned-180.mp4", about="upside down", make=turned("-display_rotation", 180)),
    Kind(name="turned-270.mp4", about="turned by 270°", make=turned("-display_rotation", 270)),
    Kind(name="mirrored.mp4", about="mirrored by its header", make=turned("-display_hflip")),
    Kind(
        name="turned-and-mirrored.mp4",
        about="turned and mirrored",
        make=turned("-display_rotation", 90, "-display_hflip"),
    ),
    Kind(name="aspect-2x1.mp4", about="pixels twice as wide as high", make=film("-vf", "setsar=2/1"), short=True),
    Kind(name="aspect-pal.mkv", about="pixels of 64:45", make=film("-vf", "setsar=64/45")),
    Kind(name="aspect-1137x800.mp4", about="pixels of 1137:800", make=film("-vf", "setsar=1137/800")),
    Kind(
        name="odd-size.mkv",
        about="181 x 137 px",
        make=film(size="181x137", picture=(*X264, "-pix_fmt", "yuv444p")),
        short=True,
    ),
    Kind(
        name="odd-size-ffv1.mkv",
        about="181 x 137 px, 4:2:0",
        make=film(size="181x137", picture=("-c:v", "ffv1", "-pix_fmt", "yuv420p")),
    ),
    Kind(name="portrait.mp4", about="taller than wide", make=film(size="144x256")),
    Kind(name="tiny.mkv", about="16 px a side", make=film(size="16x16"), code=3, analyze=0, says="too small for a bar"),
    Kind(name="small.mkv", about="64 px wide", make=film(size="64x48")),
    Kind(name="strip.mkv", about="1600 px wide and 32 high", make=film(size="1600x32")),
    Kind(name="tower.mkv", about="64 px wide and 1200 high", make=film(size="64x1200")),
    Kind(name="4k.mp4", about="3840 x 2160 px", make=film(size="3840x2160", seconds=0.16, sound=False)),
    Kind(name="8k.mp4", about="7680 x 4320 px", make=film(size="7680x4320", seconds=0.08, sound=False)),
    Kind(name="422.mkv", about="4:2:2", make=film(picture=(*X264, "-pix_fmt", "yuv422p"))),
    Kind(name="444.mkv", about="4:4:4", make=film(picture=(*X264, "-pix_fmt", "yuv444p"))),
    Kind(name="grey.mkv", about="grey only", make=film(picture=(*X264, "-pix_fmt", "gray"))),
    Kind(name="10-bit.mkv", about="10 bits, H.264", make=film(picture=(*X264, "-pix_fmt", "yuv420p10le")), short=True),
    Kind(name="10-bit-422.mkv", about="10 bits, 4:2:2", make=film(picture=(*X264, "-pix_fmt", "yuv422p10le"))),
    Kind(name="10-bit-hevc.mp4", about="10 bits, HEVC", make=film(picture=(*_X265, "-pix_fmt", "yuv420p10le"))),
    Kind(
        name="12-bit-hevc.mkv",
        about="12 bits, HEVC",
        make=film(picture=(*_X265, "-pix_fmt", "yuv420p12le")),
        says="12 bits become 10",
    ),
    Kind(
        name="hdr-pq.mp4",
        about="HDR10: PQ, BT.2020, mastering data",
        make=film(*tagged("bt2020", "smpte2084", "bt2020nc"), picture=(*_HDR10, "-pix_fmt", "yuv420p10le")),
    ),
    Kind(
        name="hdr-hlg.mkv",
        about="HDR: HLG, BT.2020",
        make=film(*tagged("bt2020", "arib-std-b67", "bt2020nc"), picture=(*_X265, "-pix_fmt", "yuv420p10le")),
    ),
    Kind(name="bt2020.mkv", about="wide colours, not HDR", make=film(*tagged("bt2020", "bt709", "bt2020nc"))),
    Kind(name="bt601.mp4", about="colours of NTSC", make=film(*tagged("smpte170m", "smpte170m", "smpte170m"))),
    Kind(name="bt709.mp4", about="colours of HD in a small film", make=film(*tagged("bt709", "bt709", "bt709"))),
    Kind(
        name="full-range.mp4",
        about="full range",
        make=film("-vf", "scale=out_range=full", "-color_range", "pc", picture=(*X264, "-pix_fmt", "yuvj420p")),
    ),
    Kind(
        name="interlaced.mkv",
        about="fields, H.264",
        make=film(picture=(*X264, "-preset", "veryfast", "-flags", "+ildct+ilme", "-x264-params", "tff=1")),
    ),
    Kind(
        name="interlaced.mpg",
        about="fields, MPEG-2",
        make=film("-c:a", "mp2", size="352x288", picture=("-c:v", "mpeg2video", "-q:v", 2, "-flags", "+ildct+ilme")),
    ),
    Kind(
        name="alpha.webm",
        about="transparent, VP9",
        make=film(
            picture=(
                "-c:v",
                "libvpx-vp9",
                "-pix_fmt",
                "yuva420p",
                "-auto-alt-ref",
                0,
                "-deadline",
                "realtime",
                "-cpu-used",
                8,
                "-crf",
                10,
                "-b:v",
                0,
            ),
            sound=False,
        ),
    ),
    Kind(
        name="alpha-prores.mov",
        about="transparent, ProRes 4444",
        make=film(picture=("-c:v", "prores_ks", "-profile:v", 4, "-pix_fmt", "yuva444p10le"), sound=False),
        says="transparency is dropped",
    ),
    Kind(
        name="alpha-png.mov",
        about="transparent, PNG",
        make=film(picture=("-c:v", "png", "-pix_fmt", "rgba"), sound=False),
        says="transparency is dropped",
        psnr=False,
    ),
    Kind(
        name="rgb.mkv",
        about="RGB, FFV1",
        make=film(picture=("-c:v", "ffv1", "-pix_fmt", "bgr0"), sound=False),
        says="colour is stored at lower resolution",
        psnr=False,
    ),
    Kind(
        name="palette.gif",
        about="animated GIF",
        make=film(picture=("-c:v", "gif"), sound=False, seconds=1),
        psnr=False,
        short=True,
    ),
    Kind(name="size-changes.ts", about="the size changes in the middle", make=_size_changes, psnr=False),
)
