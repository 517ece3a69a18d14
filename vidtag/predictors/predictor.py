"""What scores pictures: the one form that every runtime, ensemble and calibration takes."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.predictors.preprocessing import Preprocessing


class Predictor(Protocol):
    """Gives every character of a cast a score for each picture."""

    @property
    def cast(self) -> Cast:
        """Column order of the scores."""

    @property
    def thresholds(self) -> NDArray[np.float32]:
        """(characters,) float32; a score above means present."""

    @property
    def input_size(self) -> tuple[int, int]:
        """(height, width) in px of the pictures it takes."""

    @property
    def preprocessing(self) -> Preprocessing:
        """How pictures are fitted into `input_size`; what comes after that the predictor does by itself."""

    @property
    def backend(self) -> str:
        """What runs it, such as `tensorflow-cpu`."""

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score pictures.

        Args:
            pictures: (n, height, width, 3) uint8 RGB, n >= 0.

        Returns:
            (n, characters) float32 in [0, 1]; the same for a picture whatever the others in the batch (to 1e-5).

        Raises:
            ShapeError: another shape or type.
        """
