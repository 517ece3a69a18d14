"""Miro, a cat who fell off the moon; midnight blue, with a pale crescent behind the head."""

import numpy as np

from .canvas import Canvas, Colour, arc, curve
from .pose import Pose, arm_and_head, eye, legs, limb, mouth, shadow

NIGHT, DEEP, MOON, AQUA, PINK = (66, 76, 156), (42, 46, 104), (255, 238, 158), (110, 232, 214), (246, 160, 176)


def draw(canvas: Canvas, pose: Pose) -> None:
    """Draw the cat, origin between the paws, facing right, about 150 units tall."""
    shadow(canvas, 38)
    _tail(canvas, pose)
    legs(canvas, pose, 14, 22, NIGHT, 11, DEEP)
    with canvas.at(0, -pose.bob, turn=pose.lean):
        limb(canvas, -20, -62, 32, -12 - pose.step()[0] * 22, NIGHT, 11)
        canvas.blob([(-18, -74), (-28, -40), (-24, -16), (24, -16), (28, -40), (18, -74)], NIGHT)
        canvas.blob([(0, -60), (-14, -40), (-11, -20), (11, -20), (14, -40)], (128, 140, 206), None)
        with canvas.at(0, -70), arm_and_head(canvas, pose, (20, 8, 33, NIGHT, 11, NIGHT)):
            head(canvas, pose)
        canvas.line(curve([(-20, -66), (0, -58), (20, -66)], closed=False), AQUA, 6)
        canvas.fill(star(0, -56, 8), MOON)


def star(x: float, y: float, radius: float, turn: float = 0) -> np.ndarray:
    """Give the outline of a five-pointed star: (10, 2)."""
    angles = np.radians(np.arange(10) * 36 - 90 + turn)
    reach = np.where(np.arange(10) % 2, 0.48, 1.0) * radius
    return np.stack([x + reach * np.cos(angles), y + reach * np.sin(angles)], axis=1)


def _tail(canvas: Canvas, pose: Pose) -> None:
    """Draw the tail with its star."""
    with canvas.at(-20, -26 - pose.bob, turn=9 * float(np.sin(2 * np.pi * pose.breath))):
        canvas.line(curve([(0, 0), (-30, 2), (-50, -14), (-52, -36)], closed=False), NIGHT, 9, DEEP)
        canvas.fill(star(-53, -44, 15, 10), MOON)


def _crescent(canvas: Canvas, colour: Colour) -> None:
    """Draw the moon behind the head, its horns to the right."""
    outer = arc(-8, -34, 60, 60, 38, 322)
    inner = arc(14, -34, 44, 44, 304, 56)
    canvas.fill(np.concatenate([outer, inner]), colour)


def head(canvas: Canvas, pose: Pose) -> None:
    """Draw the head, origin at the neck; the crescent belongs to it."""
    with canvas.head("miro"):
        _crescent(canvas, MOON)
        for x, y, radius in ((-54, -40, 5), (-44, -66, 4), (-46, -14, 4)):
            canvas.oval(x, y, radius, radius, (240, 212, 118), None)
        for side in (-1, 1):
            canvas.blob([(side * 8, -58), (side * 36, -90), (side * 41, -36)], NIGHT)
            canvas.blob([(side * 20, -60), (side * 33, -78), (side * 35, -48)], PINK, None)
        canvas.blob([(0, -64), (-32, -56), (-47, -26), (-34, 4), (0, 12), (34, 4), (47, -26), (32, -56)], NIGHT)
        for side in (-1, 1):
            eye(canvas, side * 19 + 1, -24, 13.5, pose, AQUA)
        canvas.fill([(-3, -10), (7, -10), (2, -5)], PINK, width=1.6)
        mouth(canvas, 2, 0, 15, pose)
        for side in (-1, 1):
            for drop in (-3, 4):
                canvas.line([(side * 28, -8 + drop * 0.4), (side * 46, -10 + drop)], (176, 186, 236), 1.6)
        canvas.fill(star(0, -50, 8), MOON, None)
