"""Madame Oolong, a snail whose shell is a teapot; rose body, white and blue porcelain."""

import numpy as np

from .canvas import INK, Canvas, arc, curve
from .pose import WHITE, Pose, cheeks, mouth, shadow

ROSE, DEEP, CHINA, COBALT, GOLD = (240, 158, 182), (206, 104, 142), (250, 250, 252), (52, 86, 190), (238, 188, 80)


def draw(canvas: Canvas, pose: Pose) -> None:
    """Draw her, origin under the middle of her foot, facing right, about 150 units tall."""
    shadow(canvas, 84)
    ripple = 4 * float(np.sin(2 * np.pi * (pose.stride if pose.stride is not None else pose.breath)))
    _pot(canvas, pose)
    canvas.blob(
        [
            (-84 - ripple, -2),
            (-60, -20),
            (10, -24),
            (34, -40),
            (38, -76),
            (66, -78),
            (72, -30),
            (86 + ripple, -6),
            (60, 0),
            (0, 0),
        ],
        ROSE,
    )
    canvas.line(curve([(-70, -6), (-10, -8), (60, -8)], closed=False), DEEP, 3)
    for k in range(5):
        canvas.oval(40 + 7 * k, -62 + 5 * float(np.sin(k * 0.78)), 4.6, 4.6, WHITE)
    with canvas.at(54, -78 - pose.bob, turn=pose.lean):
        head(canvas, pose)
        if pose.wave is not None:
            _hanky(canvas, pose)


def _pot(canvas: Canvas, pose: Pose) -> None:
    """Draw the teapot: spout behind, handle before, lid with a knob, a painted band."""
    with canvas.at(-20, -20, turn=2 * float(np.sin(2 * np.pi * pose.breath))):
        canvas.line(arc(40, -44, 24, 24, -80, 80), CHINA, 8, INK)
        canvas.blob([(-34, -20), (-62, -36), (-78, -80), (-64, -82), (-52, -60), (-36, -52)], CHINA)
        canvas.oval(0, -42, 54, 46, CHINA)
        for x in (-30, 0, 30):
            canvas.oval(x, -40, 11, 11, COBALT, None)
            canvas.oval(x, -40, 4, 4, GOLD, None)
        canvas.line(arc(0, -34, 50, 26, 20, 160), COBALT, 4)
        canvas.line(arc(0, -64, 42, 10, 15, 165), COBALT, 4)
        canvas.blob([(-32, -80), (0, -102), (32, -80), (0, -74)], CHINA)
        canvas.oval(0, -104, 9, 8, COBALT)


def head(canvas: Canvas, pose: Pose) -> None:
    """Draw the head, origin at the top of the neck; the eyes ride on stalks."""
    sway = 3 * float(np.sin(2 * np.pi * pose.breath))
    with canvas.head("madame_oolong"):
        for side in (-1, 1):
            canvas.line([(side * 14, -26), (side * 25 + sway, -58)], ROSE, 9, INK)
        canvas.blob([(0, -40), (-32, -30), (-40, 0), (-24, 22), (0, 27), (24, 22), (40, 0), (32, -30)], ROSE)
        for side in (-1, 1):
            _eye(canvas, side * 26 + sway, -64, side, pose)
        cheeks(canvas, 2, 2, 25, 9, (236, 104, 130))
        mouth(canvas, 3, 8, 20, pose)
        canvas.line(arc(16, -10, 12, 12), GOLD, 3.4)
        canvas.line(curve([(27, -4), (38, 10), (34, 24)], closed=False), GOLD, 2)
        _bow(canvas)


def _eye(canvas: Canvas, x: float, y: float, side: int, pose: Pose) -> None:
    canvas.oval(x, y, 16, 17, ROSE if pose.blink > 0.5 else WHITE)
    if pose.blink > 0.5:
        canvas.line(arc(x, y - 2, 11, 8, 15, 165), INK, 3.4)
        return
    canvas.oval(x + 4 * pose.look, y + 1, 9, 10, (122, 66, 150), None)
    canvas.oval(x + 4 * pose.look, y + 1, 5, 6, (30, 22, 34), None)
    canvas.oval(x + 4 * pose.look + 3, y - 4, 2.6, 2.6, WHITE, None)
    canvas.line([(x + side * 10, y - 13), (x + side * 16, y - 19)], INK, 2.6)


def _bow(canvas: Canvas) -> None:
    """Draw the blue bow between the stalks."""
    for side in (-1, 1):
        canvas.blob([(0, -40), (side * 17, -50), (side * 17, -30)], COBALT)
    canvas.oval(0, -40, 5, 5, GOLD)


def _hanky(canvas: Canvas, pose: Pose) -> None:
    swing = 6 * float(np.sin(2 * np.pi * (pose.wave or 0)))
    canvas.line([(24, 42), (52, 20 + swing)], ROSE, 9, INK)
    canvas.blob([(48, 18 + swing), (76, 6 - swing), (80, 30 + swing)], WHITE)
