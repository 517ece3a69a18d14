"""What a caller may choose for a batch as a whole."""

from dataclasses import dataclass, field

from vidtag.batch.jobs import DEFAULT_TIMEOUT_S, Workers
from vidtag.batch.needs import Needs
from vidtag.batch.targets import WANTED
from vidtag.errors import OptionError
from vidtag.media.containers import CONTAINERS


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How a batch is done.

    Attributes:
        only: what is made, a key of `WANTED`.
        executor: a key of `vidtag.batch.executors.EXECUTORS`.
        workers: episodes at once, >= 1.
        timeout_s: seconds without progress after which an episode is given up.
        needs: of an episode, where a cluster chooses its machine.
        limit: episodes that are done at most, None for all.
        retry_failed: do only what failed the last time.
        fail_fast: stop at the first episode that fails.
        overwrite: replace files that no run of the batch has made.
        suffix: of the tagged films, None for that of the film where vidtag can write it, else `.mkv`.

    Raises:
        OptionError: a value is out of its range.
    """

    only: str = "all"
    executor: str = "processes"
    workers: int = 1
    timeout_s: float = DEFAULT_TIMEOUT_S
    needs: Needs = field(default_factory=Needs)
    limit: int | None = None
    retry_failed: bool = False
    fail_fast: bool = False
    overwrite: bool = False
    suffix: str | None = None

    def __post_init__(self) -> None:
        if self.only not in WANTED:
            raise OptionError(f"--only takes {', '.join(list(WANTED)[1:])}, got {self.only!r}")
        if self.limit is not None and self.limit < 1:
            raise OptionError(f"the limit must be 1 episode or more, got {self.limit}")
        if self.suffix is not None and self.suffix not in CONTAINERS:
            raise OptionError(f"the suffix must be one of {', '.join(CONTAINERS)}, got {self.suffix!r}")
        Workers(count=self.workers, timeout_s=self.timeout_s)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that are wanted."""
        return WANTED[self.only]
