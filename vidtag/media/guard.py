"""What vidtag is willing to open, told alike to ffmpeg (as arguments) and to PyAV (as options).

A protocol whitelist alone still lets playlists, concat scripts and SVG through under a video's name, because those are
formats; so formats and codecs are listed, too. Everything is opened as `file:` plus an absolute path, so that no name
is taken for an option, an address or a pattern.
"""

from pathlib import Path

from vidtag.errors import InputError, LimitError
from vidtag.limits import current_limits, how_to_raise

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,flv,ogg,gif,asf,mxf,h264,hevc,ivf,"
    "yuv4mpegpipe,nut,obu,dv,rm,aiff,wav,mp3,aac,flac"
)

_VIDEO_CODECS = (
    "h264,hevc,av1,libdav1d,libaom-av1,vp8,vp9,libvpx,libvpx-vp9,vvc,mpeg1video,mpeg2video,mpegvideo,mpeg4,msmpeg4v1,"
    "msmpeg4v2,msmpeg4,h261,h263,h263i,h263p,flv,vp3,vp6,vp6a,vp6f,theora,wmv1,wmv2,wmv3,vc1,prores,dnxhd,cfhd,ffv1,"
    "huffyuv,ffvhuff,utvideo,lagarith,rawvideo,wrapped_avframe,mjpeg,mjpegb,gif,png,apng,qtrle,cinepak,"
    "svq1,svq3,dvvideo,rv10,rv20,rv30,rv40,indeo3,indeo5,cljr,rpza,smc,8bps,jpeg2000,v210,snow,dirac"
)
_SOUND_CODECS = (
    "aac,aac_fixed,aac_latm,mp1,mp1float,mp2,mp2float,mp3,mp3float,ac3,ac3_fixed,eac3,dca,truehd,mlp,opus,libopus,"
    "vorbis,libvorbis,flac,alac,wmav1,wmav2,wmapro,wmavoice,wmalossless,amrnb,amrwb,libopencore_amrnb,"
    "libopencore_amrwb,cook,ra_144,ra_288,sipr,speex,libspeex,tta,wavpack,ape,nellymoser,qdm2,qdmc,gsm,gsm_ms,"
    "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_u16le,pcm_u16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
    "pcm_f32be,pcm_f64le,pcm_alaw,pcm_mulaw,pcm_bluray,pcm_dvd,pcm_s16le_planar,adpcm_ms,adpcm_ima_wav,"
    "adpcm_ima_qt,adpcm_swf,adpcm_yamaha,s302m"
)
_SUBTITLE_CODECS = "srt,subrip,ass,ssa,webvtt,mov_text,pgssub,dvdsub,dvbsub,xsub,text,cc_dec,microdvd"

CODECS = ",".join((_VIDEO_CODECS, _SOUND_CODECS, _SUBTITLE_CODECS))


def check_readable(path: Path) -> Path:
    """Give the absolute path of a file that is there, can be opened and is not empty.

    Raises:
        InputError: missing, a folder or device, unreadable, or empty.
    """
    if not path.exists():
        raise InputError(f"{path} does not exist; expected a video file")
    if not path.is_file():
        raise InputError(f"{path} is {'a folder' if path.is_dir() else 'not a regular file'}; expected a video file")
    try:
        with path.open("rb") as stream:
            first = stream.read(1)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    if not first:
        raise InputError(f"{path} is empty (0 bytes); expected a video file")
    return path.absolute()


def guarded_input(path: Path) -> list[str]:
    """Give ffmpeg's arguments that open `path`, and nothing but that file."""
    limits = current_limits()
    return [
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-codec_whitelist", CODECS),
        *("-max_pixels", str(limits.pixels), "-max_streams", str(limits.streams)),
        *("-export_side_data", "enhancements"),  # LCEVC data are handed on, not decoded: that decoder has a known hole
        *("-i", f"file:{path.absolute()}"),
    ]


def guarded_options() -> dict[str, str]:
    """Give the same limits as options for PyAV's `open`; one stream more, so that too many can be told."""
    return {
        "protocol_whitelist": "file",
        "format_whitelist": FORMATS,
        "max_streams": str(current_limits().streams + 1),
        **guarded_decoder(),
    }


def guarded_decoder() -> dict[str, str]:
    """Give the limits of a decoder of PyAV, which does not take them over from `open`."""
    return {"codec_whitelist": CODECS, "max_pixels": str(current_limits().pixels)}


def check_pixels(path: Path, width: int, height: int) -> None:
    """Raise LimitError for pictures of more pixels than the limit."""
    if width * height > current_limits().pixels:
        raise LimitError(f"{path} is {width}x{height} px; {how_to_raise('pixels')}")
