"""Places under the sky: the lane, the roofs, the park, and a house front with windows to look out of."""

from collections.abc import Sequence

import numpy as np

from .canvas import HEIGHT, WIDTH, Canvas, Colour, arc, mixed
from .light import Mood
from .mooncat import star
from .props import CREAM, LEAF, cloud, darker, house, street_lamp, tree, window

WALLS = (
    (232, 186, 140),
    (214, 138, 118),
    (150, 180, 176),
    (238, 214, 150),
    (176, 156, 190),
    (196, 206, 160),
    (222, 196, 190),
)
ROOFS = ((168, 84, 74), (96, 104, 138), (126, 92, 82), (84, 122, 112), (146, 104, 134))
Hole = tuple[float, float, float, float]
SKIES = {
    "day": ((126, 190, 226), (226, 240, 238)), "morning": ((150, 196, 224), (254, 226, 186)),
    "dusk": ((122, 104, 170), (255, 184, 130)), "night": ((52, 58, 120), (112, 108, 170)),
}  # fmt: skip


def sky(canvas: Canvas, mood: Mood, seed: int, drift: float = 0) -> None:
    """Paint the sky with clouds, sun or moon and stars; clouds move `drift` units."""
    rng = np.random.default_rng([seed, 1])
    canvas.sky(*SKIES.get(mood.name, SKIES["day"]))
    x, y = rng.uniform(60, WIDTH - 60), rng.uniform(36, 80)
    if mood.name == "night":
        for _ in range(26):
            canvas.fill(star(rng.uniform(0, WIDTH), rng.uniform(0, 170), rng.uniform(2, 4.5)), (255, 250, 214), None)
        canvas.oval(x, y, 30, 30, (255, 248, 206), None)
        canvas.shine(x, y, 60)
    elif mood.name != "dusk":
        canvas.oval(x, y, 26, 26, (255, 236, 156), None)
    shade = mixed((252, 250, 250), SKIES.get(mood.name, SKIES["day"])[1], 0.4)
    for k in range(4):
        with canvas.at((rng.uniform(0, WIDTH) + drift * (1 + k % 2)) % (WIDTH + 160) - 80, rng.uniform(30, 130)):
            cloud(canvas, rng.uniform(0.5, 1.1), shade)


def lane(canvas: Canvas, mood: Mood, seed: int, width: float = WIDTH, drift: float = 0) -> None:
    """Draw the lane: houses, lamps and cobbles, from x = 0 to `width`; the pavement begins at y = 282."""
    rng = np.random.default_rng([seed, 2])
    sky(canvas, mood, seed, drift)
    with canvas.at(0, 262):
        canvas.blob(
            [(-80, 40), (60, -60), (260, -20), (430, -80), (700, -30), (width, -70), (width + 90, 40)],
            darker(LEAF, 0.15),
            None,
        )
    lit = {"night": 0.75, "dusk": 0.5}.get(mood.name, 0.05)
    x = rng.uniform(-60, 0)
    while x < width:
        across = rng.uniform(98, 144)
        wall, roof = WALLS[rng.integers(len(WALLS))], ROOFS[rng.integers(len(ROOFS))]
        with canvas.at(x + across / 2, 282):
            house(canvas, across, rng.uniform(104, 186), wall, roof, int(rng.integers(1 << 30)), lit)
        x += across + (rng.uniform(20, 50) if rng.random() < 0.25 else 0)
    paving(canvas, rng, width, (198, 184, 178))
    for x in np.arange(rng.uniform(30, 200), width, 290):
        with canvas.at(x, 296):
            street_lamp(canvas, 168)


def paving(canvas: Canvas, rng: np.random.Generator, width: float, stone: Colour) -> None:
    """Draw the pavement's edge and cobbles below y = 282."""
    canvas.box(-60, 282, width + 120, 16, mixed(stone, (255, 255, 255), 0.3))
    canvas.box(-60, 298, width + 120, HEIGHT - 290, stone, None)
    for y in (308, 322, 338, 354):
        for x in np.arange(-40, width + 40, 46):
            canvas.line(arc(x + rng.uniform(-12, 12), y, 9, 4, 190, 350), darker(stone, 0.15), 2)


