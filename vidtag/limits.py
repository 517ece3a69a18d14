"""How much vidtag is willing to spend on one film. `$VIDTAG_LIMITS` moves the limits, and nothing else does.

They are read from the environment because that belongs to whoever runs vidtag and reaches every child process and every
worker of a batch; a `vidtag.toml` may have come with the episodes, and must not open the door for them.
"""

import os
from dataclasses import dataclass, fields, replace

from vidtag.errors import OptionError

VARIABLE = "VIDTAG_LIMITS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a film may have, and what is spent on it at most.

    Attributes:
        pixels: of a frame; the usual limit takes 8192 x 4608.
        streams: in a file.
        frames: in a film.
        hours: from the first frame to the last.
        memory: GB that an ffmpeg or the looking into a file may take, each.
        stall: seconds for which a decoder may give nothing at all.

    Raises:
        OptionError: one is not above 0.
    """

    pixels: int = 8192 * 4608
    streams: int = 64
    frames: int = 20_000_000
    hours: float = 24
    memory: float = 8
    stall: float = 120

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if not 0 < value <= 1e15:  # NaN is not, either
                raise OptionError(f"{VARIABLE}: the limit {entry.name} must be a number above 0, got {value}")

    @property
    def seconds(self) -> float:
        """The limit on the length of a film."""
        return self.hours * 3600

    @property
    def memory_bytes(self) -> int:
        """The limit on the memory of a child."""
        return int(self.memory * 1_000_000_000)

    def __str__(self) -> str:
        return ",".join(f"{entry.name}={getattr(self, entry.name):.16g}" for entry in fields(self))


def parse_limits(text: str) -> Limits:
    """Read limits such as `hours=48,memory=16`; those not named stay as usual.

    >>> parse_limits("hours=48").hours
    48.0

    Raises:
        OptionError: an unknown name, or a value that is no number above 0.
    """
    kinds = {entry.name: int if entry.type in (int, "int") else float for entry in fields(Limits)}
    changed: dict[str, int | float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        if name.strip() not in kinds:
            raise OptionError(f"{VARIABLE}: there is no limit {name.strip()!r:.40}; there are {', '.join(kinds)}")
        try:
            changed[name.strip()] = kinds[name.strip()](value)
        except (ValueError, OverflowError):
            raise OptionError(f"{VARIABLE}: {name.strip()} needs a number, got {value!r:.40}") from None
    return replace(Limits(), **changed)  # type: ignore[arg-type]


def current_limits() -> Limits:
    """Give the limits that count for this process.

    Raises:
        OptionError: `$VIDTAG_LIMITS` cannot be read.
    """
    return parse_limits(os.environ.get(VARIABLE, ""))


def how_to_raise(name: str) -> str:
    """Say how a limit is raised, to end a message with."""
    return f"the limit is {getattr(current_limits(), name):.16g}, {VARIABLE}={name}=… raises it"
