"""Things that stand about: houses, lamps, trees, crates, curtains. Each has its origin on the ground, at its middle."""

import numpy as np

from .canvas import Canvas, Colour, arc, mixed

WOOD, DARK_WOOD, IRON, STONE = (178, 124, 80), (126, 82, 58), (70, 66, 84), (176, 172, 176)
LEAF, GLASS, LIT, CREAM = (98, 160, 92), (152, 196, 216), (255, 222, 128), (248, 238, 216)


def darker(colour: Colour, share: float = 0.25) -> Colour:
    """Give a shade of the colour, `share` of the way to a dark violet."""
    return mixed(colour, (48, 34, 66), share)


def window(canvas: Canvas, x: float, y: float, w: float, h: float, lit: bool, frame: Colour = CREAM) -> None:
    """Draw a window whose top left corner is (x, y)."""
    canvas.box(x - 3, y - 3, w + 6, h + 6, frame)
    canvas.box(x, y, w, h, LIT if lit else GLASS, None)
    canvas.line([(x + w / 2, y), (x + w / 2, y + h)], frame, 3)
    canvas.line([(x, y + h * 0.45), (x + w, y + h * 0.45)], frame, 3)
    canvas.box(x - 6, y + h + 2, w + 12, 5, darker(frame, 0.15))
    if lit:
        canvas.shine(x + w / 2, y + h / 2, w * 1.4)


