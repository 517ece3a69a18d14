"""A bundle's network made ready to run, and the predictor that gives it pictures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError, ShapeError
from vidtag.predictors.preprocessing import Preprocessing, find_preprocessing
from vidtag.records.bundles import ModelBundle

SCORES, MAPS = "scores", "maps"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A network in a runtime.

    Attributes:
        backend: what runs it, such as `tensorflow-cpu`.
        run: gives a float32 array with a row a picture of (n, height, width, 3) uint8 RGB pictures, n >= 1.
    """

    backend: str
    run: Callable[[NDArray[np.uint8]], NDArray[np.float32]]


class NetworkPredictor:
    """A `Predictor` that runs one network.

    Args:
        bundle: what the network was made of.
        compiled: gives (n, characters) scores.

    Raises:
        BundleError: the bundle names a preprocessing that there is not.
    """

    def __init__(self, bundle: ModelBundle, compiled: Compiled) -> None:
        self.cast: Cast = bundle.cast
        self.thresholds: NDArray[np.float32] = bundle.thresholds
        self.input_size: tuple[int, int] = bundle.input_size
        self.backend: str = compiled.backend
        self.preprocessing: Preprocessing = preprocessing_of(bundle)
        self._run = compiled.run

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score (n, height, width, 3) uint8 RGB pictures; gives (n, characters) float32 in [0, 1]."""
        check_pictures(pictures, self.input_size)
        return (
            self._run(self.preprocessing.finish(pictures))
            if len(pictures)
            else np.empty((0, len(self.cast)), np.float32)
        )


def preprocessing_of(bundle: ModelBundle) -> Preprocessing:
    """Give what is done to pictures before a bundle's network sees them.

    Raises:
        BundleError: there is no preprocessing of that name.
    """
    try:
        return find_preprocessing(bundle.preprocessing)
    except OptionError as error:
        raise BundleError(f"model {bundle.name!r}: {error}") from None


def check_pictures(pictures: NDArray[np.uint8], input_size: tuple[int, int]) -> None:
    """Refuse what is not (n, height, width, 3) uint8 of an input size.

    Raises:
        ShapeError: another shape or type.
    """
    if pictures.ndim != 4 or pictures.shape[1:] != (*input_size, 3) or pictures.dtype != np.uint8:
        wanted = f"(n, {input_size[0]}, {input_size[1]}, 3) uint8"
        raise ShapeError(f"pictures must be {wanted}, got {pictures.shape} {pictures.dtype}")
