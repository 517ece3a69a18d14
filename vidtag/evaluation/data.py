"""Finds out what kind of labelled data somebody gave: a folder of pictures, or a table of labelled films."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vidtag.analysis.sampling import DEFAULT_RATE
from vidtag.analysis.smoothing import DEFAULT_WINDOW, check_window
from vidtag.errors import InputError, OptionError
from vidtag.evaluation.clips import score_clips
from vidtag.evaluation.pictures import AUTO, UNNAMED, read_pictures, score_pictures
from vidtag.evaluation.scored import ScoredSet
from vidtag.predictors.base import Predictor
from vidtag.predictors.preprocessing import Preprocessing
from vidtag.times import check_rate
from vidtag.training.dataset import Example, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions:
    """What is measured, and how it is read.

    Attributes:
        data: folder of labelled pictures, or table of labelled intervals.
        boxes: further tables of boxes for pictures of the folder.
        unnamed: what whoever is not named is; one of `UNNAMED`.
        rate: samples a second of films.
        smooth: window of the single-outlier rule for films, in samples, 0 for none.

    Raises:
        OptionError: a value is out of its range.
    """

    data: Path
    boxes: tuple[Path, ...] = ()
    unnamed: str = AUTO
    rate: Fraction = DEFAULT_RATE
    smooth: int = DEFAULT_WINDOW

    def __post_init__(self) -> None:
        check_rate(self.rate)
        check_window(self.smooth)
        if self.unnamed not in UNNAMED:
            raise OptionError(f"whoever is not named is {', '.join(UNNAMED)}, got {self.unnamed!r}")
        if self.boxes and self.data.is_file():
            raise OptionError(f"tables of boxes belong to pictures, but {self.data} is a table of labelled films")


@dataclass(frozen=True, eq=False, slots=True)
class ScoredData:
    """Scored samples, and the pictures they come from: `examples` is empty for films."""

    scored: ScoredSet
    examples: list[Example]
    skipped: list[Skipped]


def score_data(options: DataOptions, predictor: Predictor, preprocessing: Preprocessing) -> ScoredData:
    """Read and score labelled data.

    Raises:
        InputError: it cannot be read, holds nothing, or names somebody who is not in the model's cast.
        DamagedError: a film breaks off.
    """
    data = options.data
    if data.is_file():
        scored = score_clips(data, predictor, preprocessing, rate=options.rate, smooth=options.smooth)
        return ScoredData(scored, [], [])
    if not data.is_dir():
        raise InputError(f"{data} does not exist; expected a folder of labelled pictures or a table of labelled films")
    examples, skipped = read_pictures(data, options.boxes, predictor.cast, predictor.input_size)
    return ScoredData(score_pictures(examples, predictor, preprocessing, data, options.unnamed), examples, skipped)
