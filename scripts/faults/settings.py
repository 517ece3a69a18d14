"""The ways in which vidtag is run while something goes wrong."""

import sys
from dataclasses import dataclass
from pathlib import Path

EARLIER = b"what an earlier run made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One way to run `vidtag annotate`.

    Attributes:
        name: what to call it.
        overwrite: whether there are earlier outputs, which are to be replaced.
        scores: whether the scores are kept, too.
        parallel: whether the film is done in two pieces side by side, for which it is long.
        long: whether the film is long in any case.
    """

    name: str
    overwrite: bool = False
    scores: bool = False
    parallel: bool = False
    long: bool = False

    def targets(self, folder: Path) -> list[Path]:
        """Name the outputs in a folder."""
        names = ["film.mp4", "film.csv", *(["film.npz"] if self.scores else [])]
        return [folder / name for name in names]

    def command(self, episode: Path, folder: Path, model: str) -> list[str]:
        """Give the command line that writes the outputs into a folder."""
        words = ["annotate", str(episode), "-o", str(folder / "film.mp4"), "--model", model, "-q"]
        words += ["--overwrite"] if self.overwrite else []
        words += ["--scores", str(folder / "film.npz")] if self.scores else []
        words += ["--parallel", "2"] if self.parallel else []
        return [sys.executable, "-m", "vidtag", *words, "--preset", "ultrafast", "--threads", "1"]

    def prepare(self, folder: Path) -> None:
        """Make a folder with the earlier outputs."""
        folder.mkdir(exist_ok=True)
        for target in self.targets(folder) if self.overwrite else ():
            target.write_bytes(EARLIER)


SETTINGS = (
    Setting(name="new"),
    Setting(name="new, scores", scores=True),
    Setting(name="again", overwrite=True),
    Setting(name="again, scores", overwrite=True, scores=True),
    Setting(name="pieces", parallel=True),
    Setting(name="pieces again, scores", overwrite=True, scores=True, parallel=True),
)
