"""Places with walls: the bakery, the tea room, the post office."""

import numpy as np

from .canvas import HEIGHT, WIDTH, Canvas, Colour, arc, mixed
from .light import Mood
from .outdoors import SKIES
from .props import CREAM, DARK_WOOD, WOOD, curtain, darker

PAPERS = ((236, 206, 160), (176, 204, 196), (226, 178, 170), (196, 190, 220), (206, 212, 166), (240, 222, 196))


def room(canvas: Canvas, mood: Mood, rng: np.random.Generator, width: float, floor: Colour) -> Colour:
    """Draw papered walls, wainscot, floor and a hanging lamp; the floor begins at y = 270. Gives the paper's colour."""
    paper = PAPERS[rng.integers(len(PAPERS))]
    canvas.box(-60, -60, width + 120, 340, paper, None)
    for x in np.arange(-40, width + 60, 44):
        canvas.box(x, -60, 14, 300, mixed(paper, CREAM, 0.35), None)
    canvas.box(-60, 222, width + 120, 48, darker(paper, 0.25))
    canvas.box(-60, 270, width + 120, 150, floor)
    for y in (288, 312, 340):
        canvas.line([(-60, y), (width + 60, y)], darker(floor, 0.15), 2)
    x = rng.uniform(0.3, 0.7) * width
    canvas.line([(x, -60), (x, 22)], DARK_WOOD, 3)
    canvas.fill([(x - 24, 40), (x - 10, 20), (x + 10, 20), (x + 24, 40)], darker(paper, 0.4))
    canvas.shine(x, 50, 260)
    return paper


def view(canvas: Canvas, mood: Mood, x: float, y: float, w: float, h: float) -> None:
    """Draw a window to the outside whose top left corner is (x, y)."""
    top, bottom = SKIES.get(mood.name, SKIES["day"])
    canvas.box(x - 6, y - 6, w + 12, h + 12, CREAM)
    canvas.box(x, y, w, h, mixed(top, bottom, 0.5))
    canvas.blob(
        [(x, y + h), (x + 2, y + h * 0.7), (x + w * 0.4, y + h * 0.6), (x + w - 2, y + h * 0.75), (x + w, y + h)],
        (120, 168, 112),
        None,
    )
    canvas.line([(x + w / 2, y), (x + w / 2, y + h)], CREAM, 4)
    canvas.line([(x, y + h / 2), (x + w, y + h / 2)], CREAM, 4)


def loaf(canvas: Canvas, x: float, y: float, kind: int) -> None:
    """Draw bread or cake standing on (x, y)."""
    if kind == 0:
        canvas.blob([(x - 15, y), (x - 17, y - 10), (x, y - 17), (x + 17, y - 10), (x + 15, y)], (220, 156, 84))
        canvas.line([(x - 6, y - 12), (x - 2, y - 6)], (246, 206, 140), 2)
    elif kind == 1:
        canvas.line([(x - 14, y - 5), (x + 14, y - 9)], (230, 172, 96), 8, (92, 58, 50))
    else:
        canvas.box(x - 11, y - 10, 22, 10, (246, 232, 210), round_by=3)
        canvas.box(x - 11, y - 15, 22, 7, (236, 130, 150), round_by=3)
        canvas.oval(x, y - 18, 3.4, 3.4, (206, 50, 60), None)


def bakery(canvas: Canvas, mood: Mood, seed: int, width: float = WIDTH, drift: float = 0) -> None:
    """Draw the bakery: shelves of bread and an oven."""
    rng = np.random.default_rng([seed, 11])
    room(canvas, mood, rng, width, (196, 146, 104))
    left = rng.uniform(20, 90)
    for y in (76, 124, 172):
        canvas.box(left, y, 190, 8, WOOD)
        for x in np.arange(left + 20, left + 182, 37):
            loaf(canvas, x, y, int(rng.integers(3)))
    view(canvas, mood, left + 240, 56, 104, 110)
    x = left + 390
    canvas.blob([(x, 270), (x, 150), (x + 70, 96), (x + 140, 150), (x + 140, 270)], (190, 112, 94))
    canvas.fill(np.concatenate([arc(x + 70, 204, 40, 40, 180, 360), [(x + 110, 246), (x + 30, 246)]]), (60, 40, 50))
    glow = 6 * float(np.sin(drift * 0.9))
    canvas.blob(
        [(x + 44, 244), (x + 54, 214 + glow), (x + 70, 200 - glow), (x + 86, 216 + glow), (x + 96, 244)],
        (252, 160, 60),
        None,
    )
    canvas.shine(x + 70, 220, 90)


def tea_room(canvas: Canvas, mood: Mood, seed: int, width: float = WIDTH, drift: float = 0) -> None:
    """Draw the tea room: a wide window with curtains, pictures, a dresser with cups."""
    rng = np.random.default_rng([seed, 12])
    paper = room(canvas, mood, rng, width, (170, 118, 100))
    x = rng.uniform(180, 260)
    view(canvas, mood, x, 44, 190, 130)
    cloth = mixed((206, 72, 90), (90, 120, 170), float(rng.integers(2)))
    for side in (x - 12, x + 202):
        with canvas.at(side, 196):
            curtain(canvas, 48, 166, cloth)
    canvas.line([(x - 46, 30), (x + 236, 30)], DARK_WOOD, 6)
    for place in (60, 540):
        canvas.box(place - 30, 60, 64, 52, WOOD)
        canvas.box(place - 23, 67, 50, 38, mixed(paper, (110, 150, 190), 0.6))
        canvas.oval(place + 2, 88, 12, 9, (236, 170, 130), None)
        canvas.box(place - 40, 168, 84, 8, WOOD)
        for cup in range(3):
            canvas.box(place - 30 + cup * 24, 154, 15, 14, CREAM, round_by=4)


def post_office(canvas: Canvas, mood: Mood, seed: int, width: float = WIDTH, drift: float = 0) -> None:
    """Draw the post office: pigeonholes full of letters, a clock, sacks."""
    rng = np.random.default_rng([seed, 13])
    room(canvas, mood, rng, width, (150, 130, 124))
    left = rng.uniform(60, 160)
    canvas.box(left, 40, 280, 176, WOOD)
    for row in range(4):
        for column in range(7):
            x, y = left + 8 + column * 38.6, 48 + row * 41
            canvas.box(x, y, 32, 35, darker(WOOD, 0.45))
            if rng.random() < 0.65:
                canvas.box(x + 4, y + 17, 22, 15, ((250, 244, 228), (236, 206, 206), (206, 222, 236))[rng.integers(3)])
    clock_x = left + 340
    canvas.oval(clock_x, 90, 34, 34, CREAM)
    canvas.line([(clock_x, 90), (clock_x, 68)], width=4)
    canvas.line([(clock_x, 90), (clock_x + 16 * np.cos(drift * 0.1), 90 + 16 * np.sin(drift * 0.1))], width=3)
    for k in range(3):
        x = left + 330 + k * 44
        canvas.blob(
            [(x - 26, HEIGHT - 82), (x - 20, 232), (x, 214), (x + 20, 232), (x + 26, HEIGHT - 82)], (206, 184, 146)
        )
