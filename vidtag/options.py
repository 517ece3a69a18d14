"""What a caller may choose, as frozen values that are checked when they are made."""

from dataclasses import dataclass
from fractions import Fraction

from vidtag.analysis.rules import DEFAULT_RATE, DEFAULT_WINDOW, check_window
from vidtag.errors import OptionError
from vidtag.times import check_rate

DEFAULT_MODEL = "simpsons"
DEFAULT_BATCH = 16
MAX_BATCH = 1024
FLOAT32, BFLOAT16, FLOAT16, INT8 = "float32", "bfloat16", "float16", "int8"
AUTO = "auto"
PRECISIONS = (FLOAT32, BFLOAT16, FLOAT16, INT8)
MAX_THREADS = 1024
MAX_PARALLEL = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOptions:
    """How an episode is looked at.

    Attributes:
        model: name of an installed bundle, or the path of one.
        rate: samples a second, one that `check_rate` takes.
        batch_size: samples the network sees at once, at most.
        backend: what runs the network, `auto` for the best that is installed.
        precision: what the network is calculated in: one of `PRECISIONS`, of which all but `float32` trade accuracy for
            time, or `auto` for what the model was measured to do well in.
        threads: of the decoder, and of the network; 0 for as many as suit the machine.
        start, end: the part to look at, in seconds from the first frame; None: from the first, to the last.
        keep_going: whether what can be read of a damaged film is enough; the rest is then unknown, not absent.

    Raises:
        OptionError: a value is out of its range.
    """

    model: str = DEFAULT_MODEL
    rate: Fraction = DEFAULT_RATE
    batch_size: int = DEFAULT_BATCH
    backend: str = "auto"
    precision: str = AUTO
    threads: int = 0
    start: Fraction | None = None
    end: Fraction | None = None
    keep_going: bool = False

    def __post_init__(self) -> None:
        check_rate(self.rate)
        if not 1 <= self.batch_size <= MAX_BATCH:
            raise OptionError(f"the batch size must be 1 to {MAX_BATCH}, got {self.batch_size}")
        if self.precision not in (AUTO, *PRECISIONS):
            raise OptionError(f"the precision must be one of {AUTO}, {', '.join(PRECISIONS)}, got {self.precision!r}")
        check_threads(self.threads)
        start, end = self.start or Fraction(0), self.end
        if start < 0 or (end is not None and end <= start):
            raise OptionError(f"--end must lie after --start, got start {float(start)} s and end {float(end or 0)} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How the tagged film is made.

    Attributes:
        smooth: window of the single-outlier rule in samples, 0 for none.
        style: of the bar; a key of `vidtag.overlay.styles.BAR_STYLES`.
        encoder: ffmpeg's name of a video encoder; None for the container's usual one, `auto` for one of a graphics card
            where that works.
        preset: speed of the encoder, in its own words; None for `veryfast` or the like.
        crf: constant quality in the encoder's own scale, smaller is better; None for visually lossless.
        threads: of the encoder, and of the decoder that feeds it; 0 for as many as suit the machine.
        parallel: pieces that a long film is cut into, to be scored and encoded side by side; 1 for none.

    Raises:
        OptionError: a value is out of its range.
    """

    smooth: int = DEFAULT_WINDOW
    style: str = "icons"
    encoder: str | None = None
    preset: str | None = None
    crf: int | None = None
    threads: int = 0
    parallel: int = 1

    def __post_init__(self) -> None:
        check_window(self.smooth)
        check_threads(self.threads)
        if not 1 <= self.parallel <= MAX_PARALLEL:
            raise OptionError(f"a film is cut into 1 to {MAX_PARALLEL} pieces, got {self.parallel}")
        if self.crf is not None and not 0 <= self.crf <= 63:
            raise OptionError(f"the crf must be 0 to 63, got {self.crf}")
        for name, value in (("encoder", self.encoder), ("preset", self.preset)):
            if value is not None and not (value and value.replace("_", "").replace("-", "").isalnum()):
                raise OptionError(f"the {name} is one word such as libx264 or medium, got {value!r}")


def check_threads(threads: int) -> None:
    """Refuse a number of threads that is not 0 to `MAX_THREADS`.

    Raises:
        OptionError: it is not.
    """
    if not 0 <= threads <= MAX_THREADS:
        raise OptionError(f"the threads must be 1 to {MAX_THREADS}, or 0 for as many as suit, got {threads}")
