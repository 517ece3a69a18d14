"""Fenna Post, a tall fox who carries the letters; orange, with a blue cap and coat."""

from .canvas import Canvas, arc
from .pose import WHITE, Pose, arm_and_head, cheeks, eye, legs, limb, mouth, shadow

ORANGE, DEEP, NAVY, BLUE, GOLD, TAN = (
    (240, 126, 46), (120, 52, 34), (38, 56, 112), (54, 92, 176), (250, 202, 84), (190, 136, 82),
)  # fmt: skip


def draw(canvas: Canvas, pose: Pose) -> None:
    """Draw her, origin between her feet, facing right, about 215 units tall."""
    shadow(canvas, 40)
    _tail(canvas, pose)
    legs(canvas, pose, 11, 56, NAVY, 13, DEEP)
    with canvas.at(0, -pose.bob, turn=pose.lean):
        limb(canvas, -20, -112, 52, -10 - pose.step()[0] * 20, NAVY, 13)
        canvas.blob([(-18, -124), (-26, -84), (-32, -44), (0, -38), (32, -44), (26, -84), (18, -124)], BLUE)
        canvas.line([(0, -120), (0, -42)], NAVY, 2)
        for y in (-104, -84, -64):
            canvas.oval(7, y, 3.4, 3.4, GOLD, None)
        canvas.line([(-17, -122), (26, -62)], TAN, 5)
        canvas.box(14, -70, 36, 28, TAN, round_by=5)
        canvas.fill([(14, -69), (50, -69), (32, -52)], (214, 164, 108))
        with canvas.at(0, -122), arm_and_head(canvas, pose, (20, 10, 52, BLUE, 13, DEEP)):
            head(canvas, pose)


def _tail(canvas: Canvas, pose: Pose) -> None:
    """Draw the brush with its white tip, swinging with the walk."""
    with canvas.at(-14, -52 - pose.bob, turn=8 * pose.step()[0]):
        canvas.blob([(0, 0), (-34, 18), (-66, -6), (-76, -48), (-52, -34), (-34, -20), (-12, -16)], ORANGE)
        canvas.blob([(-76, -48), (-70, -16), (-58, -22), (-52, -34)], WHITE)


def head(canvas: Canvas, pose: Pose) -> None:
    """Draw the head, origin at the neck."""
    with canvas.head("fenna_post"):
        for side in (-1, 1):
            canvas.blob([(side * 12, -48), (side * 44, -92), (side * 46, -30)], ORANGE)
            canvas.blob([(side * 26, -52), (side * 39, -78), (side * 40, -42)], DEEP, None)
        canvas.blob(
            [(0, -62), (-34, -52), (-44, -30), (-56, -10), (-24, 2), (0, 12), (24, 2), (56, -10), (44, -30), (34, -52)],
            ORANGE,
        )
        for side in (-1, 1):
            canvas.blob(
                [(side * 5, -4), (side * 24, -20), (side * 51, -10), (side * 24, 0), (side * 4, 9)], WHITE, None
            )
        for side in (-1, 1):
            eye(canvas, side * 17, -28, 11, pose, (88, 168, 92))
        canvas.blob([(-9, -14), (2, -17), (13, -14), (3, -5)], (44, 30, 40))
        mouth(canvas, 2, 2, 18, pose)
        cheeks(canvas, 0, -10, 31, 6)
        _cap(canvas)


def _cap(canvas: Canvas) -> None:
    """Draw the cap with its red peak and badge."""
    canvas.blob([(-34, -50), (-38, -72), (0, -82), (38, -72), (34, -50), (0, -56)], BLUE)
    canvas.blob([(-6, -54), (34, -56), (58, -44), (30, -42), (0, -46)], (214, 62, 62))
    canvas.line(arc(0, -48, 35, 9, 190, 350), NAVY, 5)
    canvas.oval(8, -68, 7, 7, GOLD)
