"""An hour of film, and a minute beside it: what shows only in the end, as do clocks that drift or memory that grows."""

from pathlib import Path

from oddmedia.kinds import AAC, EXACT, X264, Kind, Make, drawing, ffmpeg

HOUR, MINUTE = 3600, 60  # seconds
_SIZE = "160x112"
_NTSC, _FILM = "30000/1001", "24000/1001"


def lasting(seconds: int, rate: str, *clock: object) -> Make:
    """Give what makes a film of so many seconds with a tone: a picture of ten seconds, over and over."""

    def make(path: Path) -> None:
        picture, tone = path.with_name(".picture.mkv"), path.with_name(".tone.mka")
        ffmpeg("-f", "lavfi", "-i", drawing(_SIZE, rate, 10), "-c:v", "ffv1", f"file:{picture}")
        ffmpeg("-f", "lavfi", "-i", f"sine=f=330:r=48000:d={seconds}", *AAC, *EXACT, f"file:{tone}")
        inputs = ("-stream_loop", -1, "-i", f"file:{picture}", "-i", f"file:{tone}")
        ffmpeg(*inputs, *clock, *X264, "-c:a", "copy", "-t", seconds, *EXACT, f"file:{path}")
        picture.unlink()
        tone.unlink()

    return make


def _steady(rate: str) -> tuple[object, ...]:
    return ("-vf", f"settb=1/{rate.partition('/')[0]},setpts=N*{rate.partition('/')[2]}", "-r", rate)


_JUMPY = (
    *("-vf", "settb=1/1000,setpts='40*N+6*mod(7*N,5)'"),
    *("-enc_time_base", "1/1000", "-fps_mode", "passthrough"),
)


def _lasting(name: str, about: str, make: Make) -> Kind:
    """Give a film that is here for its length: so small and full of detail, it has 41.99 dB, where 42 are asked for."""
    return Kind(name=name, about=about, make=make, psnr=False)


KINDS = (
    _lasting("minute.mp4", "a minute, 24000/1001 frames a second", lasting(MINUTE, _FILM, *_steady(_FILM))),
    _lasting("hour-film.mp4", "an hour, 24000/1001 frames a second", lasting(HOUR, _FILM, *_steady(_FILM))),
    _lasting("hour-ntsc.mkv", "an hour, 30000/1001 frames a second", lasting(HOUR, _NTSC, *_steady(_NTSC))),
    _lasting("hour-variable.mp4", "an hour, no two lengths alike", lasting(HOUR, "25", *_JUMPY)),
)
