"""Makes what the tests of the doors need: coloured clips, and a small model that knows colours as characters.

The model `colours` has a cast of three: `rufus` is there where a picture has red but no green, `azura` where it has
blue but no green, `vera` where it has green. So the colours of `COLOURS` light known characters.
"""

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
from media_recipes import ffmpeg

from vidtag.cast import Cast, Character
from vidtag.records.bundles import ModelBundle
from vidtag.records.bundlewriter import save_bundle

CAST = ("rufus", "azura", "vera")
COLOURS = {
    "black": ((0, 0, 0), ()),
    "red": ((255, 0, 0), ("rufus",)),
    "blue": ((0, 0, 255), ("azura",)),
    "magenta": ((255, 0, 255), ("rufus", "azura")),
    "green": ((0, 255, 0), ("vera",)),
    "white": ((255, 255, 255), ("vera",)),
}
SCENES = (("black", 25), ("red", 30), ("magenta", 25), ("blue", 20), ("black", 5), ("blue", 15), ("white", 40))
"""What the usual episode shows, 6.4 s at 25 frames a second. Smoothing takes out the 5 black frames, one sample."""

WIDTH, HEIGHT = 192, 108
PATIENCE = 120  # seconds for a busy machine

Scene = tuple[str, int]
"""A colour and for how many frames it is shown."""


def make_episode(path: Path, scenes: Sequence[Scene], *, rate: str = "25", sound: bool = True) -> Path:
    """Make a clip that shows one colour after another, with a tone."""
    pixels = {name: bytes(rgb) * (WIDTH * HEIGHT) for name, (rgb, _) in COLOURS.items()}
    raw = ("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", rate)
    seconds = float(sum(frames for _, frames in scenes) / Fraction(rate))
    tone = ("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}") if sound else ()
    ffmpeg(
        *(*raw, "-i", "pipe:0", *tone, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-crf", 12),
        *("-g", 25, path),
        stdin=b"".join(pixels[colour] * frames for colour, frames in scenes),
    )
    return path


def sampled_characters(scenes: Sequence[Scene], rate: Fraction, samples_a_second: Fraction) -> list[tuple[str, ...]]:
    """Say by the sampling rule, slowly, who is on screen at the middle of every slot."""
    shown = [COLOURS[colour][1] for colour, frames in scenes for _ in range(frames)]
    slots = []
    while Fraction(len(slots)) / samples_a_second < len(shown) / rate:
        middle = (len(slots) + Fraction(1, 2)) / samples_a_second
        slots.append(shown[min(int(middle * rate), len(shown) - 1)])
    return slots


def expected_intervals(slots: Sequence[Sequence[str]], samples_a_second: Fraction, end: Fraction) -> list[list[str]]:
    """Give `[character, start, end]` with 3 decimals as the CSV of intervals holds them, without any smoothing."""
    rows = []
    for character in CAST:
        first = 0
        for there, run in groupby(slots, lambda slot, character=character: character in slot):
            last = first + len(list(run))
            if there:
                stop = min(last / samples_a_second, end)
                rows.append([character, f"{float(first / samples_a_second):.3f}", f"{float(stop):.3f}"])
            first = last
    return rows


def save_colour_model(folder: Path) -> ModelBundle:
    """Write the model `colours`: a small network whose weights are set by hand so that it knows colours."""
    from vidtag.predictors.networks import build_network
    from vidtag.predictors.tensorflow import prepare_tensorflow
    from vidtag.predictors.weights import network_arrays

    prepare_tensorflow()
    arguments = {"blocks": 1, "alpha": 0.1, "sharpness": 8.0}
    network = build_network("mobilenet-detectors", (48, 64), len(CAST), **arguments)
    arrays = {name: np.zeros_like(array) for name, array in network_arrays(network).items()}
    for name, array in arrays.items():
        if name.endswith(("/gamma", "/moving_variance")):
            array[:] = 1
    for channel in range(3):
        arrays["conv1/kernel"][1, 1, channel, channel] = 1
        arrays["conv1_bn/beta"][channel] = 1  # pixels come as -1 to 1, and go on as 0 to 2
        arrays["conv_dw_1/kernel"][1, 1, channel, 0] = 1
        arrays["conv_pw_1/kernel"][0, 0, channel, channel] = 1
    red, green, blue = np.eye(3, dtype=np.float32)
    for column, mix in enumerate((red - green, blue - green, green)):
        arrays["maps/kernel"][0, 0, :3, column] = 4 * mix
        arrays["maps/bias"][column] = -4
    colours = ((220, 40, 40), (50, 80, 220), (40, 160, 70))
    cast = Cast(tuple(Character(name, name.title(), colour) for name, colour in zip(CAST, colours, strict=True)))
    folder.parent.mkdir(parents=True, exist_ok=True)
    icon = folder.with_suffix(".png")
    assert cv2.imwrite(str(icon), np.full((64, 64, 4), (90, 90, 160, 255), np.uint8))
    cast = Cast((replace(cast.characters[0], icon=icon), *cast.characters[1:]))
    return save_bundle(
        folder,
        cast=cast,
        network="mobilenet-detectors",
        arguments=arguments,
        input_size=(48, 64),
        thresholds=np.full(len(CAST), 0.5, np.float32),
        arrays=arrays,
        licence="MIT",
        origin="set by hand",
        accuracy={"made up": 0.5},
        card="# colours\n",
        overwrite=True,
    )


def vidtag_command(*arguments: object) -> list[str]:
    """Give the command line that runs vidtag in a process of its own."""
    return [sys.executable, "-m", "vidtag", *map(str, arguments)]


def run_vidtag(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run vidtag in a process of its own and wait."""
    return subprocess.run(vidtag_command(*arguments), capture_output=True, text=True, check=False, **options)


def processes_of(folder: Path) -> list[int]:
    """List the processes whose command line names something in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


@contextlib.contextmanager
def started(command: Sequence[str], **options: object) -> Iterator[subprocess.Popen[str]]:
    """Start a process and never leave it behind."""
    with subprocess.Popen(command, text=True, **options) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)


def on_a_terminal(command: list[str], columns: int) -> tuple[int, str]:
    """Run a command whose stderr is a terminal; give its exit code and what it wrote there."""
    ours, theirs = pty.openpty()
    os.set_inheritable(theirs, True)
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "24"}
    written = b""
    with started(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment) as process:
        os.close(theirs)
        while select.select([ours], [], [], PATIENCE)[0]:
            try:
                written += os.read(ours, 4096)
            except OSError:  # the last process closed its end
                break
        process.wait(timeout=PATIENCE)
    os.close(ours)
    return process.returncode, written.decode(errors="replace")
