"""Says who is in single pictures: what `vidtag predict` does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import InputError
from vidtag.predictors.base import Predictor
from vidtag.predictors.locating import Locator
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
    paths: Iterable[Path], predictor: Predictor, preprocessing: Preprocessing, locate: Locator | None = None
) -> Iterator[Prediction]:
    """Score pictures one by one, in their order.

    Args:
        paths: of the pictures.
        predictor: gives the scores.
        preprocessing: of the predictor's bundle.
        locate: says where everybody is, see `load_locator`; None if nobody asks.

    Raises:
        InputError: a picture cannot be used; those before it have been given.
    """
    longest = 2 * max(predictor.input_size)
    for path in paths:
        picture = read_picture(path, longest)
        if isinstance(picture, str):
            raise InputError(f"{path} {picture}; expected a picture such as .jpg or .png")
        fitted = fit_picture(picture, predictor.input_size, preprocessing)
        places = None
        if locate is not None:
            points = locate(fitted[np.newaxis])[0]
            places = to_picture_fractions(points, picture.shape[:2], predictor.input_size, preprocessing)
        yield Prediction(path, predictor(fitted[np.newaxis])[0], places)
