"""What an episode needs of the machine that it is done on, where a cluster chooses the machine."""

from dataclasses import dataclass, replace

from vidtag.errors import OptionError

USUAL_CPUS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The needs of one episode, and the cluster that has to meet them.

    Attributes:
        cpus: processors, >= 1; None for `USUAL_CPUS`, or as many as the largest machine of the cluster has if it has
            fewer.
        gpus: graphics processors, >= 0; a half means that two episodes share one.
        address: of the cluster, None for the one that `$RAY_ADDRESS` names or that runs here, else one of this machine.

    Raises:
        OptionError: a figure is out of its range.
    """

    cpus: int | None = None
    gpus: float = 0.0
    address: str | None = None

    def __post_init__(self) -> None:
        if self.cpus is not None and self.cpus < 1:
            raise OptionError(f"an episode needs 1 CPU or more, got {self.cpus}")
        if not 0 <= self.gpus < float("inf") or (self.gpus > 1 and self.gpus != int(self.gpus)):
            raise OptionError(f"the GPUs of an episode must be a whole number or a part of one, got {self.gpus:g}")

    def of(self, largest: float) -> "Needs":
        """Give needs whose processors are a number.

        Args:
            largest: processors of the largest machine of the cluster.
        """
        return self if self.cpus else replace(self, cpus=max(1, min(USUAL_CPUS, int(largest))))

    def __str__(self) -> str:
        return f"{self.cpus or USUAL_CPUS} CPUs" + (f" and {self.gpus:g} GPUs" if self.gpus else "")
