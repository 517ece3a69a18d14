"""Acted scenes of a sample season: a place, and people who come, talk, wave and go; every instant on demand."""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from .acting import alive, ease, talk
from .canvas import WIDTH, Canvas
from .characters import IDS, MEMBERS, put
from .furniture import sign
from .light import Mood
from .pose import Pose
from .sets import SETS
from .strangers_birds import STRANGERS

WAYS = ("rise", "walk")
_OVER = 0.2  # seconds that coming and going take


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What somebody does in a scene; times are seconds from the cut.

    Attributes:
        who: id of one of the cast, or the number of a stranger.
        x, y: where its feet are once it is there, in units of the picture.
        size, left: as in `Pose`.
        comes, goes: when; 0 for being there from the cut on, past the scene's end for staying.
        way: `rise` from below, or `walk` in from the nearer side.
        phase: so that no two move alike.
    """

    who: str | int
    x: float
    y: float
    size: float
    left: bool
    comes: float
    goes: float
    way: str
    phase: float

    def pose(self, t: float) -> Pose:
        """Give the pose at an instant."""
        away = 1 - (ease(t, self.comes, _OVER) if self.comes else 1.0) + ease(t, self.goes, _OVER)
        talking = talk(t + self.phase, self.phase + self.comes + 0.4, self.phase + self.comes + 2.4)
        waving = t * 1.4 if int(self.phase * 10) % 3 == 0 and 0.5 < t - self.comes < 2.2 else None
        number = IDS.index(self.who) if isinstance(self.who, str) else 10 + self.who
        pose = alive(t + self.phase, number, x=self.x, y=self.y, size=self.size, left=self.left, mouth=talking)
        if self.way == "rise":
            return replace(pose, y=self.y + 300 * self.size * away, wave=waving)
        way_out = -120 - self.x if self.x < WIDTH / 2 else WIDTH + 120 - self.x
        return replace(pose, x=self.x + way_out * away, wave=waving, stride=t * 3 if 0 < away < 1 else None)


@dataclass(frozen=True, slots=True)
class Scene:
    """One shot.

    Attributes:
        beats: length.
        place: name of a set.
        mood: time of day.
        seed: of the set.
        parts: from far to near.
        title: whether the sign of the show comes down.
    """

    beats: int
    place: str
    mood: Mood
    seed: int
    parts: tuple[Part, ...] = field(default=())
    title: bool = False

    def draw(self, t: float) -> Canvas:
        """Draw the instant `t` seconds after the cut, in single detail."""
        canvas = Canvas(detail=1)
        scenery = _scenery(self.place, self.mood, self.seed)
        canvas.image[:], canvas.lamps = scenery.image, list(scenery.lamps)
        for part in self.parts:
            draw = MEMBERS[part.who].draw if isinstance(part.who, str) else STRANGERS[part.who]
            put(canvas, draw, part.pose(t))
        if self.title:
            with canvas.at(320, -120 + 160 * ease(t, 0.35, 0.5)):
                sign(canvas, 5 * float(np.exp(-0.9 * max(0, t - 0.8)) * np.sin(5 * (t - 0.8))) if t > 0.8 else 0)
        return canvas


@cache
def _scenery(place: str, mood: Mood, seed: int) -> Canvas:
    """Draw a set once: it stands still behind a whole scene, which makes up for most of the time."""
    canvas = Canvas(detail=1)
    SETS[place](canvas, mood, seed)
    return canvas
