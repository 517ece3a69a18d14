"""What only the film needs: sign, table, bench, chimney, shutters, parcel, bunting. Origins as in props."""

import numpy as np

from .canvas import INK, Canvas, Colour, arc, curve
from .mooncat import star
from .props import CREAM, DARK_WOOD, IRON, WOOD, darker

_LETTERS = {
    "L": [[(0, 0), (0, 10), (6, 10)]],
    "A": [[(0, 10), (3.5, 0), (7, 10)], [(1.4, 6.6), (5.6, 6.6)]],
    "N": [[(0, 10), (0, 0), (7, 10), (7, 0)]],
    "T": [[(0, 0), (7, 0)], [(3.5, 0), (3.5, 10)]],
    "E": [[(6, 0), (0, 0), (0, 10), (6, 10)], [(0, 5), (4.6, 5)]],
    "R": [[(0, 10), (0, 0), (4, 0), (6, 1.6), (6, 3.6), (4, 5.2), (0, 5.2)], [(3.2, 5.2), (6.6, 10)]],
    " ": [],
}
PAINT = ((222, 72, 72), (250, 190, 70), (88, 160, 120), (84, 120, 190), (220, 130, 160))


def lettering(canvas: Canvas, text: str, size: float, colour: Colour) -> None:
    """Write with a brush, centred on the origin; only the letters of LANTERN LANE are known."""
    advance = 10.2
    with canvas.at(scale=size), canvas.at(-len(text) * advance / 2 + 1.6, -5):
        for k, letter in enumerate(text):
            for stroke in _LETTERS[letter]:
                canvas.line([(x + k * advance, y) for x, y in stroke], colour, 2.1)


def sign(canvas: Canvas, swing: float) -> None:
    """Hang the show's sign from above, its hooks at the origin."""
    with canvas.at(turn=swing):
        for x in (-120, 120):
            canvas.line([(x, -80), (x, 4)], IRON, 4)
        canvas.box(-170, 0, 340, 96, WOOD, round_by=16)
        canvas.box(-160, 10, 320, 76, (66, 78, 132), round_by=11)
        for x, y, r in ((-138, 30, 8), (138, 66, 8), (-120, 68, 5), (124, 28, 5)):
            canvas.fill(star(x, y, r), (255, 238, 158), None)
        with canvas.at(0, 48):
            lettering(canvas, "LANTERN LANE", 2.1, (255, 226, 128))


def table(canvas: Canvas, width: float, height: float, cloth: Colour) -> None:
    """Draw a table with a cloth, cups, and a cake with a candle."""
    for x in (-width * 0.4, width * 0.4):
        canvas.line([(x, -height), (x, 0)], DARK_WOOD, 11, INK)
    hem = np.linspace(-width / 2, width / 2, 25)
    low = -height * 0.12 + 6 * np.sin(np.arange(25) * np.pi / 2)
    canvas.fill([(-width / 2, -height), *zip(hem, low, strict=True), (width / 2, -height)], cloth)
    canvas.oval(0, -height, width / 2, 11, darker(cloth, -0.25))
    for x in (-width * 0.33, width * 0.3):
        canvas.box(x - 9, -height - 17, 18, 16, CREAM, round_by=5)
        canvas.line(arc(x + 11, -height - 9, 5, 5, -80, 80), CREAM, 3)
    canvas.box(-26, -height - 26, 52, 26, (250, 230, 206), round_by=5)
    canvas.box(-28, -height - 32, 56, 13, (236, 130, 150), round_by=6)


def bench(canvas: Canvas, width: float) -> None:
    """Draw a park bench seen from the front."""
    for x in (-width * 0.42, width * 0.42):
        canvas.line([(x, -70), (x, 0)], IRON, 7, INK)
    for y in (-66, -50):
        canvas.box(-width / 2, y, width, 11, WOOD, round_by=4)
    canvas.box(-width / 2 - 6, -32, width + 12, 12, WOOD, round_by=4)


def chimney(canvas: Canvas, width: float, height: float, puff: float) -> None:
    """Draw a brick chimney; `puff` is the phase of its smoke in turns."""
    for k in range(3):
        rise = (puff + k / 3) % 1
        canvas.tint(
            arc(12 * np.sin(5 * rise + k), -height - 20 - 70 * rise, 8 + 14 * rise, 7 + 11 * rise),
            (210, 206, 226),
            0.5 - 0.45 * rise,
        )
    canvas.box(-width / 2, -height, width, height, (178, 98, 86))
    for row in range(int(height // 16)):
        y = -8 - row * 16
        canvas.line([(-width / 2 + 2, y), (width / 2 - 2, y)], (140, 72, 70), 2)
        for k in range(3):
            x = -width / 2 + (k + 0.5 * (row % 2) + 0.3) * width / 3
            canvas.line([(x, y), (x, y - 14)], (140, 72, 70), 2)
    canvas.box(-width / 2 - 7, -height - 10, width + 14, 15, (200, 122, 104))


def shutters(canvas: Canvas, x: float, y: float, w: float, h: float, closed: float, paint: Colour) -> None:
    """Draw two shutters of the window whose top left corner is (x, y); `closed` 0 is open, 1 shut."""
    reach = (0.34 + 0.16 * closed) * w
    for side in (0, 1):
        left = x + side * w
        hinge = left - reach if side == 0 else left
        start = hinge + (reach * closed if side == 0 else -reach * closed)
        canvas.box(start, y - 4, reach, h + 6, paint)
        for k in range(6):
            bar = y + 6 + k * (h - 8) / 6
            canvas.line([(start + 6, bar), (start + reach - 6, bar)], darker(paint, 0.25), 3)


def parcel(canvas: Canvas, width: float, height: float) -> None:
    """Draw a parcel with a red ribbon."""
    canvas.box(-width / 2, -height, width, height, (206, 160, 108))
    canvas.line([(0, -height + 2), (0, -2)], (214, 62, 62), 9)
    canvas.line([(-width / 2 + 2, -height * 0.55), (width / 2 - 2, -height * 0.55)], (214, 62, 62), 9)
    canvas.box(width * 0.16, -height * 0.42, width * 0.26, height * 0.24, CREAM)


def bunting(canvas: Canvas, y: float, wind: float) -> None:
    """Hang little flags and glowing paper lanterns across the picture."""
    rope = curve([(-20, y), (160, y + 34), (340, y + 6), (500, y + 36), (660, y)], steps=5, closed=False)
    canvas.line(rope, DARK_WOOD, 2.4)
    for k, (x, top) in enumerate(rope[1:-1]):
        turn = 7 * float(np.sin(wind * 3 + k))
        with canvas.at(float(x), float(top), turn=turn):
            if k % 3 == 1:
                canvas.oval(0, 13, 10, 11, (255, 214, 120))
                canvas.shine(0, 13, 44)
            else:
                canvas.fill([(-9, 0), (9, 0), (0, 19)], PAINT[k % len(PAINT)])
