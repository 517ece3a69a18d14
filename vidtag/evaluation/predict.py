"""Says who is in single pictures: what `vidtag predict` does."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import InputError
from vidtag.predictors.locating import Locator
from vidtag.predictors.predictor import Predictor
from vidtag.predictors.preprocessing import Preprocessing, to_picture_fractions
from vidtag.training.dataset import read_picture
from vidtag.training.preparing import fit_picture


@dataclass(frozen=True, eq=False, slots=True)
class Prediction:
    """What a model says about one picture.

    Attributes:
        path: the picture.
        scores: (characters,) float32 in [0, 1], in the order of the model's cast.
        places: (characters, 2) float32, where each most likely is: x and y as fractions of the picture, from its upper
            left corner; None where nobody asked.
    """

    path: Path
    scores: NDArray[np.float32]
    places: NDArray[np.float32] | None = None


def predict_pictures(
    paths: Iterable[Path],
    predictor: Predictor,
    preprocessing: Preprocessing,
    refuse: Callable[[InputError], None],
    locate: Locator | None = None,
) -> Iterator[Prediction]:
    """Score pictures one by one, in their order.

    Args:
        paths: of the pictures.
        predictor: gives the scores.
        preprocessing: of the predictor's bundle.
        refuse: called with what is wrong with a picture that cannot be used; the others are scored nevertheless.
        locate: says where everybody is, see `load_locator`; None if nobody asks.
    """
    for path in paths:
        try:
            picture = _read(path, 2 * max(predictor.input_size))
        except InputError as error:
            refuse(error)
            continue
        fitted = fit_picture(picture, predictor.input_size, preprocessing)
        places = None
        if locate is not None:
            points = locate(fitted[np.newaxis])[0]
            places = to_picture_fractions(points, picture.shape[:2], predictor.input_size, preprocessing)
        yield Prediction(path, predictor(fitted[np.newaxis])[0], places)


def _read(path: Path, longest_px: int) -> NDArray[np.uint8]:
    if not path.is_file():
        raise InputError(f"{path} {'is a folder' if path.is_dir() else 'does not exist'}; expected a picture")
    picture = read_picture(path, longest_px)
    if isinstance(picture, str):
        raise InputError(f"{path} {picture}; expected a picture such as .jpg or .png")
    return picture
