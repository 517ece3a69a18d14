"""The runtimes that can run a network, by name, and which one to take. Importing this module imports none of them."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vidtag.errors import OptionError, SetupError
from vidtag.predictors.compiled import Compiled
from vidtag.records.bundles import ModelBundle


@dataclass(frozen=True, slots=True)
class Backend:
    """A runtime: how to see whether it is installed, and how to make a bundle's network ready in it.

    Attributes:
        available: gives whether it is installed; imports nothing.
        compile: called with the bundle, pictures at once, what is wanted (`scores` or `maps`), and by keyword, where
            they are not the usual ones, precision and threads.
    """

    available: Callable[[], bool]
    compile: Callable[..., Compiled]


def _compile_for_tensorflow(bundle: ModelBundle, batch_size: int, layer: str, **how: Any) -> Compiled:
    from vidtag.predictors.tensorflow import compile_for_tensorflow

    return compile_for_tensorflow(bundle, batch_size, layer, **how)


def _compile_for_openvino(bundle: ModelBundle, batch_size: int, layer: str, **how: Any) -> Compiled:
    from vidtag.predictors.openvino import compile_for_openvino

    return compile_for_openvino(bundle, batch_size, layer, **how)


BACKENDS: Mapping[str, Backend] = {
    "openvino": Backend(lambda: find_spec("openvino") is not None, _compile_for_openvino),
    "tensorflow": Backend(
        lambda: find_spec("tensorflow") is not None and find_spec("keras") is not None, _compile_for_tensorflow
    ),
}


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
    return not hidden and any(any(Path("/dev").glob(device)) for device in ("nvidia[0-9]*", "kfd", "dxg"))


def _tensorflow_has_gpu() -> bool:
    from vidtag.predictors.tensorflow import prepare_tensorflow

    return bool(prepare_tensorflow().config.list_physical_devices("GPU"))
