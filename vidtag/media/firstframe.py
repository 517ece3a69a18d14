"""When the first frame is shown, as ffmpeg itself says.

PyAV's decoder and ffmpeg's do not agree where a file gives no time for each frame (H.264 with B-frames in AVI: 1/25 and
2/25 s), and reader and writer are ffmpeg.
"""

import os
from fractions import Fraction
from pathlib import Path

from vidtag.errors import DamagedError
from vidtag.media.ffmpeg import Ffmpeg
from vidtag.media.framelog import FrameLog
from vidtag.media.guard import guarded_input


def first_shown(path: Path, index: int) -> Fraction:
    """Decode one frame of stream `index` and say when it is shown, in seconds of the file's own clock.

    Raises:
        DamagedError: not one frame can be decoded.
    """
    frame = ["-map", f"0:{index}", "-frames:v", "1", "-fps_mode", "passthrough", "-enc_time_base", "demux"]
    form = ["-c:v", "wrapped_avframe", "-f", "framecrc", "pipe:1"]
    with Ffmpeg(["-copyts", *guarded_input(path), *frame, *form], stdout=True) as ffmpeg:
        assert ffmpeg.stdout is not None
        log = FrameLog(path, os.fdopen(ffmpeg.stdout.fileno(), encoding="ascii", closefd=False), end=None)
        log.start()
        first = log.first()
        log.join()
        ffmpeg.finish()
    if first is None:
        raise DamagedError(f"{path} is damaged: not one frame of its picture can be decoded ({ffmpeg.complaint()})")
    tick, time_base = first
    return tick * time_base
