"""The commands that are measured, and what each is compared with."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vidtag.media.encoders import ENCODERS
from vidtag.media.ffmpeg import ffmpeg_path

from .films import QUIET, ROOT, Film

DECODE = "decode"
PRESETS = ("medium", "veryfast")
OLD_WAY_PRESET = "veryfast"
_CRF = ENCODERS["libx264"].crf


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A command to measure.

    Attributes:
        name: how tables call it.
        command: the words.
        limit: name of the task that does what must be done anyway; empty for one that is such a limit.
        environment: variables that it sees besides those of this process.
        once: whether one run is enough, because it takes long.
    """

    name: str
    command: tuple[object, ...]
    limit: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A vidtag to measure.

    Attributes:
        model: name or folder of the model.
        options: further words for `vidtag annotate` and `vidtag analyze`.
        root: folder of the checkout that it is run from.
        suffix: what its tasks are called after the command, empty for the one that is measured first of all.
    """

    model: str
    options: tuple[str, ...] = ()
    root: Path = ROOT
    suffix: str = ""

    def vidtag(self, *words: object) -> tuple[object, ...]:
        """Give the words of a command of vidtag; -P, so that a checkout in the current folder does not go first."""
        return (sys.executable, "-P", "-m", "vidtag", *words)

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which the checkout's own vidtag is run."""
        others = os.environ.get("PYTHONPATH")
        return {"PYTHONPATH": os.pathsep.join([str(self.root), *([others] if others else [])])}

    def annotate(self, film: Film, folder: Path, preset: str) -> Task:
        """Tag a film with the encoder's preset; the plain encoding with it is the limit."""
        words = ("-o", folder / "tagged.mp4", "--preset", preset, "--model", self.model, *self.options)
        return Task(
            name=f"annotate {preset}{self.suffix}",
            command=self.vidtag("annotate", film.path, *words, "--overwrite", "-q"),
            limit=f"re-encode {preset}",
            environment=self.environment,
        )

    def analyze(self, film: Film, folder: Path) -> Task:
        """Score a film; plain decoding is the limit."""
        words = ("-o", folder / "film.scores.npz", "--model", self.model, *self.options)
        return Task(
            name=f"analyze{self.suffix}",
            command=self.vidtag("analyze", film.path, *words, "--overwrite", "-q"),
            limit=DECODE,
            environment=self.environment,
        )


def decode(film: Film) -> Task:
    """Decode the picture and do nothing with it."""
    return Task(name=DECODE, command=(ffmpeg_path(), *QUIET, "-i", film.path, "-map", "0:v:0", "-f", "null", "-"))


def encode(film: Film, folder: Path, preset: str) -> Task:
    """Encode the picture again as vidtag does, but without a bar, and copy the sound."""
    kept = ("-map", "0:v:0", "-map", "0:a?", "-c:a", "copy")
    coded = ("-c:v", "libx264", "-preset", preset, "-crf", _CRF)
    command = (ffmpeg_path(), *QUIET, "-i", film.path, *kept, *coded, "-y", folder / "plain.mp4")
    return Task(name=f"re-encode {preset}", command=command)


def old_way(film: Film, folder: Path, script: Path) -> Task:
    """Run a script `SCRIPT IN OUT --preset PRESET` that does the same in another way."""
    command = (sys.executable, script, film.path, folder / "old.mp4", "--preset", OLD_WAY_PRESET)
    return Task(name=f"old way {OLD_WAY_PRESET}", command=command, limit=f"re-encode {OLD_WAY_PRESET}", once=True)


def all_tasks(film: Film, folder: Path, contenders: Sequence[Contender], script: Path | None) -> Iterator[Task]:
    """Give what is measured on a film, limits first."""
    yield decode(film)
    yield from (contender.analyze(film, folder) for contender in contenders)
    for preset in PRESETS:
        yield encode(film, folder, preset)
        yield from (contender.annotate(film, folder, preset) for contender in contenders)
    if script:
        yield old_way(film, folder, script)
