"""A network learns on Keras' other backends as well; each in a process of its own, as Keras takes one a process."""

import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from training_recipes import SHORT, SMALL, write_shapes

from vidtag.records.bundles import load_bundle, read_weights

OTHERS = ("torch", "jax")


@pytest.mark.parametrize("backend", OTHERS)
def test_a_network_learns_on_another_backend(tmp_path, backend):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed, which Keras could train on")
    pictures = write_shapes(tmp_path / "pictures", counts=(6, 6))
    command = (sys.executable, "-m", "vidtag", "train", pictures, "-o", tmp_path / "model", *SMALL, *SHORT)
    environment = os.environ | {"KERAS_BACKEND": backend}
    done = subprocess.run(
        list(map(str, command)), cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    bundle = load_bundle(tmp_path / "model")
    assert bundle.cast.ids == ("disc", "square")
    assert all(np.isfinite(array).all() for array in read_weights(bundle).values())
