"""A sample season on disk: short episodes of the cast, each with its truth, quickly drawn and the same for a seed."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from .characters import IDS
from .encode import QUICK, write_film
from .film import BEAT, MODEL, RATE, seconds
from .instruments import SAMPLE_RATE
from .light import finish
from .music import compose
from .season_script import EpisodePlan, plan_season
from .tables import write_truth
from .truth import present

HELD = 2  # frames that a drawing is shown: animated "on twos"
FADE_S = 0.8


def write_season(
    folder: Path, episodes: int, seed: int, length_s: float, told: Callable[[str], None] = lambda line: None
) -> None:
    """Write `S1/E01.mp4`, `S1/E01.truth.csv`, `S1/E01.expected.csv` and so on, and the settings that name the model.

    Args:
        folder: where to; made if need be, files of the same names are replaced.
        episodes, seed, length_s: as in `plan_season`.
        told: called with the path of each film that is done.
    """
    for plan in plan_season(episodes, seed, length_s):
        told(str(write_episode(folder, plan)))
    (folder / "vidtag.toml").write_text(f'model = "{MODEL}"\n', encoding="utf-8")


def write_episode(folder: Path, plan: EpisodePlan) -> Path:
    """Write the film of one episode and its truth, and give the film's path."""
    path = folder / f"{plan.name}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows: list[list[bool]] = []
    write_film(path, _frames(plan, rows), _sound(plan), QUICK)
    write_truth(path.parent, path.stem, np.array(rows))
    return path


def frame_count(plan: EpisodePlan) -> int:
    """Give the number of frames of an episode."""
    return round(plan.beats * BEAT * RATE)


def _frames(plan: EpisodePlan, rows: list[list[bool]]) -> Iterator[np.ndarray]:
    """Draw the frames in order and note who is in them, a row of the cast each."""
    cuts = [round(int(beats) * BEAT * RATE) for beats in np.cumsum([0, *(scene.beats for scene in plan.scenes)])]
    for scene, first, end in zip(plan.scenes, cuts[:-1], cuts[1:], strict=True):
        for number in range(first, end, HELD):
            canvas = scene.draw(float(seconds(number - first)))
            there = present(canvas)
            image = finish(canvas, scene.mood)
            for _ in range(min(HELD, end - number)):
                rows.append([identity in there for identity in IDS])
                yield image


def _sound(plan: EpisodePlan) -> np.ndarray:
    """Cut the episode's length out of the film's music, which goes round, and fade it out: (samples, 2) int16."""
    length = round(seconds(frame_count(plan)) * SAMPLE_RATE)
    first = round(plan.first_beat * BEAT * SAMPLE_RATE)
    sound = np.take(_music(), np.arange(first, first + length), axis=0, mode="wrap").astype(np.float64)
    fade = round(FADE_S * SAMPLE_RATE)
    sound[-fade:] *= np.linspace(1, 0, fade)[:, np.newaxis]
    return np.rint(sound).astype(np.int16)


@cache
def _music() -> np.ndarray:
    return compose()
