"""What every fault starts from: short episodes, and what a run makes of them when nothing goes wrong."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from faults.settings import Setting
from numpy.typing import NDArray

from vidtag.media.ffmpeg import ffmpeg_path
from vidtag.records.scorefiles import load_scores

SHORT_S, LONG_S = 3, 21  # the long one can be cut into two pieces
PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: exit code (below 0 for a signal), lines on stderr, seconds."""

    code: int
    lines: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Clean:
    """What a run makes of an episode: bytes of the screen times, scores, frames of the film, seconds, bytes in all."""

    csv: bytes
    values: NDArray[np.float32]
    frames: int
    seconds: float
    size: int


class Ground:
    """Episodes in a folder, and clean runs.

    Args:
        folder: empty, for all that is made.
        model: name or path.
    """

    def __init__(self, folder: Path, model: str) -> None:
        self.folder, self.model = folder, model
        self._clean: dict[bool, Clean] = {}

    def episode(self, setting: Setting) -> Path:
        """Give the episode of a setting; made when first asked for."""
        path = self.folder / f"{'long' if _is_long(setting) else 'short'}.mp4"
        if not path.exists():
            _make_episode(path, LONG_S if _is_long(setting) else SHORT_S)
        return path

    def command(self, setting: Setting, folder: Path) -> list[str]:
        """Give the command line of a run."""
        return setting.command(self.episode(setting), folder, self.model)

    def clean(self, setting: Setting) -> Clean:
        """Give what a run makes of the episode, without pieces and into an empty folder; run when first asked for."""
        long = _is_long(setting)
        if long not in self._clean:
            folder = self.folder / f"clean-{long}"
            whole = Setting(name="clean", scores=True)
            whole.prepare(folder)
            ended = run(whole.command(self.episode(setting), folder, self.model))
            if ended.code:
                raise RuntimeError(f"a run without any fault ends with {ended.code}: {' '.join(ended.lines)}")
            self._clean[long] = _read_clean(*whole.targets(folder), ended.seconds)
        return self._clean[long]


def _is_long(setting: Setting) -> bool:
    return setting.parallel or setting.long


def _read_clean(film: Path, csv: Path, scores: Path, seconds: float) -> Clean:
    size = sum(path.stat().st_size for path in (film, csv, scores))
    return Clean(csv.read_bytes(), load_scores(scores).values, frames_of(film) or 0, seconds, size)


def run(command: Sequence[str]) -> Ended:
    """Run a command to its end."""
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return Ended(done.returncode, tuple(done.stderr.splitlines()), time.monotonic() - start)


def frames_of(film: Path) -> int | None:
    """Count the frames of a film that can be decoded; None if it cannot be opened."""
    try:
        with av.open(str(film)) as container:
            return sum(1 for _ in container.decode(video=0))
    except av.error.FFmpegError:
        return None


def _make_episode(path: Path, seconds: int) -> None:
    picture, tone = f"testsrc2=s=160x120:r=10:d={seconds}", f"sine=f=440:d={seconds}"
    sources = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone)
    coding = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-c:a", "aac")
    subprocess.run([ffmpeg_path(), "-v", "error", *sources, *coding, str(path)], check=True)
