"""What scores pictures: one form for every runtime, chosen by name. Importing this module imports no runtime."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibration import NONE, Calibration
from vidtag.cast import Cast
from vidtag.errors import OptionError, SetupError
from vidtag.options import DEFAULT_BATCH
from vidtag.predictors.compiled import SCORES, Compiled, NetworkPredictor
from vidtag.records.bundles import ModelBundle


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


@dataclass(frozen=True, slots=True)
class Backend:
    """A runtime: how to see whether it is installed, and how to make a bundle's network ready in it.

    Attributes:
        available: gives whether it is installed; imports nothing.
        compile: called with the bundle, pictures at once, and what is wanted, `scores` or `maps`.
    """

    available: Callable[[], bool]
    compile: Callable[[ModelBundle, int, str], Compiled]


def _compile_for_tensorflow(bundle: ModelBundle, batch_size: int, layer: str) -> Compiled:
    from vidtag.predictors.tensorflow import compile_for_tensorflow

    return compile_for_tensorflow(bundle, batch_size, layer)


def _compile_for_openvino(bundle: ModelBundle, batch_size: int, layer: str) -> Compiled:
    from vidtag.predictors.openvino import compile_for_openvino

    return compile_for_openvino(bundle, batch_size, layer)


class CalibratedPredictor:
    """A `Predictor` whose scores are calibrated: those of another one, made into probabilities.

    Args:
        inner: gives the network's own scores.
        calibration: for the cast of `inner`.
    """

    def __init__(self, inner: Predictor, calibration: Calibration) -> None:
        self.cast, self.thresholds, self.input_size = inner.cast, inner.thresholds, inner.input_size
        self.backend = inner.backend
        self._inner, self._calibration = inner, calibration

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score (n, height, width, 3) uint8 RGB pictures; gives (n, characters) float32 in [0, 1]."""
        return self._calibration.apply(self._inner(pictures))


BACKENDS: Mapping[str, Backend] = {
    "openvino": Backend(lambda: find_spec("openvino") is not None, _compile_for_openvino),
    "tensorflow": Backend(
        lambda: find_spec("tensorflow") is not None and find_spec("keras") is not None, _compile_for_tensorflow
    ),
}


def load_predictor(bundle: ModelBundle, backend: str = "auto", batch_size: int = DEFAULT_BATCH) -> Predictor:
    """Load a bundle into a runtime; whatever that is, the scores come out calibrated as the bundle says.

    Args:
        bundle: what `find_bundle` gives.
        backend: a key of `BACKENDS`, or `auto`, see `choose_backend`.
        batch_size: pictures that the network sees at once, >= 1; more do not change the scores.

    Raises:
        OptionError: no such backend.
        SetupError: the backend is not installed.
        BundleError: the weights do not fit the network that the bundle names.
    """
    compiled = BACKENDS[choose_backend(backend)].compile(bundle, batch_size, SCORES)
    predictor = NetworkPredictor(bundle, compiled)
    calibration = bundle.calibration
    return predictor if calibration.method == NONE else CalibratedPredictor(predictor, calibration)


def choose_backend(wanted: str) -> str:
    """Give the key in `BACKENDS` of the runtime to use.

    Args:
        wanted: a key, or `auto`: TensorFlow where it has a GPU to run on, else the first that is installed, which is
            the fastest.

    Raises:
        OptionError: no such backend.
        SetupError: the backend is not installed.
    """
    if wanted != "auto" and wanted not in BACKENDS:
        raise OptionError(f"no backend is called {wanted!r}; there are: auto, {', '.join(BACKENDS)}")
    installed = [name for name, backend in BACKENDS.items() if wanted in ("auto", name) and backend.available()]
    if not installed:
        missing = "none of " + ", ".join(BACKENDS) if wanted == "auto" else wanted
        packages = "openvino" if wanted == "openvino" else "tensorflow keras"
        raise SetupError(f"the backend is missing: {missing} is installed; `pip install {packages}` adds it")
    if "tensorflow" in installed and _gpu_is_there() and _tensorflow_has_gpu():
        return "tensorflow"
    return installed[0]


def _gpu_is_there() -> bool:
    """Say whether this machine shows a GPU that TensorFlow may run on, without importing TensorFlow."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "all") in ("", "-1")
    return not hidden and any(Path(device).exists() for device in ("/dev/nvidia0", "/dev/kfd", "/dev/dxg"))


def _tensorflow_has_gpu() -> bool:
    from vidtag.predictors.tensorflow import prepare_tensorflow

    return bool(prepare_tensorflow().config.list_physical_devices("GPU"))
