"""What scores pictures: one form for every runtime, chosen by name. Importing this module imports no runtime."""

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibration import NONE, Calibration
from vidtag.options import AUTO, DEFAULT_BATCH, FLOAT32
from vidtag.predictors.backends import BACKENDS, choose_backend
from vidtag.predictors.compiled import SCORES, NetworkPredictor
from vidtag.predictors.ensemble import ENSEMBLE, EnsemblePredictor, load_members
from vidtag.predictors.predictor import Predictor
from vidtag.predictors.sparing import SparingPredictor
from vidtag.records.bundles import ModelBundle


class CalibratedPredictor:
    """A `Predictor` whose scores are calibrated: those of another one, made into probabilities.

    Args:
        inner: gives the network's own scores.
        calibration: for the cast of `inner`.
    """

    def __init__(self, inner: Predictor, calibration: Calibration) -> None:
        self.cast, self.thresholds, self.input_size = inner.cast, inner.thresholds, inner.input_size
        self.preprocessing, self.backend = inner.preprocessing, inner.backend
        self._inner, self._calibration = inner, calibration

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score (n, height, width, 3) uint8 RGB pictures; gives (n, characters) float32 in [0, 1]."""
        return self._calibration.apply(self._inner(pictures))


def load_predictor(
    bundle: ModelBundle,
    backend: str = "auto",
    batch_size: int = DEFAULT_BATCH,
    precision: str = AUTO,
    threads: int = 0,
) -> Predictor:
    """Load a bundle into a runtime; whatever that is, the scores come out calibrated as the bundle says.

    Where the memory of a GPU does not hold the batch, half of it is tried, once, and a line says so.

    Args:
        bundle: what `find_bundle` gives.
        backend: a key of `BACKENDS`, or `auto`, see `choose_backend`.
        batch_size: pictures that the network sees at once, >= 1; more do not change the scores.
        precision: one of `vidtag.options.PRECISIONS`; `Predictor.backend` says which it is if not float32. `auto` takes
            the bundle's own in OpenVINO, and float32 in TensorFlow.
        threads: that calculate at once, 0 for one a core.

    Raises:
        OptionError: no such backend, or it cannot calculate in that precision.
        SetupError: the backend is not installed.
        BundleError: the weights do not fit the network that the bundle names.
    """
    return SparingPredictor(lambda size: _load(bundle, backend, size, precision, threads), batch_size)


def _load(bundle: ModelBundle, backend: str, batch_size: int, precision: str, threads: int) -> Predictor:
    predictor: Predictor
    if bundle.network == ENSEMBLE:
        predictor = EnsemblePredictor(
            bundle,
            [_load(member, backend, batch_size, precision, threads) for member in load_members(bundle)],
        )
    else:
        runtime = choose_backend(backend)
        if precision == AUTO:
            precision = bundle.precision if runtime == "openvino" else FLOAT32
        compiled = BACKENDS[runtime].compile(bundle, batch_size, SCORES, precision=precision, threads=threads)
        predictor = NetworkPredictor(bundle, compiled)
    calibration = bundle.calibration
    return predictor if calibration.method == NONE else CalibratedPredictor(predictor, calibration)
