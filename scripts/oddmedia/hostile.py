"""Hostile files: scripts and lists under a film's name, names that mean something to a tool, bombs, absurd figures."""

import os
import struct
import zlib
from pathlib import Path

from oddmedia.damage import put
from oddmedia.kinds import X264, Kind, Make, changed, content, ffmpeg, film

CANARY = "canary.ts"
"""A film beside the hostile files. Whoever follows what they say would read it."""

ADDRESS = "http://127.0.0.1:9/canary.ts"
_NO_VIDEO = {"code": 3, "says": "is not a video", "psnr": False, "frames": False}
_LIMIT = {"code": 4, "says": "limit", "psnr": False, "frames": False}
_ANY = {"psnr": False, "frames": False}

_M3U8 = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{0}\n#EXT-X-ENDLIST\n"
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">'
    '<image xlink:href="{0}" width="64" height="64"/></svg>'
)
_MPD = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S">'
    '<Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1"><BaseURL>{0}</BaseURL>'
    "</Representation></AdaptationSet></Period></MPD>"
)
_CPL = (
    '<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016">'
    "<Id>urn:uuid:0</Id><EditRate>24 1</EditRate></CompositionPlaylist>"
)
_XML_ENTITY = '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'
_SDP = (
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
)


def _bomb_of_frames(path: Path) -> None:
    """Code one black frame of 8192 x 8192 px and repeat its packet 300 times: 20,000 million pixels in little room."""
    one = path.with_name(".one.mp4")
    ffmpeg("-f", "lavfi", "-i", "color=black:s=8192x8192:r=25:d=0.04", *X264, "-qp", 51, one)
    ffmpeg("-stream_loop", 299, "-i", one, "-c", "copy", f"file:{path}")
    one.unlink()


