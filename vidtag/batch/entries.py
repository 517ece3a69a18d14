"""What a manifest says of an episode."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any

from vidtag.batch.jobs import Failure
from vidtag.batch.keys import Keys, go_together
from vidtag.batch.targets import SCORES, STAGES

BEGUN, DONE, FAILED = "begun", "done", "failed"
STATES = (BEGUN, DONE, FAILED)
MOST_BYTES, MOST_S = 2**63, 10**9  # what a manifest may say of a file and a film
MOST_CODE = 2**32 - 1  # of an exit code, which is that large on some systems

SizeOf = Callable[[str], int | None]
"""Gives the size of a file in bytes by its path from the folder of the batch, None if it is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file that a stage has made.

    Attributes:
        path: from the folder of the batch.
        size: in bytes; None while it may be being written.

    Raises:
        ValueError: the path leads out of the folder: a manifest may come from anywhere, and files are removed by it.
        TypeError: the size is no number of bytes.
    """

    path: str
    size: int | None

    def __post_init__(self) -> None:
        path = PurePath(self.path)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ValueError(f"a file of a batch must lie in its folder, got {self.path!r:.80}")
        if self.size is not None and not _is_number(self.size, (int,), MOST_BYTES):
            raise TypeError(f"a size must be a number of bytes, got {self.size!r:.80}")

    def is_there(self, size_of: SizeOf) -> bool:
        """Say whether the file is there as it was written, judged by its size."""
        found = size_of(self.path)
        if found is None:
            return False
        return found == self.size if self.size is not None else found > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An episode of a manifest.

    Attributes:
        state: one of `STATES`; `begun` stays where a run was killed.
        source: absolute path of the film, or its address.
        model: name of the model.
        fingerprint: of the film.
        stages: by what key each stage was made that is there.
        files: of each of these stages.
        film_s: seconds of film that were looked at.
        exit_code: what a run of the episode on its own would have ended with; 0 unless it failed.
        reason: why it failed, empty otherwise.
        notes: what could not be carried over into the tagged film as it is.

    Raises:
        ValueError, TypeError: something is not what it should be.
    """

    state: str
    source: str
    model: str
    fingerprint: str
    stages: Keys = field(default_factory=dict)
    files: Mapping[str, tuple[FileRecord, ...]] = field(default_factory=dict)
    film_s: float = 0.0
    exit_code: int = 0
    reason: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"a state must be one of {', '.join(STATES)}, got {self.state!r:.80}")
        for name in ("source", "model", "fingerprint", "reason"):
            if not isinstance(getattr(self, name), str):
                raise TypeError(f"{name} must be a text")
        for name, kinds, most in (("film_s", (int, float), MOST_S), ("exit_code", (int,), MOST_CODE)):
            if not _is_number(getattr(self, name), kinds, most):
                raise TypeError(f"{name} must be a number from 0 to {most}, got {getattr(self, name)!r:.80}")
        if not all(isinstance(key, Mapping) for key in self.stages.values()):
            raise TypeError("every stage must have a key")

    def has(self, stage: str, size_of: SizeOf) -> bool:
        """Say whether a stage was made and all its files are there."""
        files = self.files.get(stage, ())
        return stage in self.stages and bool(files) and all(file.is_there(size_of) for file in files)

    def belongs_to_season(self, size_of: SizeOf) -> bool:
        """Say whether what is made over all episodes counts this one: it has reports, and the scores they are of."""
        return go_together(self.stages) and self.has(SCORES, size_of)

    @property
    def failure(self) -> Failure | None:
        """Why it failed, if it did."""
        return Failure(self.exit_code, self.reason) if self.state == FAILED else None

    def to_json(self) -> dict[str, Any]:
        """Give the entry as JSON has it, always in one order."""
        value = asdict(self)
        for part in ("stages", "files"):
            value[part] = {stage: value[part][stage] for stage in STAGES if stage in value[part]}
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Entry":
        """Make an entry of JSON; KeyError, TypeError or ValueError if it is none. Unknown stages are left out."""
        values = dict(value)
        for part in ("stages", "files"):
            values[part] = {stage: values[part][stage] for stage in STAGES if stage in values[part]}
        values["files"] = {
            stage: tuple(FileRecord(path=str(file["path"]), size=file["size"]) for file in files)
            for stage, files in values["files"].items()
        }
        values["notes"] = tuple(map(str, values["notes"]))
        return cls(**values)


def _is_number(value: object, kinds: tuple[type, ...], most: int) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool) and 0 <= value <= most  # type: ignore[operator]