def house(canvas: Canvas, width: float, height: float, wall: Colour, roof: Colour, seed: int, lit: float) -> None:
    """Draw a narrow house with a door and windows; `lit` is the share of windows with light."""
    rng = np.random.default_rng([seed, 77])
    half = width / 2
    canvas.box(-half, -height, width, height, wall)
    canvas.tint([(-half, -height), (-half + 10, -height), (-half + 10, 0), (-half, 0)], (40, 30, 60), 0.12)
    peak = height + rng.uniform(34, 58)
    canvas.box(half * 0.4, -peak - 4, 15, 44, darker(roof, 0.3))
    canvas.fill([(-half - 9, -height + 4), (-half * 0.3, -peak), (half * 0.3, -peak), (half + 9, -height + 4)], roof)
    for row in range(int(height // 62)):
        for side in (-0.52, 0.06):
            if row or height < 60:
                window(canvas, side * width * 0.72, -52 - row * 58, width * 0.24, 34, bool(rng.random() < lit))
    side = -1 if rng.random() < 0.5 else 1
    door = darker(mixed(roof, (60, 130, 150), 0.6), 0.1)
    canvas.fill(
        np.concatenate(
            [
                [(side * half * 0.45 - 13, 0)],
                arc(side * half * 0.45, -34, 13, 13, 180, 360),
                [(side * half * 0.45 + 13, 0)],
            ]
        ),
        door,
    )
    window(canvas, -side * half * 0.45 - width * 0.15, -48, width * 0.3, 30, bool(rng.random() < lit))


def street_lamp(canvas: Canvas, height: float = 190) -> None:
    """Draw an iron street lamp: no roof of copper, no face."""
    canvas.box(-9, -14, 18, 14, IRON)
    canvas.line([(0, -10), (0, -height + 30)], IRON, 6, (40, 34, 48))
    canvas.line([(-14, -height + 30), (14, -height + 30)], IRON, 5)
    canvas.fill([(-10, -height + 28), (-15, -height), (15, -height), (10, -height + 28)], (255, 236, 170))
    canvas.fill([(-18, -height), (0, -height - 14), (18, -height)], IRON)
    canvas.shine(0, -height + 14, 110)


def tree(canvas: Canvas, size: float, leaf: Colour) -> None:
    """Draw a round tree about 170 units tall at size 1."""
    with canvas.at(scale=size):
        canvas.blob([(-10, 0), (-8, -70), (8, -70), (12, 0)], DARK_WOOD)
        canvas.blob([(-30, -60), (-62, -88), (-46, -136), (0, -170), (46, -140), (62, -92), (30, -60), (0, -70)], leaf)
        for x, y in ((-26, -110), (14, -132), (26, -92)):
            canvas.line(arc(x, y, 12, 10, 190, 320), darker(leaf, 0.2), 3)


def bush(canvas: Canvas, width: float, height: float, leaf: Colour = LEAF) -> None:
    """Draw a dense bush."""
    for x, share, high in ((-0.33, 0.2, 0.62), (0.33, 0.2, 0.6), (-0.14, 0.24, 0.9), (0.15, 0.24, 1.0)):
        canvas.oval(x * width, -height * high * 0.52, share * width, height * high * 0.48, leaf)
    canvas.box(-width * 0.47, -height * 0.42, width * 0.94, height * 0.42, leaf, None, round_by=14)
    canvas.box(-width * 0.3, -height * 0.72, width * 0.6, height * 0.5, leaf, None, round_by=8)
    for x in (-0.25, 0.05, 0.28):
        canvas.line(arc(x * width, -height * 0.5, width * 0.07, height * 0.1, 190, 330), darker(leaf, 0.2), 3)


def crates(canvas: Canvas, width: float, height: float, wood: Colour = WOOD) -> None:
    """Draw a stack of crates filling width x height."""
    rows = max(1, round(height / 48))
    for row in range(rows):
        top, step = -height * (row + 1) / rows, height / rows
        canvas.box(-width / 2, top, width, step, mixed(wood, CREAM, 0.12 * (row % 2)))
        canvas.line([(-width / 2 + 5, top + step * 0.35), (width / 2 - 5, top + step * 0.35)], darker(wood), 2)
        canvas.line([(-width / 2 + 5, top + step * 0.7), (width / 2 - 5, top + step * 0.7)], darker(wood), 2)
        for x in (-width / 2 + 7, width / 2 - 7):
            canvas.line([(x, top + 3), (x, top + step - 3)], darker(wood, 0.35), 5)


def fence(canvas: Canvas, width: float, height: float, paint: Colour = CREAM) -> None:
    """Draw a close board fence."""
    count = max(2, round(width / 20))
    for k in range(count):
        x = -width / 2 + k * width / count
        w = width / count
        canvas.fill([(x, 0), (x, -height), (x + w / 2, -height - 9), (x + w, -height), (x + w, 0)], paint)
    canvas.line([(-width / 2, -height * 0.7), (width / 2, -height * 0.7)], darker(paint, 0.2), 5)


def barrel(canvas: Canvas, width: float, height: float, wood: Colour = WOOD) -> None:
    """Draw a barrel with iron hoops."""
    w = width / 2
    bulge = np.array([[0.8, 1], [0.95, 0.75], [1, 0.5], [0.95, 0.25], [0.8, 0]]) * (w, -height)
    canvas.fill([*bulge, *(bulge[::-1] * (-1, 1))], wood)
    for x in (-0.4, 0, 0.4):
        canvas.line([(x * w, -height + 3), (x * w * 1.2, -height / 2), (x * w, -3)], darker(wood, 0.2), 2)
    for share in (0.2, 0.78):
        canvas.line([(-w * 0.9, -height * share), (w * 0.9, -height * share)], IRON, 5)


def counter(canvas: Canvas, width: float, height: float, paint: Colour = WOOD) -> None:
    """Draw a shop counter with panels."""
    canvas.box(-width / 2 - 8, -height, width + 16, 12, mixed(paint, CREAM, 0.35), round_by=4)
    canvas.box(-width / 2, -height + 12, width, height - 8, paint)
    count = max(1, round(width / 70))
    for k in range(count):
        x = -width / 2 + (k + 0.12) * width / count
        canvas.box(x, -height + 22, width / count * 0.76, height - 34, mixed(paint, CREAM, 0.14), darker(paint), 4)


def curtain(canvas: Canvas, width: float, height: float, cloth: Colour) -> None:
    """Draw a hanging curtain, origin at the middle of its lower hem."""
    folds = max(2, round(width / 22))
    xs = np.linspace(-width / 2, width / 2, 4 * folds + 1)
    hem = -4 + 4 * np.sin(np.linspace(0, folds * 2 * np.pi, 4 * folds + 1))
    canvas.fill([(-width / 2, -height), *zip(xs, hem, strict=True), (width / 2, -height)], cloth)
    for k in range(1, folds):
        x = -width / 2 + k * width / folds
        canvas.line([(x, -height + 4), (x + 2, -8)], darker(cloth, 0.18), 3)


def cloud(canvas: Canvas, size: float, colour: Colour = (250, 248, 250)) -> None:
    """Draw a flat cloud."""
    with canvas.at(scale=size):
        canvas.blob(
            [(-60, 0), (-66, -16), (-40, -26), (-20, -44), (14, -40), (32, -24), (60, -20), (64, -2)], colour, None
        )
