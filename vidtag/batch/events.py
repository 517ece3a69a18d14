"""What a batch tells while it runs: values, each of which is a line of JSON as well."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened; `kind` says what."""

    kind: ClassVar[str] = ""

    def to_json(self) -> dict[str, Any]:
        """Give the event as JSON has it."""
        return {"event": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The work is planned and begins.

    Attributes:
        episodes: of the season.
        to_do: how many of them this run does.
        size: of these films, in bytes.
        unchanged: how many are done already.
        workers: how many are done at once.
        output: folder of the results.
    """

    kind: ClassVar[str] = "start"
    episodes: int
    to_do: int
    size: int
    unchanged: int
    workers: int
    output: str


@dataclass(frozen=True, slots=True)
class Begun(Event):
    """A worker takes an episode.

    Attributes:
        episode: its name.
        worker: number of the worker, from 1.
        stages: what is made.
        network: whether the network runs.
        size: of the film, in bytes.
    """

    kind: ClassVar[str] = "begin"
    episode: str
    worker: int
    stages: tuple[str, ...]
    network: bool
    size: int


@dataclass(frozen=True, slots=True)
class Progressed(Event):
    """An episode goes on.

    Attributes:
        episode: its name.
        done_s: seconds of film done.
        total_s: in all, None if the film does not say.
        speed: seconds of film a second of work.
    """

    kind: ClassVar[str] = "progress"
    episode: str
    done_s: float
    total_s: float | None
    speed: float


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """An episode is done.

    Attributes:
        episode: its name.
        film_s: seconds of film.
        took_s: seconds of work.
        files: what was made, paths from the folder of the results.
        notes: what could not be carried over as it is.
    """

    kind: ClassVar[str] = "done"
    episode: str
    film_s: float
    took_s: float
    files: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """An episode came to nothing.

    Attributes:
        episode: its name.
        exit_code: what a run of its own would have ended with.
        reason: what was found, expected and to be done.
    """

    kind: ClassVar[str] = "failed"
    episode: str
    exit_code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """Something was passed over that was asked for.

    Attributes:
        text: what and why.
    """

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """The run is over.

    Attributes:
        done: episodes that this run did.
        failed: episodes that it failed at.
        unchanged: episodes that were done already.
        left: episodes that are still to be done.
        took_s: seconds of work.
        files: what was made over all episodes, paths from the folder of the results.
    """

    kind: ClassVar[str] = "end"
    done: int
    failed: int
    unchanged: int
    left: int
    took_s: float
    files: tuple[str, ...]
