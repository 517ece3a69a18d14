"""Small animation words for the film's script. Times `t` are seconds since the shot began; phases come from a seed."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas
from .characters import MEMBERS, put
from .pose import Pose


def ease(t: float, start: float, over: float = 0.2) -> float:
    """Go smoothly from 0 before `start` to 1 after `start + over` seconds."""
    share = min(1.0, max(0.0, (t - start) / over))
    return share * share * (3 - 2 * share)


def between(t: float, start: float, end: float, over: float = 0.2) -> float:
    """Rise to 1 at `start` and fall to 0 at `end`, each within `over` seconds."""
    return ease(t, start, over) - ease(t, end, over)


def talk(t: float, start: float = 0, end: float = 1e9) -> float:
    """Open and shut the mouth in the rhythm of speech between two instants."""
    if not start <= t < end:
        return 0.0
    return float(max(0.0, np.sin(t * 13) * 0.6 + np.sin(t * 7.3) * 0.4))


def alive(t: float, seed: int, **given: object) -> Pose:
    """Give a pose that breathes, blinks and looks about; `given` are fields of the pose."""
    blink = float((t + seed * 1.37) % 2.9 < 0.13)
    look = float(np.clip(1.6 * np.sin(t * 0.9 + seed), -0.8, 0.8))
    natural = {"breath": t * 0.55 + seed * 0.31, "blink": blink, "look": look}
    return Pose(**{**natural, **given})  # type: ignore[arg-type]


def show(canvas: Canvas, identity: str, t: float, **given: object) -> None:
    """Draw one of the cast."""
    put(canvas, MEMBERS[identity].draw, alive(t, list(MEMBERS).index(identity), **given))


def extra(canvas: Canvas, draw: Callable[[Canvas, Pose], None], t: float, seed: int, **given: object) -> None:
    """Draw a passer-by."""
    put(canvas, draw, alive(t, seed + 10, **given))


def jump(t: float, start: float, over: float = 0.5, high: float = 40) -> float:
    """Give the height of one jump that begins at `start`."""
    share = (t - start) / over
    return float(high * 4 * share * (1 - share)) if 0 < share < 1 else 0.0
