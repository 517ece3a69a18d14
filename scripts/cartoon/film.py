"""The film: its shots in order on the beat of the music, and any frame of it on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from . import shots_day, shots_night
from .canvas import Canvas
from .light import DAY, DUSK, INDOORS, LAMPLIGHT, MORNING, NIGHT, Mood, finish
from .truth import present

RATE = Fraction(24000, 1001)  # frames/s
BEAT = Fraction(60, 112)  # seconds; cuts fall on it, so they keep no step with samples at 4/s
MODEL = "lantern-lane"


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot.

    Attributes:
        beats: length.
        mood: time of day.
        draw: draws the instant some seconds after the cut.
        fade_in: seconds from black at its start.
        fade_out: seconds to black; it ends `black` seconds before the cut.
        black: seconds of black at its end.
    """

    beats: int
    mood: Mood
    draw: Callable[[Canvas, float], None]
    fade_in: float = 0
    fade_out: float = 0
    black: float = 0

    def brightness(self, t: float) -> float:
        """Give the brightness, 0-1, at `t` seconds after the cut."""
        left = float(self.beats * BEAT) - self.black - t
        rise = t / self.fade_in if self.fade_in else 1
        fall = left / self.fade_out if self.fade_out else 1
        return float(np.clip(min(rise, fall), 0, 1))


SHOTS = (
    Shot(8, MORNING, shots_day.title),
    Shot(11, INDOORS, shots_day.bakery),
    Shot(9, INDOORS, shots_day.post_office),
    Shot(8, DAY, shots_day.far_street),
    Shot(11, DAY, shots_day.windows),
    Shot(6, MORNING, shots_day.passers_by),
    Shot(10, DAY, shots_day.park_bench),
    Shot(4, DUSK, shots_night.close_up),
    Shot(8, DUSK, shots_night.pan, fade_out=0.35),
    Shot(11, NIGHT, shots_night.roofs, fade_in=0.35),
    Shot(4, NIGHT, shots_night.empty_night),
    Shot(13, LAMPLIGHT, shots_night.tea_party),
    Shot(6, DUSK, shots_night.parcels),
    Shot(9, NIGHT, shots_night.night_windows),
    Shot(16, NIGHT, shots_night.festival, fade_out=0.35, black=0.85),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the film: (360, 640, 3) uint8 RGB, and the ids of those present."""

    image: np.ndarray
    present: frozenset[str]


@cache
def cuts() -> tuple[int, ...]:
    """Give the first frame of every shot, and last the number of frames in the film."""
    beats = np.cumsum([0, *(shot.beats for shot in SHOTS)])
    return tuple(round(int(count) * BEAT * RATE) for count in beats)


def seconds(frame: int) -> Fraction:
    """Give the instant at which a frame begins."""
    return frame / RATE


def draw_frame(number: int, detail: int = 2) -> Frame:
    """Draw frame `number`, 0 to `cuts()[-1] - 1`; it depends on nothing else."""
    index = int(np.searchsorted(cuts(), number, side="right")) - 1
    shot, t = SHOTS[index], float(seconds(number - cuts()[index]))
    canvas = Canvas(detail)
    shot.draw(canvas, t)
    brightness = shot.brightness(t)
    return Frame(finish(canvas, shot.mood, brightness), frozenset(present(canvas, brightness)))
