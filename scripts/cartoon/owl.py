"""Barnaby Crumb, a round owl who bakes; brown, with a tall white hat."""

from .canvas import Canvas, arc
from .pose import WHITE, Pose, eye, legs, limb, shadow

BROWN, DARK, CREAM, AMBER, BEAK = (158, 104, 66), (118, 74, 50), (246, 226, 186), (250, 176, 48), (244, 150, 50)


def draw(canvas: Canvas, pose: Pose) -> None:
    """Draw him, origin between his feet, facing right, about 190 units tall."""
    shadow(canvas, 58)
    legs(canvas, pose, 18, 16, BEAK, 8, BEAK)
    with canvas.at(0, -pose.bob, turn=pose.lean):
        canvas.blob([(-40, -95), (-62, -30), (-66, -12), (-36, -22)], DARK)
        canvas.blob([(0, -118), (-42, -104), (-58, -58), (-46, -20), (0, -10), (46, -20), (58, -58), (42, -104)], BROWN)
        canvas.blob([(-36, -82), (-38, -30), (0, -16), (38, -30), (36, -82), (0, -74)], WHITE)
        for x, y in ((-14, -52), (4, -44), (20, -54)):
            canvas.line(arc(x, y, 6, 6, 20, 160), (214, 196, 170), 2)
        canvas.line([(-36, -82), (-24, -98)], WHITE, 6)
        canvas.line([(36, -82), (24, -98)], WHITE, 6)
        limb(canvas, -46, -84, 50, -14 + pose.step()[0] * -14, DARK, 20)
        with canvas.at(0, -112):
            head(canvas, pose)
        hand = limb(canvas, 48, -84, 50, pose.arm(16), DARK, 20)
        canvas.oval(*hand, 9, 9, DARK, None)


def head(canvas: Canvas, pose: Pose) -> None:
    """Draw the head, origin at the neck."""
    with canvas.head("barnaby_crumb"):
        _hat(canvas)
        for side in (-1, 1):
            canvas.blob([(side * 24, -54), (side * 50, -66), (side * 46, -30)], DARK)
        canvas.blob([(0, -62), (-40, -52), (-54, -22), (-42, 10), (0, 20), (42, 10), (54, -22), (40, -52)], BROWN)
        for side in (-1, 1):
            canvas.oval(side * 21, -22, 24, 26, CREAM, None)
        for side in (-1, 1):
            eye(canvas, side * 19 + 1, -24, 17, pose, AMBER)
        canvas.box(-30, -60, 60, 13, WHITE, round_by=5)
        gape = 9 * pose.mouth
        if gape > 1:
            canvas.blob([(-7, 0), (2, 8 + gape), (11, 0)], (150, 60, 50))
        canvas.blob([(-9, -10), (2, -15), (13, -10), (3, 7)], BEAK)


def _hat(canvas: Canvas) -> None:
    """Draw the baker's hat, three puffs over the band."""
    puffs = [(-28, -58), (-42, -82), (-26, -100), (0, -106), (26, -100), (42, -82), (28, -58)]
    canvas.blob(puffs, WHITE)
    for x in (-12, 12):
        canvas.line([(x, -64), (x * 1.25, -84)], (214, 208, 204), 2)
    canvas.line(arc(-20, -84, 14, 10, 200, 300), (214, 208, 204), 2)
    canvas.line(arc(20, -86, 14, 10, 240, 340), (214, 208, 204), 2)
