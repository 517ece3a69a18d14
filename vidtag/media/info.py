"""What a video file holds: frozen descriptions, no reading."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vidtag.errors import ShapeError
from vidtag.media.guard import check_pixels

MIN_SHOWN = Fraction(1, 1000)  # seconds; MPEG-TS of a variable rate claims that its last frame is shown for half of it


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """A stream beside the picture that is tagged.

    Attributes:
        index: position in the file.
        kind: `video`, `audio`, `subtitle`, `data` or `attachment`.
        codec: ffmpeg's name of the codec, or `unknown`.
        language: as the file says, or an empty text.
        attached_picture: a still such as a cover, not a film.
    """

    index: int
    kind: str
    codec: str
    language: str = ""
    attached_picture: bool = False

    def __str__(self) -> str:
        language = f", {self.language}" if self.language not in ("", "und") else ""
        return f"{self.kind} stream {self.index} ({self.codec}{language})"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of an episode, in seconds of the file's own clock.

    Attributes:
        start, end: half-open.
        title: empty if it has none.
    """

    start: Fraction
    end: Fraction
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoInfo:
    """An episode, as its file describes it. Times are in seconds of the file's own clock.

    Attributes:
        path: absolute.
        format: ffmpeg's name of the container format.
        index: of the picture's stream.
        codec: of the picture.
        width, height: stored pixels, before rotation.
        pixel_format: ffmpeg's name.
        rate: frames a second on average, a guess where the file gives none.
        time_base: seconds a tick.
        first: when the first frame is shown.
        promised_end: when the picture ends as the header says, None where it does not say.
        container_start: when the first of all streams begins.
        sample_aspect: width of a stored pixel over its height.
        rotation: degrees clockwise to turn the stored picture upright: 0, 90, 180 or 270.
        colour_space, full_range: how YUV is meant; `colour_space` is ffmpeg's number (2: not said).
        chapters: in the file's order.
        others: all other streams.

    Raises:
        LimitError: more pixels than the limit.
        ShapeError: sizes or rates that no video has.
    """

    path: Path
    format: str
    index: int
    codec: str
    width: int
    height: int
    pixel_format: str
    rate: Fraction
    time_base: Fraction
    first: Fraction
    promised_end: Fraction | None
    container_start: Fraction
    sample_aspect: Fraction = Fraction(1)
    rotation: int = 0
    colour_space: int = 2
    full_range: bool = False
    chapters: tuple[Chapter, ...] = ()
    others: tuple[StreamInfo, ...] = ()

    def __post_init__(self) -> None:
        check_pixels(self.path, self.width, self.height)
        if min(self.width, self.height) < 1 or min(self.rate, self.time_base, self.sample_aspect) <= 0:
            raise ShapeError(f"{self.path}: size, rate, time base and pixel aspect must be above 0")
        if self.rotation not in (0, 90, 180, 270):
            raise ShapeError(f"{self.path}: rotation must be 0, 90, 180 or 270 degrees, got {self.rotation}")

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height in stored pixels once turned upright."""
        return (self.height, self.width) if self.rotation in (90, 270) else (self.width, self.height)

    @property
    def upright_sample_aspect(self) -> Fraction:
        """Pixel aspect once turned upright."""
        return 1 / self.sample_aspect if self.rotation in (90, 270) else self.sample_aspect

    @property
    def promised_duration(self) -> Fraction | None:
        """Length of the picture in seconds as the header says, or None."""
        if self.promised_end is None or self.promised_end <= self.first:
            return None
        return self.promised_end - self.first


@dataclass(frozen=True, slots=True)
class Part:
    """The part of an episode to look at, in seconds from its first frame; `end` None means to the end.

    Raises:
        ShapeError: it is empty or starts before 0.
    """

    start: Fraction = Fraction(0)
    end: Fraction | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise ShapeError(f"a part needs 0 <= start < end, got start {self.start} and end {self.end}")

    @property
    def whole(self) -> bool:
        """Nothing is cut off."""
        return self.start == 0 and self.end is None


@dataclass(frozen=True, slots=True)
class FrameSpan:
    """What was decoded: the frames' own clock, in ticks.

    Attributes:
        time_base: seconds a tick.
        first, last: ticks at which the first and the last frame are shown.
        last_duration: ticks for which the last frame is shown, >= 0 (below `MIN_SHOWN`: the file does not say).
        frames: how many.
    """

    time_base: Fraction
    first: int
    last: int
    last_duration: int
    frames: int

    @property
    def start(self) -> Fraction:
        """When the first frame is shown, in seconds of the file's clock."""
        return self.first * self.time_base

    def end(self, rate: Fraction) -> Fraction:
        """When the last frame stops being shown, in seconds of the file's clock; `rate` is used if it does not say."""
        shown = self.last_duration * self.time_base
        return self.last * self.time_base + (shown if shown >= MIN_SHOWN else 1 / rate)