def black_png(side_px: int) -> bytes:
    """Write a black PNG of so many pixels a side, 8 bits of grey each, which takes a thousandth of its size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side_px + 1)) for _ in range(side_px)) + packer.flush()
    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _still_bomb(path: Path) -> None:
    one = path.with_name(".one.png")
    one.write_bytes(black_png(16000))
    ffmpeg("-i", one, "-c", "copy", f"file:{path}")
    one.unlink()


def _liar(data: bytes) -> bytes:
    """Say in the container that a picture of 8192 x 8192 px has 64 x 64."""
    large, small = struct.pack(">HH", 8192, 8192), struct.pack(">HH", 64, 64)
    place = data.index(b"stsd")
    return data[:place] + data[place:].replace(large, small)


def _far_apart(seconds: float) -> Make:
    """Give what makes a film of two frames that lie so many seconds apart."""

    def make(path: Path) -> None:
        clock = (
            "-vf",
            f"settb=1/1000,setpts='N*{seconds}*1000'",
            "-enc_time_base",
            "1/1000",
            "-fps_mode",
            "passthrough",
        )
        picture = ("-f", "lavfi", "-i", "testsrc2=s=192x144:r=25:d=0.08")
        ffmpeg(*picture, *clock, *X264, "-bf", 0, f"file:{path}")

    return make


def _streams(count: int) -> Make:
    def make(path: Path) -> None:
        picture = ("-f", "lavfi", "-i", "testsrc2=s=192x144:r=5:d=0.4")
        ffmpeg(*picture, *("-map", 0) * count, "-c:v", "mpeg4", f"file:{path}")

    return make


def _nested(path: Path) -> None:
    """Put boxes of MP4 into boxes, 5000 deep."""
    inner = b""
    for _ in range(5000):
        inner = struct.pack(">I", len(inner) + 8) + b"moov" + inner
    path.write_bytes(b"\0\0\0\x14ftypisom\0\0\2\0isom" + inner)


def _gif_screen(data: bytes) -> bytes:
    """Say that the screen and its picture are of 65535 x 65535 px."""
    place = data.index(b"\x2c", 13)
    return data[:6] + b"\xff\xff\xff\xff" + data[10 : place + 5] + b"\xff\xff\xff\xff" + data[place + 9 :]


def _metadata(path: Path) -> None:
    text = path.with_name(".text.txt")
    text.write_text(";FFMETADATA1\n" + "".join(f"key{number}={'x' * 1000}\n" for number in range(5000)))
    picture = ("-f", "lavfi", "-i", "testsrc2=s=192x144:r=25:d=1")
    ffmpeg(*picture, "-i", text, "-map_metadata", 1, *X264, f"file:{path}")
    text.unlink()


_SHORT = film(seconds=0.48, sound=False)
_NAMES = {
    "-dash.mp4": "an option",
    "-i": "an option without a suffix",
    "a:b.mp4": "an address of some protocol",
    "concat:x.mp4": "ffmpeg's concat protocol",
    "http:%2f%2fx.mp4": "an address",
    "pipe:0.mp4": "ffmpeg's pipe",
    "%03d.mp4": "a pattern of numbers",
    "[ab]*?.mp4": "a pattern of a shell",
    "$(touch x) `id`.mp4": "commands of a shell",
    "line\nbreak.mp4": "two lines",
    "\x1b[2Jscreen.mp4": "signs that clear a terminal",
    "quote'\"\\.mp4": "quotes and a backslash",
    " spaces .mp4": "spaces at both ends",
    "‮4pm.evil.mp4": "letters from right to left",
    "x" * 200 + ".mp4": "200 letters",
    os.fsdecode(b"\xff\xfe.mp4"): "no text in UTF-8",
}

KINDS = (
    Kind(
        name="playlist.mp4",
        about="an HLS playlist of a film beside it",
        make=content(_M3U8.format(CANARY)),
        **_NO_VIDEO,
        short=True,
    ),
    Kind(
        name="playlist-passwd.mp4",
        about="an HLS playlist of /etc/passwd",
        make=content(_M3U8.format("file:///etc/passwd")),
        **_NO_VIDEO,
        short=True,
    ),
    Kind(
        name="playlist-address.mkv",
        about="an HLS playlist of an address",
        make=content(_M3U8.format(ADDRESS)),
        **_NO_VIDEO,
        short=True,
    ),
    Kind(
        name="playlist-concat.avi",
        about="an HLS playlist of a concat address",
        make=content(_M3U8.format(f"concat:{ADDRESS}|file:///etc/passwd")),
        **_NO_VIDEO,
    ),
    Kind(
        name="playlist.m3u8",
        about="an HLS playlist under its own name",
        make=content(_M3U8.format(CANARY)),
        **_NO_VIDEO,
    ),
    Kind(
        name="script.mp4",
        about="a concat script",
        make=content(f"ffconcat version 1.0\nfile {CANARY}\n"),
        **_NO_VIDEO,
        short=True,
    ),
    Kind(
        name="script.ffconcat",
        about="a concat script under its own name",
        make=content(f"ffconcat version 1.0\nfile {CANARY}\n"),
        **_NO_VIDEO,
    ),
    Kind(
        name="drawing.mp4",
        about="SVG that embeds a file",
        make=content(_SVG.format("file:///etc/passwd")),
        **_NO_VIDEO,
        short=True,
    ),
    Kind(name="drawing.svg", about="SVG that embeds an address", make=content(_SVG.format(ADDRESS)), **_NO_VIDEO),
    Kind(name="entity.mp4", about="XML with an external entity", make=content(_XML_ENTITY), **_NO_VIDEO),
    Kind(name="manifest.mp4", about="a DASH manifest", make=content(_MPD.format(ADDRESS)), **_NO_VIDEO),
    Kind(name="composition.xml", about="an IMF composition", make=content(_CPL), **_NO_VIDEO),
    Kind(name="session.mp4", about="an SDP session", make=content(_SDP), **_NO_VIDEO),
    Kind(name="avisynth.avs", about="an AviSynth script", make=content(f'DirectShowSource("{CANARY}")\n'), **_NO_VIDEO),
    Kind(name="graph.mp4", about="a filter graph", make=content(f"movie={CANARY}\n"), **_NO_VIDEO),
    Kind(name="metadata.mp4", about="ffmpeg's metadata", make=content(";FFMETADATA1\ntitle=x\n"), **_NO_VIDEO),
    Kind(name="list.ram", about="a list of addresses", make=content(f"{ADDRESS}\n"), **_NO_VIDEO),
    Kind(
        name="elsewhere.mp4",
        about="MP4 whose data lie in another file",
        make=changed(_SHORT, put(b"url \0\0\0\1", 4, bytes(4)), ".mp4"),
        psnr=False,
    ),
    Kind(
        name="bomb-8192.mp4", about="300 frames of 8192 x 8192 px in 0.5 MB", make=_bomb_of_frames, **_LIMIT, short=True
    ),
    Kind(name="bomb-png.mkv", about="a PNG of 16000 x 16000 px", make=_still_bomb, **_LIMIT, short=True),
    Kind(
        name="bomb-liar.mp4",
        about="8192 x 8192 px that say to be 64 x 64",
        make=changed(_bomb_of_frames, _liar, ".mp4"),
        **_LIMIT,
    ),
    Kind(
        name="bomb.gif",
        about="a GIF of 65535 x 65535 px",
        make=changed(film(sound=False, picture=("-c:v", "gif"), seconds=0.2), _gif_screen, ".gif"),
        **_LIMIT,
    ),
    Kind(
        name="bomb.y4m",
        about="YUV4MPEG of 99999 x 99999 px",
        make=content(b"YUV4MPEG2 W99999 H99999 F25:1 Ip A1:1 C420jpeg\nFRAME\n" + bytes(5000)),
        **_NO_VIDEO,
    ),
    Kind(name="streams.mkv", about="200 streams", make=_streams(200), **_LIMIT),
    Kind(
        name="far-apart.mkv", about="two frames that lie three years apart", make=_far_apart(1e8), **_LIMIT, short=True
    ),
    Kind(name="nested.mp4", about="boxes in boxes, 5000 deep", make=_nested, **_NO_VIDEO),
    Kind(
        name="rate-absurd.avi",
        about="4 thousand million frames a second",
        make=changed(
            film(sound=False, seconds=0.4, picture=("-c:v", "mpeg4", "-q:v", 2)),
            put(b"vids", 20, struct.pack("<II", 1, 0xFFFFFFFF)),
            ".avi",
        ),
        **_ANY,
    ),
    Kind(
        name="rate-none.avi",
        about="0 frames a second",
        make=changed(
            film(sound=False, seconds=0.4, picture=("-c:v", "mpeg4", "-q:v", 2)), put(b"vids", 20, bytes(8)), ".avi"
        ),
        **_ANY,
    ),
    Kind(name="said-much.mkv", about="5 MB of metadata", make=_metadata),
    Kind(
        name="targa.mov",
        about="a codec that is not on the list",
        make=film(sound=False, seconds=0.2, picture=("-c:v", "targa")),
        code=5,
        says="not one frame",
        **_ANY,
    ),
    *(
        Kind(name=name, about=f"a name like {about}", make=_SHORT, short=name in ("-dash.mp4", "line\nbreak.mp4"))
        for name, about in _NAMES.items()
    ),
)
