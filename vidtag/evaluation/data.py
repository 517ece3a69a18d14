"""Finds out what kind of labelled data somebody gave: pictures by folder or table, or a table of labelled films."""

import csv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vidtag.analysis.rules import DEFAULT_RATE, DEFAULT_WINDOW, check_window
from vidtag.errors import InputError, OptionError
from vidtag.evaluation.clips import score_clips
from vidtag.evaluation.pictures import AUTO, UNNAMED, read_pictures, score_pictures
from vidtag.evaluation.scored import ScoredSet
from vidtag.predictors.predictor import Predictor
from vidtag.predictors.preprocessing import Preprocessing
from vidtag.times import check_rate
from vidtag.training.dataset import Example, Skipped
from vidtag.training.listing import list_pictures, list_table

_TABLES = "path,characters or path,character,x0,y0,x1,y1 or clip,character,start,end,state"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions:
    """What is measured, and how it is read.

    Attributes:
        data: folder of labelled pictures, table of pictures or boxes, or table of labelled intervals of films.
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
            raise OptionError(f"further tables of boxes belong to a folder of pictures, but {self.data} is a table")


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
    data, boxes = options.data, options.boxes
    if not data.exists():
        raise InputError(f"{data} does not exist; expected a folder or table of labelled pictures or labelled films")
    if data.is_file() and _names_clips(data):
        scored = score_clips(data, predictor, preprocessing, rate=options.rate, smooth=options.smooth)
        return ScoredData(scored, [], [])
    listed = list_table(data) if data.is_file() else list_pictures(data, boxes)
    examples, skipped = read_pictures(listed, predictor.cast, predictor.input_size)
    root = data.parent if data.is_file() else data
    return ScoredData(score_pictures(examples, predictor, preprocessing, root, options.unnamed), examples, skipped)


def _names_clips(table: Path) -> bool:
    """Say whether a table is of labelled films, with a column `clip`, or of pictures, with a column `path`."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            columns = [name.strip() for name in next(csv.reader(lines), ())]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{table} cannot be read as a table of labelled pictures or films: {error}") from error
    if not {"clip", "path"} & set(columns):
        found = ", ".join(columns)[:200] or "nothing"
        raise InputError(f"{table}: expected the columns {_TABLES}, found {found}")
    return "clip" in columns
