"""Frames and sound into one mp4, by the ffmpeg that imageio-ffmpeg brings."""

import subprocess
import tempfile
import wave
from collections.abc import Iterable, Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from .canvas import HEIGHT, WIDTH
from .film import RATE
from .instruments import SAMPLE_RATE

KEYFRAME_EVERY = 47  # frames, 1.96 s
SMALL = ("-preset", "slower", "-tune", "animation", "-crf", "29", "-bf", "6", "-refs", "6", "-aq-mode", "3")
QUICK = ("-preset", "veryfast", "-tune", "animation", "-crf", "27")


def write_film(path: Path, frames: Iterable[np.ndarray], sound: np.ndarray, effort: Sequence[str] = SMALL) -> None:
    """Write an H.264 + AAC mp4.

    Args:
        path: where to; replaced if it is there.
        frames: (360, 640, 3) uint8 RGB each, in order.
        sound: (samples, 2) int16.
        effort: options of x264, `SMALL` or `QUICK`.

    Raises:
        OSError: ffmpeg failed; its last words are in the message.
    """
    with tempfile.TemporaryDirectory() as folder:
        track = Path(folder) / "sound.wav"
        _write_wave(track, sound)
        with (Path(folder) / "log").open("w+b") as log:
            process = subprocess.Popen(_command(track, path, effort), stdin=subprocess.PIPE, stdout=log, stderr=log)
            assert process.stdin is not None
            try:
                for frame in frames:
                    process.stdin.write(frame.tobytes())
            except BrokenPipeError:
                pass  # its exit code and its words tell why
            process.stdin.close()
            if process.wait():
                log.seek(0)
                raise OSError(f"ffmpeg could not write {path}: {log.read()[-400:].decode(errors='replace')}")


def _write_wave(path: Path, sound: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(sound.astype("<i2").tobytes())


def _command(track: Path, path: Path, effort: Sequence[str]) -> list[str]:
    """Give ffmpeg's arguments: raw RGB on stdin, tagged BT.709, bit for bit the same from run to run."""
    picture = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-framerate", str(RATE), "-i", "-"]
    colour = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    video = ["-c:v", "libx264", *effort, "-g", str(KEYFRAME_EVERY)]
    sound = ["-c:a", "aac", "-b:a", "80k"]
    exact = ["-threads", "2", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    box = ["-video_track_timescale", str(RATE.numerator), "-movflags", "+faststart"]
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    return [*ffmpeg, *picture, "-i", str(track), "-vf", colour, *tags, *video, *sound, *exact, *box, str(path)]
