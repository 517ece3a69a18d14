"""The sample folder: film, truth, expected table and the settings that name its model."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .characters import IDS
from .encode import write_film
from .film import MODEL, Frame, cuts, draw_frame
from .icons import write_picture
from .music import compose
from .tables import write_truth
from .workers import in_order


def write_samples(folder: Path) -> None:
    """Write everything that lies in samples/."""
    folder.mkdir(parents=True, exist_ok=True)
    present: list[list[bool]] = []
    write_film(folder / f"{MODEL}.mp4", _noted(in_order(draw_frame, range(cuts()[-1])), present), compose())
    write_truth(folder, MODEL, np.array(present))
    (folder / "vidtag.toml").write_text(f'model = "{MODEL}"\n', encoding="utf-8")


def _noted(frames: Iterator[Frame], present: list[list[bool]]) -> Iterator[np.ndarray]:
    """Pass the pictures on and note who is in them."""
    for frame in frames:
        present.append([identity in frame.present for identity in IDS])
        yield frame.image


def write_frames(folder: Path, first: int, last: int) -> None:
    """Write frames `first` to `last`, both included, as frame-00000.png and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = range(max(0, first), min(last, cuts()[-1] - 1) + 1)
    for number in numbers:
        write_picture(folder / f"frame-{number:05d}.png", draw_frame(number).image)
