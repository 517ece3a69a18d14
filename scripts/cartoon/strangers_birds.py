"""More passers-by who are not in the cast: two birds, a badger and a letter box that nobody believes is alive."""

import numpy as np

from .canvas import INK, Canvas, arc
from .pose import WHITE, Pose, cheeks, dot_eye, eye, legs, mouth, shadow
from .strangers import bear, frog, mouse, rabbit, sway, torso, turtle


def goose(canvas: Canvas, pose: Pose) -> None:
    """Draw a goose in a top hat; white as the baker's hat, with the owl's orange beak."""
    shadow(canvas, 46)
    legs(canvas, pose, 12, 26, (244, 150, 50), 7, (244, 150, 50))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        canvas.blob([(18, -96), (-30, -84), (-66, -76), (-44, -30), (0, -20), (36, -36), (42, -72)], (244, 242, 238))
        canvas.blob([(6, -78), (-34, -72), (-56, -62), (-26, -40), (8, -50)], (218, 216, 216))
        canvas.line([(24, -80), (26, -112), (20, -138)], (244, 242, 238), 24, INK)
        canvas.fill([(14, -104), (40, -98), (40, -110)], (222, 50, 56))
        canvas.fill([(14, -104), (-8, -98), (-8, -110)], (222, 50, 56))
        with canvas.at(20, -128):
            canvas.oval(0, -24, 27, 26, (244, 242, 238))
            canvas.blob([(18, -30), (52, -18), (50, -10 + 6 * pose.mouth), (18, -10)], (244, 150, 50))
            dot_eye(canvas, 8, -30, 6, pose)
            canvas.box(-32, -50, 60, 7, (58, 52, 64), round_by=3)
            canvas.box(-22, -86, 40, 38, (58, 52, 64), round_by=3)
            canvas.box(-22, -60, 40, 8, (240, 126, 46), None)


def crow(canvas: Canvas, pose: Pose) -> None:
    """Draw a crow in a yellow scarf; the moon-cat's blue and yellow."""
    shadow(canvas, 38)
    legs(canvas, pose, 11, 24, (250, 190, 70), 6, (250, 190, 70))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        canvas.blob([(0, -96), (-30, -80), (-46, -40), (-60, -16), (-10, -20), (30, -26), (36, -60)], (50, 54, 100))
        canvas.blob([(-10, -80), (-36, -50), (-44, -24), (-12, -36), (6, -60)], (72, 80, 144))
        with canvas.at(4, -88 + sway(pose, 1)):
            canvas.oval(0, -22, 36, 34, (50, 54, 100))
            canvas.blob([(-14, -52), (-8, -72), (4, -56), (14, -70), (14, -50)], (50, 54, 100))
            canvas.blob([(20, -26), (62, -12), (22, -2 + 8 * pose.mouth)], (250, 190, 70))
            eye(canvas, 10, -28, 11, pose)
            canvas.line([(-26, 6), (0, 14), (26, 6)], (255, 222, 110), 12, INK)
            canvas.line([(-20, 10), (-30, 44)], (255, 222, 110), 10, INK)


def badger(canvas: Canvas, pose: Pose) -> None:
    """Draw a badger with spectacles in a plum waistcoat; black and white stripes."""
    shadow(canvas, 44)
    legs(canvas, pose, 15, 34, (70, 66, 76), 15, (52, 46, 56))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        torso(canvas, pose, 110, 38, (92, 62, 92), (96, 92, 102))
        with canvas.at(0, -110):
            for side in (-1, 1):
                canvas.oval(side * 32, -46, 11, 11, (60, 56, 66))
            canvas.blob([(0, -58), (-34, -48), (-44, -18), (-20, 4), (2, 12), (24, 4), (44, -18), (34, -48)], WHITE)
            for side in (-1, 1):
                canvas.blob(
                    [(side * 10, -54), (side * 32, -46), (side * 34, -16), (side * 12, 4), (side * 9, -24)],
                    (60, 56, 66),
                    None,
                )
                canvas.oval(side * 19 + 1, -25, 11, 11, (228, 240, 244))
                dot_eye(canvas, side * 19 + 1, -24, 5, pose)
            canvas.oval(2, -1, 9, 7, (34, 26, 34))
            mouth(canvas, 2, 9, 12, pose)


def letter_box(canvas: Canvas, pose: Pose) -> None:
    """Draw a walking letter box, red and navy; a robot, but no lamp."""
    shadow(canvas, 36)
    legs(canvas, pose, 14, 30, (38, 56, 112), 9, (38, 56, 112))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        canvas.box(-34, -140, 68, 112, (206, 58, 58), round_by=8)
        canvas.blob([(-40, -134), (-30, -152), (0, -160), (30, -152), (40, -134), (0, -138)], (178, 42, 50))
        canvas.box(-22, -74, 44, 30, (246, 240, 226), round_by=3)
        canvas.box(-22, -98, 44, 8 + 8 * pose.mouth, (64, 34, 44), round_by=3)
        for side in (-1, 1):
            eye(canvas, side * 14, -116, 10, pose)


def pigeon(canvas: Canvas, pose: Pose) -> None:
    """Draw a lilac pigeon with a straw hat, round as the owl."""
    shadow(canvas, 44)
    legs(canvas, pose, 13, 16, (232, 110, 110), 6, (232, 110, 110))
    with canvas.at(0, -pose.bob, turn=pose.lean):
        canvas.blob([(0, -92), (-36, -76), (-70, -30), (-30, -12), (26, -14), (46, -48)], (170, 168, 206))
        canvas.blob([(-4, -70), (-38, -60), (-60, -30), (-20, -30), (8, -46)], (138, 138, 184))
        canvas.line([(-16, -76), (14, -68), (38, -72)], (112, 188, 160), 9)
        with canvas.at(10, -82):
            canvas.oval(0, -20, 32, 31, (170, 168, 206))
            for side in (-1, 1):
                eye(canvas, side * 13 + 6, -24, 9, pose, (240, 140, 70))
            canvas.blob([(0, -16), (22, -8), (2, -2 + 5 * pose.mouth)], (250, 214, 140))
            cheeks(canvas, 4, -8, 20, 5)
            canvas.fill(arc(0, -42, 44, 8), (240, 214, 140))
            canvas.fill(np.concatenate([arc(0, -43, 25, 22, 180, 360)]), (240, 214, 140))
            canvas.line([(-24, -48), (24, -48)], (206, 72, 90), 5)


STRANGERS = (bear, rabbit, mouse, frog, turtle, goose, crow, badger, letter_box, pigeon)