def park(canvas: Canvas, mood: Mood, seed: int, width: float = WIDTH, drift: float = 0) -> None:
    """Draw the park: hills, trees, a path; the grass begins at about y = 240."""
    rng = np.random.default_rng([seed, 3])
    sky(canvas, mood, seed, drift)
    grass = mixed((142, 190, 100), (186, 176, 96), float(rng.uniform(0, 0.7)))
    canvas.blob(
        [(-90, 330), (-60, 230), (160, 190), (340, 226), (520, 184), (width + 60, 226), (width + 90, 330)],
        darker(grass, 0.16),
        None,
    )
    for x in np.arange(rng.uniform(-20, 60), width, 112):
        with canvas.at(x + rng.uniform(-24, 24), rng.uniform(244, 256)):
            tree(
                canvas,
                rng.uniform(0.6, 1.0),
                mixed(LEAF, ((226, 150, 70), (70, 130, 110))[rng.integers(2)], rng.uniform(0, 0.8)),
            )
    canvas.blob([(-90, 400), (-80, 256), (200, 244), (420, 254), (width + 80, 240), (width + 90, 400)], grass, None)
    canvas.blob(
        [(-90, 350), (-80, 312), (260, 296), (width + 80, 312), (width + 90, 350), (260, 342)], (226, 204, 158), None
    )
    for _ in range(24):
        x, y = rng.uniform(0, width), rng.uniform(262, 356)
        canvas.oval(x, y, 3, 3, ((250, 240, 240), (246, 206, 90), (232, 130, 140))[rng.integers(3)], None)


def roofs(canvas: Canvas, mood: Mood, seed: int, width: float = WIDTH, drift: float = 0) -> None:
    """Draw the roofs: a ridge to walk on at y = 300, chimneys and far gables."""
    rng = np.random.default_rng([seed, 4])
    sky(canvas, mood, seed, drift)
    far = (126, 122, 166)
    for x in np.arange(-30, width + 60, 84):
        top = rng.uniform(170, 230)
        canvas.fill(
            [(x - 50, 320), (x - 50, top + 40), (x, top), (x + 50, top + 40), (x + 50, 320)],
            darker(far, rng.uniform(0, 0.3)),
            None,
        )
        if rng.random() < 0.6:
            window(canvas, x - 8, top + 46, 16, 20, mood.lamp > 0.3)
    roof = ROOFS[rng.integers(len(ROOFS))]
    canvas.box(-60, 300, width + 120, 100, roof, None)
    canvas.box(-60, 292, width + 120, 12, mixed(roof, (255, 255, 255), 0.2))
    for row, y in enumerate((312, 328, 344, 360)):
        for x in np.arange(-40 + 14 * (row % 2), width + 40, 28):
            canvas.line(arc(x, y, 14, 9, 10, 170), darker(roof, 0.3), 2)


def front(
    canvas: Canvas, mood: Mood, seed: int, width: float = WIDTH, drift: float = 0, holes: Sequence[Hole] = ()
) -> None:
    """Draw one house wall that fills the picture, with ivy; `holes` (x, y, w, h) are open windows, seen through."""
    rng = np.random.default_rng([seed, 5])
    wall = WALLS[rng.integers(len(WALLS))]
    corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in holes]
    canvas.sheet([(-60, -60), (width + 60, -60), (width + 60, HEIGHT + 60), (-60, HEIGHT + 60)], corners, wall)
    for _ in range(40):
        x, y = rng.uniform(0, width), rng.uniform(0, HEIGHT)
        if not any(a - 30 < x < a + w + 8 and b - 16 < y < b + h + 16 for a, b, w, h in holes):
            canvas.box(x, y, 22, 9, darker(wall, 0.07), None, round_by=2)
    for _ in range(60):
        side, reach = rng.integers(2), abs(rng.normal(0, 0.045))
        x, y = width * (reach if side else 1 - reach), rng.uniform(-10, HEIGHT)
        if not any(a - 12 < x < a + w + 12 and b - 12 < y < b + h + 12 for a, b, w, h in holes):
            canvas.oval(x, y, 10, 8, darker(LEAF, rng.uniform(0, 0.3)), None)
    canvas.box(-60, 336, width + 120, 60, darker(wall, 0.35))
    for hole in holes:
        frame(canvas, *hole)


def frame(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Draw the frame and the sill of an open window."""
    for a, b, wide, high in ((x - 7, y - 7, w + 14, 8), (x - 7, y, 8, h), (x + w - 1, y, 8, h)):
        canvas.box(a, b, wide, high, CREAM)
    canvas.box(x - 13, y + h - 2, w + 26, 11, (206, 196, 186))


def chamber(canvas: Canvas, x: float, y: float, w: float, h: float, paper: Colour) -> None:
    """Draw the room behind an open window; draw it before whoever stands in it."""
    canvas.box(x - 4, y - 4, w + 8, h + 8, paper, None)
    for stripe in np.arange(x, x + w, 22):
        canvas.box(stripe, y - 4, 7, h + 8, mixed(paper, CREAM, 0.25), None)
    canvas.shine(x + w / 2, y + h / 2, w)
