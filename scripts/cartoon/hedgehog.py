"""Pip Bramble, a hedgehog child; plum spines, cream face, red striped scarf."""

import numpy as np

from .canvas import Canvas, arc, curve
from .pose import WHITE, Pose, cheeks, dot_eye, legs, limb, mouth, shadow

PLUM, TIP, CREAM, RED, MUSTARD = (92, 62, 92), (150, 110, 138), (250, 220, 176), (222, 50, 56), (232, 176, 66)


def draw(canvas: Canvas, pose: Pose) -> None:
    """Draw the child, origin between the feet, facing right, about 130 units tall."""
    shadow(canvas, 38)
    legs(canvas, pose, 13, 18, CREAM, 9, (122, 70, 60))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        canvas.fill(_spikes(-6, -44, 38, 34, 13, 100, 280), PLUM)
        canvas.blob([(-20, -64), (-28, -34), (-20, -14), (20, -14), (28, -34), (20, -64)], MUSTARD)
        canvas.box(-9, -44, 18, 14, (250, 204, 104), round_by=3)
        limb(canvas, -24, -56, 26, -20 - pose.step()[0] * 25, CREAM, 9)
        with canvas.at(0, -62):
            head(canvas, pose)
        _scarf(canvas, pose)
        hand = limb(canvas, 24, -54, 28, pose.arm(22), CREAM, 9)
        canvas.oval(*hand, 5, 5, CREAM, None)


def _spikes(x: float, y: float, rx: float, ry: float, count: int, start: float, end: float) -> np.ndarray:
    """Give a zigzag outline around (x, y) from `start` to `end` degrees."""
    angles = np.radians(np.linspace(start, end, 2 * count + 1))
    reach = np.where(np.arange(2 * count + 1) % 2, 1.26, 1.0)
    return np.stack([x + rx * reach * np.cos(angles), y + ry * reach * np.sin(angles)], axis=1)


def head(canvas: Canvas, pose: Pose) -> None:
    """Draw the head with its crown of spines, origin at the neck."""
    with canvas.head("pip_bramble"):
        canvas.fill(_spikes(-2, -26, 48, 44, 13, 150, 395), PLUM)
        for angle in np.radians(np.arange(170, 381, 30)):
            inner = (-2 + 40 * np.cos(angle), -26 + 36 * np.sin(angle))
            canvas.line([inner, (-2 + 52 * np.cos(angle), -26 + 48 * np.sin(angle))], TIP, 3)
        for side in (-1, 1):
            canvas.oval(side * 31, -44, 9, 10, CREAM)
        canvas.blob([(0, -46), (-22, -50), (-36, -26), (-30, 0), (0, 10), (30, 0), (38, -24), (22, -50)], CREAM)
        for side in (-1, 1):
            dot_eye(canvas, side * 15 + 3, -24, 7, pose)
        cheeks(canvas, 3, -10, 24, 7)
        canvas.oval(4, -13, 8, 6.5, (44, 30, 40))
        mouth(canvas, 4, -1, 14, pose)


def _scarf(canvas: Canvas, pose: Pose) -> None:
    """Draw the scarf, its loose end blowing behind."""
    swing = 5 * float(np.sin(2 * np.pi * (pose.breath + (pose.stride or 0))))
    canvas.blob([(-24, -62), (-52, -60 + swing), (-66, -48 - swing), (-56, -40 + swing), (-22, -50)], RED)
    canvas.line([(-42, -60 + swing * 0.6), (-40, -46)], WHITE, 6)
    canvas.line([(-58, -56), (-54, -44)], WHITE, 5)
    canvas.line(curve([(-26, -62), (0, -53), (26, -62)], closed=False), RED, 13, (52, 38, 54))
    for x in (-14, 4, 20):
        canvas.line([(x, -64 + abs(4 - x) * -0.1), (x - 2, -52)], WHITE, 5)
    canvas.line(arc(0, -58, 2, 2, 0, 90), RED, 1)  # a dropped stitch
