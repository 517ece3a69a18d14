"""Makes Keras ready to train on the backend that the environment names: TensorFlow, or JAX or PyTorch without it."""

import os
from collections.abc import Mapping
from importlib.util import find_spec

from vidtag.errors import OptionError, SetupError
from vidtag.predictors.tensorflow import prepare_tensorflow

# Module that each backend of Keras needs.
MODULES: Mapping[str, str] = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}


def prepare_keras() -> str:
    """Import Keras on the backend in $KERAS_BACKEND, usually TensorFlow; networks are built in float32, channels last.

    Returns:
        Name of the backend.

    Raises:
        OptionError: no such backend.
        SetupError: it is not installed, or Keras already runs on something else in this process.
    """
    name = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if name not in MODULES:
        raise OptionError(f"KERAS_BACKEND must be one of {', '.join(MODULES)}, got {name[:80]!r}")
    if find_spec(MODULES[name]) is None:
        others = [other for other, module in MODULES.items() if find_spec(module) is not None]
        remedy = (
            f"set KERAS_BACKEND={others[0]}, which is installed" if others else f"`pip install {MODULES[name]}` adds it"
        )
        raise SetupError(f"{name} is not installed, on which Keras should train; {remedy}")
    if name == "tensorflow":
        prepare_tensorflow()
        return name
    import keras

    if keras.backend.backend() != name:
        raise SetupError(f"Keras runs on {keras.backend.backend()} in this process; set KERAS_BACKEND={name} before")
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    return name
