"""Wick, a street lamp that learnt to walk; green copper, with a glowing face behind glass."""

import numpy as np

from .canvas import INK, Canvas, arc
from .pose import Pose, legs, limb, shadow

COPPER, DARK, PALE, GLASS, GLOW = (58, 148, 130), (30, 96, 92), (132, 204, 178), (255, 224, 118), (255, 246, 190)


def draw(canvas: Canvas, pose: Pose) -> None:
    """Draw it, origin between its feet, facing right, about 205 units tall."""
    shadow(canvas, 36)
    legs(canvas, pose, 13, 52, DARK, 7, COPPER)
    with canvas.at(0, -pose.bob, turn=pose.lean):
        _arm(canvas, -24, -14 - pose.step()[0] * 18, pose)
        canvas.blob([(-20, -100), (-28, -74), (-20, -46), (20, -46), (28, -74), (20, -100)], COPPER)
        canvas.line([(-26, -84), (26, -84)], DARK, 3)
        canvas.line([(-25, -60), (25, -60)], DARK, 3)
        canvas.oval(0, -72, 8, 8, (232, 92, 70))
        canvas.line([(0, -100), (0, -112)], DARK, 9, INK)
        with canvas.at(0, -108):
            head(canvas, pose)
        _arm(canvas, 24, pose.arm(14), pose)


def _arm(canvas: Canvas, x: float, angle: float, pose: Pose) -> None:
    hand = limb(canvas, x, -94, 50, angle, DARK, 5)
    canvas.oval(*hand, 8, 8, PALE)


def head(canvas: Canvas, pose: Pose) -> None:
    """Draw the lantern, origin at the neck."""
    canvas.shine(0, -40, 150)
    with canvas.head("wick"):
        canvas.box(-27, -10, 54, 12, COPPER, round_by=4)
        canvas.fill([(-28, -10), (-42, -68), (42, -68), (28, -10)], GLASS)
        canvas.oval(0, -40, 27, 24, GLOW, None)
        for x in (-1, 1):
            canvas.line([(x * 28, -10), (x * 42, -68)], DARK, 5)
        _face(canvas, pose)
        canvas.blob([(-52, -64), (-40, -76), (-14, -100), (14, -100), (40, -76), (52, -64), (0, -70)], COPPER)
        canvas.line(arc(0, -74, 34, 8, 195, 345), PALE, 3)
        canvas.box(-8, -110, 16, 12, DARK, round_by=3)
        canvas.line(arc(0, -119, 9, 9, 0, 360), DARK, 4.5)


def _face(canvas: Canvas, pose: Pose) -> None:
    """Draw the eyes and the flickering smile on the glass."""
    for side in (-1, 1):
        x = side * 15 + pose.look * 4
        if pose.blink > 0.5:
            canvas.line([(x - 7, -44), (x + 7, -44)], INK, 4)
        else:
            canvas.oval(x, -44, 6.5, 10, (62, 44, 56), None)
            canvas.oval(x + 2, -48, 2.2, 3, GLOW, None)
    width = 11 + 2 * float(np.sin(2 * np.pi * pose.breath))
    if pose.mouth < 0.15:
        canvas.line(arc(pose.look * 4, -29, width, 8, 20, 160), INK, 3.4)
    else:
        canvas.oval(pose.look * 4, -24, width * 0.8, 3 + 7 * pose.mouth, (196, 84, 48), INK)
