"""The machine and the programs, in words."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from vidtag.errors import SetupError
from vidtag.media.ffmpeg import ffmpeg_version
from vidtag.version import __version__

_PACKAGES = ("openvino", "tensorflow", "keras", "jax", "torch", "numpy")


def describe_machine() -> dict[str, str | int | float]:
    """Give what figures depend on: processor, cores, memory in units of 10^9 bytes, load before, and versions."""
    facts: dict[str, str | int | float] = {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "ffmpeg": _ffmpeg(),
        "vidtag": __version__,
    }
    for package in _PACKAGES:
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            continue
    return facts


def _ffmpeg() -> str:
    try:
        return ffmpeg_version()
    except (SetupError, ImportError):  # a predictor can be measured without
        return "no ffmpeg"


def machine_line(facts: dict[str, str | int | float]) -> str:
    """Say it in a line."""
    programs = ", ".join(f"{key} {facts[key]}" for key in ("vidtag", "python", *_PACKAGES) if key in facts)
    place = f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gb']} GB, load {facts['load_before']}"
    return f"{place}; {facts['ffmpeg']}, {programs}"


def _first(path: str, key: str) -> str:
    """Give the first value of a key in a file of lines `key : value`, empty if there is none."""
    try:
        lines = Path(path).read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
