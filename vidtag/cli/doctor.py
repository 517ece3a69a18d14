"""`vidtag doctor`: is everything here that annotate needs, without known holes?"""

import platform
import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from vidtag.errors import SetupError, VidtagError
from vidtag.version import __version__

PACKAGES = ("openvino", "tensorflow", "keras", "moviepy", "opencv-python", "numpy", "av", "imageio-ffmpeg")
ENCODERS = ("libx264", "libvpx-vp9")
LEAST_FREE_BYTES = 1 << 30


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check versions, ffmpeg, known holes, limits, GPU, backends, models and free disk; exit 1 if something is wrong.

    Example: vidtag doctor
    """
    sound = True
    for name, check in _CHECKS.items():
        try:
            mark, words = "ok", check()
        except VidtagError as error:
            mark, words, sound = "MISSING", " ".join(str(error).split()), False
        click.echo(f"{mark:<8}{name:<10}{words}")
    context.exit(0 if sound else 1)


def _versions() -> str:
    found = [f"vidtag {__version__}", f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            raise SetupError(f"{package} is not installed; run: pip install {package}") from None
    return ", ".join(found)


def _ffmpeg() -> str:
    from vidtag.media.ffmpeg import encoder_pixel_formats, ffmpeg_version

    found = ffmpeg_version()
    missing = [name for name in ENCODERS if not encoder_pixel_formats(name)]
    if missing:
        raise SetupError(f"this ffmpeg has no encoder {', '.join(missing)}; reinstall imageio-ffmpeg")
    return f"{found}, encoders {', '.join(ENCODERS)}"


def _fixes() -> str:
    import av

    from vidtag.media.ffmpeg import ffmpeg_version
    from vidtag.media.flaws import ffmpeg_flaw, opencv_flaw

    ours, pyav, opencv = ffmpeg_version(), str(av.ffmpeg_version_info), version("opencv-python")
    flaws = {
        "imageio-ffmpeg": ffmpeg_flaw(ours),
        "av": ffmpeg_flaw(pyav),
        "opencv-python": opencv_flaw(opencv),
    }
    for package, flaw in flaws.items():
        if flaw:
            raise SetupError(f"{package} has a hole through which a film or picture could run code: {flaw}; upgrade it")
    ours = ours.removeprefix("ffmpeg version ")
    return f"no hole is known in {ours}, PyAV's FFmpeg {pyav}, OpenCV {opencv} for pictures"


def _limits() -> str:
    from vidtag.limits import VARIABLE, current_limits

    return f"{current_limits()} ({VARIABLE} moves them)"


def _backends() -> str:
    from vidtag.predictors.backends import BACKENDS

    found = [name for name, backend in BACKENDS.items() if backend.available()]
    if not found:
        raise SetupError("no backend can be used; run: pip install openvino")
    return ", ".join(found)


def _gpu() -> str:
    from vidtag.predictors.tensorflow import prepare_tensorflow

    try:
        found = prepare_tensorflow().config.list_physical_devices("GPU")
    except ImportError as error:
        raise SetupError(f"TensorFlow does not load ({error}); run: pip install tensorflow keras") from error
    return ", ".join(device.name for device in found) or "none, the network runs on the CPU"


def _models() -> str:
    from vidtag.options import DEFAULT_MODEL
    from vidtag.records.bundles import find_bundle, installed_bundles

    find_bundle(DEFAULT_MODEL)
    return ", ".join(bundle.name for bundle in installed_bundles())


def _disk() -> str:
    free = shutil.disk_usage(Path.cwd()).free
    if free < LEAST_FREE_BYTES:
        raise SetupError(f"{free / 1e9:.1f} GB free in {Path.cwd()}; a tagged film needs about as much as the episode")
    return f"{free / 1e9:.1f} GB free in {Path.cwd()}"


_CHECKS: dict[str, Callable[[], str]] = {
    "versions": _versions,
    "ffmpeg": _ffmpeg,
    "fixes": _fixes,
    "limits": _limits,
    "backends": _backends,
    "gpu": _gpu,
    "models": _models,
    "disk": _disk,
}
