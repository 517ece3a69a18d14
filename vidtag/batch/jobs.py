"""What is to be done with an episode, and what came of it: values that travel between processes and machines."""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vidtag.batch.needs import Needs
from vidtag.batch.targets import Targets
from vidtag.errors import OptionError
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.remote.addresses import Address

INTERNAL, OUTPUT = 70, 6
DEFAULT_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """What of an episode lies at addresses.

    Attributes:
        source: the film, None if it is a file.
        folder: that the results go into, None if that is a folder of this machine.
    """

    source: Address | None = None
    folder: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One episode and what is to be made of it.

    Attributes:
        name: of the episode, unique in the season, as text.
        source: the film; its name alone if it is `away`.
        size: of the film in bytes, >= 0.
        fingerprint: of the film, as it was when the work was planned.
        targets: where the results go; what lies there is replaced. If they are `away`, what they are called.
        stages: what is to be made, of `STAGES`.
        network: whether the network has to run; else the scores are read from their file.
        analysis: how the film is looked at.
        render: how the tagged film is made.
        model: the key of the model, see `vidtag.batch.keys.model_key`.
        away: what of it does not lie in folders, None if nothing.
    """

    name: str
    source: Path
    size: int
    fingerprint: str
    targets: Targets
    stages: tuple[str, ...]
    network: bool
    analysis: AnalysisOptions
    render: RenderOptions
    model: str
    away: Away | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a job has made.

    Attributes:
        files: sizes in bytes by path, of what was made and of the scores it was made from.
        film_s: seconds of film that were looked at.
        notes: a line for everything that could not be carried over as it is.
    """

    files: Mapping[Path, int]
    film_s: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job came to nothing.

    Attributes:
        exit_code: what a run of its own would have ended with.
        reason: what was found, expected and to be done, in one line.
    """

    exit_code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job that has ended, well or not."""

    job: Job
    result: Made | Failure


@dataclass(frozen=True, slots=True)
class Began:
    """Work on an episode begins.

    Attributes:
        job: the episode.
        worker: number of the worker, from 1.
    """

    job: Job
    worker: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Work on an episode has gone on.

    Attributes:
        job: the episode.
        done_s: seconds of film done.
        total_s: seconds in all, None if the file does not say.
    """

    job: Job
    done_s: float
    total_s: float | None


@dataclass(frozen=True, slots=True)
class Lost:
    """The machine that did an episode is gone, and the episode is done again.

    Attributes:
        job: the episode.
        why: what the cluster says of it.
    """

    job: Job
    why: str


Report = Callable[[float, float | None], None]
"""Called with the seconds of film done and in all."""

Work = Callable[[Job, Report], Made]
"""Does a job where it is called; a function of a module, so that another process finds it by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """Who does the jobs.

    Attributes:
        count: how many jobs are done at once, >= 1.
        timeout_s: seconds without progress after which a job is given up, > 0.
        needs: of an episode, where a cluster chooses its machine.
        tell: called as jobs begin, go on and are lost, in the process and the thread that iterates.

    Raises:
        OptionError: a figure is out of its range.
    """

    count: int = 1
    timeout_s: float = DEFAULT_TIMEOUT_S
    needs: Needs = field(default_factory=Needs)
    tell: Callable[[Began | Moved | Lost], None] = lambda _event: None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise OptionError(f"there must be 1 worker or more, got {self.count}")
        if not self.timeout_s > 0:
            raise OptionError(f"the timeout must be more than 0 seconds, got {self.timeout_s:g}")


Outcomes = Generator[Outcome, None, None]
Executor = Callable[[Iterable[Job], Work, Workers], Outcomes]
"""Does jobs, in whatever order they end; closing the outcomes ends all work at once."""
