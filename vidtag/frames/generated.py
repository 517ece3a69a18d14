"""The use case: a contact sheet of the frames that the training would draw, with the labels it would learn."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2

from vidtag.cast import Cast
from vidtag.errors import OptionError, OutputError
from vidtag.overlay.sheets import draw_sheet
from vidtag.training.frames import DrawnFrame
from vidtag.training.material import read_cast_of, read_material
from vidtag.training.options import TrainingOptions
from vidtag.training.train import frame_source
from vidtag.wholefile import check_target, whole_file

FORMATS = (".png", ".jpg", ".jpeg")
MOST_A_SIDE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOptions:
    """What is drawn.

    Attributes:
        training: the pictures and how frames are drawn from them; `output` is the sheet, .png or .jpg.
        columns, rows: of the sheet, each 1-40.

    Raises:
        OptionError: a value is out of its range.
    """

    training: TrainingOptions
    columns: int = 6
    rows: int = 6

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= MOST_A_SIDE and 1 <= self.rows <= MOST_A_SIDE):
            raise OptionError(f"a sheet has 1 to {MOST_A_SIDE} frames a side, got {self.columns}x{self.rows}")
        if self.training.output.suffix.lower() not in FORMATS:
            raise OptionError(f"the suffix of a sheet must be {', '.join(FORMATS)}, got {self.training.output.name!r}")


def write_sheet(options: SheetOptions, report: Callable[[str], None]) -> Path:
    """Draw the first frames of the first round of a training with the same options, and write them as one picture.

    Args:
        options: what to draw.
        report: called with a line of text now and then, such as for a picture that is skipped.

    Returns:
        The sheet's absolute path.

    Raises:
        InputError: pictures or cast cannot be used.
        OptionError: a setting of the mix does not exist or is out of its range.
        OutputError: the sheet exists and may not be replaced, or cannot be written.
    """
    training = options.training
    target = check_target(training.output, overwrite=training.overwrite)
    cast = read_cast_of(training)
    source = frame_source(training, read_material(training, cast, report))
    drawn = [source.draw(0, index) for index in range(options.columns * options.rows)]
    sheet = draw_sheet([frame.picture for frame in drawn], [caption(frame, cast) for frame in drawn], options.columns)
    done, data = cv2.imencode(target.suffix, cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    if not done:
        raise OutputError(f"a sheet of {sheet.shape[1]}x{sheet.shape[0]} px cannot be written; ask for fewer frames")
    with whole_file(target, overwrite=training.overwrite) as temporary:
        temporary.write_bytes(data.tobytes())
    return target


def caption(frame: DrawnFrame, cast: Cast) -> str:
    """Name those who are present, and say with `?` that somebody else may be.

    >>> import numpy as np
    >>> labels = np.float32([1, 0, -1])
    >>> caption(DrawnFrame(np.zeros((1, 1, 3), np.uint8), labels, np.zeros((0, 5))), Cast.of("anna", "ben", "cleo"))
    'Anna ?'
    """
    present = [name for name, label in zip(cast.names, frame.labels, strict=True) if label == 1]
    return (", ".join(present) or "nobody") + (" ?" if (frame.labels < 0).any() else "")
