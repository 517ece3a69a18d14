"""Passers-by who are not in the cast: beasts. They borrow colours from the cast, but nobody's face."""

import numpy as np

from .canvas import INK, Canvas, Colour, arc
from .pose import WHITE, Pose, cheeks, dot_eye, eye, legs, limb, mouth, shadow


def torso(canvas: Canvas, pose: Pose, height: float, width: float, coat: Colour, arms: Colour) -> None:
    """Draw a pear-shaped body with two arms between hip 30 and the given neck height."""
    limb(canvas, -width * 0.72, 18 - height, 46, -12 - pose.step()[0] * 20, arms, 12)
    canvas.blob(
        [
            (-width * 0.6, -height),
            (-width, -60),
            (-width * 0.9, -26),
            (width * 0.9, -26),
            (width, -60),
            (width * 0.6, -height),
        ],
        coat,
    )
    limb(canvas, width * 0.72, 18 - height, 46, pose.arm(14), arms, 12)


def bear(canvas: Canvas, pose: Pose) -> None:
    """Draw a brown bear in a bobble hat; brown as the owl, orange as the fox."""
    shadow(canvas, 48)
    legs(canvas, pose, 17, 30, (120, 80, 56), 18, (92, 60, 44))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        torso(canvas, pose, 108, 46, (238, 132, 56), (238, 132, 56))
        with canvas.at(0, -108):
            for side in (-1, 1):
                canvas.oval(side * 34, -48, 15, 15, (140, 92, 62))
            canvas.oval(0, -24, 46, 40, (140, 92, 62))
            canvas.oval(6, -10, 22, 17, (226, 192, 150))
            canvas.oval(6, -19, 9, 7, (44, 30, 40))
            for side in (-1, 1):
                dot_eye(canvas, side * 18 + 4, -30, 6, pose)
            mouth(canvas, 6, -4, 16, pose)
            canvas.blob([(-32, -48), (-28, -70), (0, -80), (28, -70), (32, -48), (0, -54)], (238, 132, 56))
            canvas.oval(0, -82, 11, 11, WHITE)


def rabbit(canvas: Canvas, pose: Pose) -> None:
    """Draw a grey rabbit in a blue beret; the fox's blue."""
    shadow(canvas, 34)
    legs(canvas, pose, 11, 34, (176, 172, 180), 13, (150, 146, 156))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        torso(canvas, pose, 104, 28, (86, 132, 92), (196, 192, 200))
        with canvas.at(0, -104):
            for side, turn in ((-1, -12), (1, 14)):
                with canvas.at(side * 15, -44, turn=turn):
                    canvas.oval(0, -30, 11, 36, (196, 192, 200))
                    canvas.oval(0, -28, 5, 26, (240, 176, 180), None)
            canvas.blob([(0, -52), (-34, -38), (-36, -6), (0, 8), (36, -6), (34, -38)], (196, 192, 200))
            for side in (-1, 1):
                dot_eye(canvas, side * 15 + 3, -24, 7, pose)
            cheeks(canvas, 3, -8, 22, 6)
            canvas.oval(4, -13, 5, 4, (224, 110, 120), None)
            mouth(canvas, 4, -3, 13, pose)
            canvas.blob([(-34, -44), (-30, -60), (4, -64), (36, -52), (28, -42), (0, -46)], (54, 92, 176))


def mouse(canvas: Canvas, pose: Pose) -> None:
    """Draw a small mouse in a red scarf; the hedgehog's red and plum."""
    shadow(canvas, 28)
    legs(canvas, pose, 10, 20, (216, 172, 172), 8, (216, 172, 172))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        torso(canvas, pose, 68, 24, (120, 86, 126), (170, 156, 160))
        with canvas.at(0, -66):
            for side in (-1, 1):
                canvas.oval(side * 36, -46, 25, 25, (170, 156, 160))
                canvas.oval(side * 36, -46, 16, 16, (238, 178, 178), None)
            canvas.blob([(0, -50), (-32, -36), (-26, -4), (2, 8), (30, -4), (32, -36)], (170, 156, 160))
            for side in (-1, 1):
                dot_eye(canvas, side * 13 + 3, -22, 6, pose)
            canvas.oval(5, -4, 7, 5.5, (232, 120, 132))
            for side in (-1, 1):
                canvas.line([(5 + side * 10, -4), (5 + side * 34, -8)], INK, 1.4)
            canvas.line([(-22, 7), (0, 13), (24, 7)], (222, 50, 56), 10, INK)


def frog(canvas: Canvas, pose: Pose) -> None:
    """Draw a frog in a yellow rain hat; green as the lamp's copper, yellow as its light."""
    shadow(canvas, 40)
    legs(canvas, pose, 16, 24, (96, 168, 84), 12, (244, 204, 72))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        torso(canvas, pose, 86, 36, (244, 204, 72), (244, 204, 72))
        with canvas.at(0, -86):
            canvas.blob(
                [(0, -40), (-40, -32), (-50, -8), (-30, 12), (0, 16), (30, 12), (50, -8), (40, -32)], (112, 186, 92)
            )
            canvas.line(arc(2, -8, 34, 14, 15, 165), INK, 2.6)
            if pose.mouth > 0.15:
                canvas.fill(arc(2, 0, 22, 12 * pose.mouth + 3, 0, 180), (110, 36, 52))
            canvas.blob(
                [(-58, -30), (-34, -38), (-28, -62), (0, -70), (28, -62), (34, -38), (58, -30), (0, -24)],
                (244, 204, 72),
            )
            for side in (-1, 1):
                canvas.oval(side * 25, -34, 15, 15, (112, 186, 92))
                eye(canvas, side * 25, -34, 10, pose)


def turtle(canvas: Canvas, pose: Pose) -> None:
    """Draw an old turtle in a pink flowered hat; the snail's pink, and a shell on the back."""
    shadow(canvas, 44)
    canvas.oval(-16, -56, 42, 46, (54, 118, 96))
    canvas.oval(-16, -56, 24, 28, (82, 152, 118), None)
    legs(canvas, pose, 14, 22, (190, 196, 112), 14, (166, 172, 92))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        torso(canvas, pose, 86, 26, (222, 210, 150), (190, 196, 112))
        with canvas.at(6, -82):
            canvas.blob([(0, -52), (-28, -42), (-30, -12), (-14, 8), (14, 8), (34, -12), (28, -42)], (190, 196, 112))
            for side in (-1, 1):
                eye(canvas, side * 13 + 4, -24, 8, pose)
                canvas.line(arc(side * 13 + 4, -24, 10, 10), (88, 70, 60), 2)
            mouth(canvas, 6, -4, 18, pose)
            canvas.blob([(-48, -36), (0, -48), (50, -36), (0, -28)], (240, 158, 182))
            canvas.blob([(-27, -42), (-22, -64), (22, -64), (28, -42), (0, -38)], (240, 158, 182))
            for x in (-12, 0, 12):
                canvas.oval(x, -46, 6, 6, (250, 250, 252))
                canvas.oval(x, -46, 2.4, 2.4, (250, 202, 84), None)


def sway(pose: Pose, amount: float) -> float:
    """Give the idle swing, `amount` units either way."""
    return amount * float(np.sin(2 * np.pi * pose.breath))
