"""Describes what a training runs on: versions, machine, revision of vidtag."""

import os
import platform
import subprocess
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vidtag.version import __version__

_PACKAGES = ("keras", "tensorflow", "jax", "torch", "numpy", "opencv-python", "safetensors")


def describe_environment(backend: str) -> dict[str, Any]:
    """Give versions and machine as values that JSON knows.

    Args:
        backend: what Keras runs on; it is imported already.
    """
    return {
        "vidtag": __version__,
        "revision": _revision(),
        "backend": backend,
        "devices": _DEVICES[backend](),
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _installed(name))},
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "onednn_precision": os.environ.get("ONEDNN_DEFAULT_FPMATH_MODE", ""),
    }


def _revision() -> str:
    """Give the git revision that vidtag runs from, with a `+` where files differ from it; empty outside a checkout."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return ""
    words = ("git", "-C", str(root), "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+")
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _tensorflow_devices() -> list[str]:
    config = import_module("tensorflow").config
    found = [config.experimental.get_device_details(gpu) for gpu in config.list_physical_devices("GPU")]
    return [str(details.get("device_name", "gpu")) for details in found]


def _torch_devices() -> list[str]:
    cuda = import_module("torch").cuda
    return [str(cuda.get_device_name(index)) for index in range(cuda.device_count())]


def _jax_devices() -> list[str]:
    return [str(device.device_kind) for device in import_module("jax").devices() if device.platform != "cpu"]


_DEVICES: Mapping[str, Callable[[], list[str]]] = {
    "tensorflow": _tensorflow_devices,
    "torch": _torch_devices,
    "jax": _jax_devices,
}
