"""Where the results of a batch lie in its folder: those of every episode, and those over all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vidtag.batch.walking import TAGGED
from vidtag.outputs import SCORES_SUFFIX

SCORES, REPORTS, VIDEO = "scores", "reports", "video"
STAGES = (SCORES, REPORTS, VIDEO)
"""What is made of an episode; everything else is made from the scores."""

WANTED: Mapping[str, tuple[str, ...]] = {
    "all": STAGES,
    SCORES: (SCORES,),
    VIDEO: (SCORES, VIDEO),
    REPORTS: (SCORES, REPORTS),
}
"""The stages that `--only` asks for."""

PRESENCE, SEGMENTS = ".presence.csv", ".segments.csv"


@dataclass(frozen=True, slots=True)
class Targets:
    """The files of one episode.

    Attributes:
        stem: absolute path of all of them without what tells them apart.
        suffix: of the tagged film, such as `.mp4`.
    """

    stem: Path
    suffix: str

    @property
    def scores(self) -> Path:
        """The score file."""
        return self._file(SCORES_SUFFIX)

    @property
    def presence(self) -> Path:
        """The screen times as CSV."""
        return self._file(PRESENCE)

    @property
    def segments(self) -> Path:
        """The intervals as CSV."""
        return self._file(SEGMENTS)

    @property
    def film(self) -> Path:
        """The film with the bar."""
        return self._file(TAGGED + self.suffix)

    def of(self, stage: str) -> tuple[Path, ...]:
        """Give the files of a stage."""
        return {SCORES: (self.scores,), REPORTS: (self.presence, self.segments), VIDEO: (self.film,)}[stage]

    def __iter__(self) -> Iterator[Path]:
        return (path for stage in STAGES for path in self.of(stage))

    def _file(self, ending: str) -> Path:
        return self.stem.with_name(self.stem.name + ending)
