"""Which frames are taken out of episodes, and how they are written: frozen values, checked when they are made."""

from dataclasses import dataclass
from fractions import Fraction

from vidtag.analysis.shots import DEFAULT_CUT
from vidtag.errors import OptionError, UsageError
from vidtag.times import check_rate

DEFAULT_EVERY = Fraction(2)
SHOT_RATE = Fraction(5)  # samples a second that shots are found with; their middles are whole tenths of a second
MOST_EVERY, LEAST_SIDE_PX, MOST_SIDE_PX, MOST_FRAMES = 3600, 16, 8192, 100_000
FORMATS = ("jpg", "png")


@dataclass(frozen=True, slots=True)
class ColourLimit:
    """A picture is no background if `share` of it or more has all of red, green and blue within `tolerance` of these.

    Raises:
        OptionError: a number is out of its range.
    """

    colour: tuple[int, int, int]
    tolerance: int = 30
    share: float = 0.01

    def __post_init__(self) -> None:
        if len(self.colour) != 3 or not all(0 <= value <= 255 for value in (*self.colour, self.tolerance)):
            raise OptionError(f"colours and tolerances go from 0 to 255, got {self.colour} and {self.tolerance}")
        if not 0 < self.share <= 1:
            raise OptionError(f"the share of a colour must be above 0 and at most 1, got {self.share:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundRule:
    """When a picture counts as one without anyone.

    Attributes:
        without: colours that it must not have; a character's skin or clothes.
        most_black: share of it that may be black, 0-1.
        model: name or path of a bundle, all of whose scores must be below half their thresholds; None for none.

    Raises:
        UsageError: neither a colour nor a model is given.
        OptionError: the share is out of its range.
    """

    without: tuple[ColourLimit, ...] = ()
    most_black: float = 0.75
    model: str | None = None

    def __post_init__(self) -> None:
        if not self.without and self.model is None:
            raise UsageError("backgrounds need --without-colour R,G,B or --model, to tell who is nobody")
        if not 0 <= self.most_black <= 1:
            raise OptionError(f"the share of black must be 0 to 1, got {self.most_black:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameOptions:
    """Which frames are taken out of each episode.

    Attributes:
        every: seconds from one frame to the next, at most 3600; None for one a shot.
        shot_threshold: content change at which a new shot begins, see `content_change`; counts for one a shot.
        different: at most so many an episode, those that differ most; None for all.
        distinct: leave out frames that nearly equal one already taken, of whatever episode.
        size: pixels of the longer side at most; None for the full size.
        format: one of `FORMATS`.
        start, end: the part of each episode, in seconds from its first frame; None: from the first, to the last.
        backgrounds: take only frames without anyone; None takes all.
        overwrite: whether files that exist are replaced.

    Raises:
        OptionError: a value is out of its range.
    """

    every: Fraction | None = DEFAULT_EVERY
    shot_threshold: float = DEFAULT_CUT
    different: int | None = None
    distinct: bool = False
    size: int | None = None
    format: str = "jpg"
    start: Fraction | None = None
    end: Fraction | None = None
    backgrounds: BackgroundRule | None = None
    overwrite: bool = False

    def __post_init__(self) -> None:
        if self.every is not None and not 0 < self.every <= MOST_EVERY:
            raise OptionError(f"expected a frame every 1/240 to {MOST_EVERY} seconds, got {float(self.every):g}")
        check_rate(self.rate)
        if not 0 < self.shot_threshold <= 1:
            raise OptionError(f"the threshold of shots must be above 0 and at most 1, got {self.shot_threshold:g}")
        if self.different is not None and not 1 <= self.different <= MOST_FRAMES:
            raise OptionError(f"the number of different frames must be 1 to {MOST_FRAMES}, got {self.different}")
        if self.size is not None and not LEAST_SIDE_PX <= self.size <= MOST_SIDE_PX:
            raise OptionError(f"the size must be {LEAST_SIDE_PX} to {MOST_SIDE_PX} px, got {self.size}")
        if self.format not in FORMATS:
            raise OptionError(f"the format must be one of {', '.join(FORMATS)}, got {self.format!r}")
        start = self.start or Fraction(0)
        if start < 0 or (self.end is not None and self.end <= start):
            raise OptionError(f"--end must lie after --start, got {float(start):g} and {float(self.end or 0):g} s")

    @property
    def rate(self) -> Fraction:
        """Samples a second that are looked at."""
        return SHOT_RATE if self.every is None else 1 / self.every
