"""The film by day, one function a shot. Each draws the instant `t` seconds after its cut."""

import numpy as np

from . import outdoors, props
from .acting import between, ease, extra, jump, show, talk
from .canvas import Canvas
from .furniture import bench, shutters, sign
from .light import DAY, INDOORS, MORNING
from .sets import SETS
from .strangers import bear, frog, mouse, rabbit, turtle
from .strangers_birds import badger, crow, goose, letter_box, pigeon


def title(canvas: Canvas, t: float) -> None:
    """Morning in the lane: the sign comes down, a goose goes by; none of the cast."""
    SETS["lane"](canvas, MORNING, 41, drift=14 * t)
    extra(canvas, goose, t, 1, x=-60 + 118 * t, y=344, size=0.62, stride=t * 1.3, mouth=talk(t, 2.2, 2.8))
    extra(canvas, pigeon, t, 2, x=560, y=322 - jump(t, 2.4, 0.4, 24), size=0.4, left=True)
    with canvas.at(320, -120 + 160 * ease(t, 0.35, 0.5)):
        sign(canvas, 5 * float(np.exp(-0.9 * max(0, t - 0.8)) * np.sin(5 * (t - 0.8))) if t > 0.8 else 0)


def bakery(canvas: Canvas, t: float) -> None:
    """Barnaby behind his counter; Pip hops in; Barnaby ducks for a loaf and comes up again."""
    SETS["bakery"](canvas, INDOORS, 52, drift=10 * t)
    duck = 180 * between(t, 2.75, 4.15, 0.18)
    waving = t * 1.6 if t < 1.2 else None
    show(
        canvas,
        "barnaby_crumb",
        t,
        x=250,
        y=346 + duck,
        wave=waving,
        mouth=talk(t, 0.4, 2.4),
        look=0.5 if t > 1.6 else 0,
    )
    with canvas.at(320, 366):
        props.counter(canvas, 660, 106, (196, 142, 96))
    _baking(canvas, done=t > 4.2)
    hop = 230 * (1 - ease(t, 1.45, 0.2)) - jump(t, 4.3, 0.4, 26) - jump(t, 4.75, 0.4, 26)
    if t > 1.4:
        show(
            canvas,
            "pip_bramble",
            t,
            x=470,
            y=352 + hop,
            size=1.05,
            left=True,
            mouth=talk(t, 1.9, 3.4),
            wave=t if t > 4.2 else None,
        )


def _baking(canvas: Canvas, done: bool) -> None:
    """Lay the dough on the counter, and two loaves once they are done."""
    loaves = [(96, (250, 236, 212)), *([(330, (222, 156, 84)), (392, (222, 156, 84))] if done else [])]
    for x, crust in loaves:
        canvas.blob([(x, 262), (x + 4, 244), (x + 28, 234), (x + 52, 244), (x + 56, 262)], crust)


def post_office(canvas: Canvas, t: float) -> None:
    """Fenna stamps letters while Madame Oolong, a badger and a rabbit wait."""
    SETS["post_office"](canvas, INDOORS, 63, drift=10 * t)
    stamp = abs(float(np.sin(t * 2 * np.pi * 0.93)))
    show(canvas, "fenna_post", t, x=150, y=352, size=1.02, squash=1 - 0.03 * stamp, mouth=talk(t, 2.3, 3.4))
    with canvas.at(120, 366):
        props.counter(canvas, 300, 88, (150, 112, 92))
    canvas.box(196, 262 - 20 * stamp, 16, 18, (206, 62, 62), round_by=3)
    canvas.box(182, 276, 44, 4, (250, 244, 228))
    extra(canvas, badger, t, 3, x=585, y=346, size=0.92, left=True)
    extra(canvas, rabbit, t, 4, x=500, y=340, size=0.8, left=True, mouth=talk(t, 0.5, 1.6))
    if t > 1.1:
        slide = 320 * (1 - ease(t, 1.1, 0.22))
        show(
            canvas,
            "madame_oolong",
            t,
            x=372,
            y=350 + slide,
            size=0.92,
            left=True,
            mouth=talk(t, 1.5, 2.4),
            wave=t if t > 3.3 else None,
        )


def far_street(canvas: Canvas, t: float) -> None:
    """The lane from afar: Fenna runs through on her round, Miro watches from a wall, townsfolk before them."""
    SETS["lane"](canvas, DAY, 74, drift=14 * t)
    with canvas.at(470, 300):
        props.crates(canvas, 96, 44, (170, 150, 140))
    show(canvas, "miro", t, x=470, y=256, size=0.46, left=True, wave=t if t > 2.6 else None)
    run = -60 + 250 * (t - 0.55)
    show(canvas, "fenna_post", t, x=run, y=314, size=0.46, stride=t * 2.6, lean=6)
    extra(canvas, bear, t, 5, x=90, y=372, size=0.5, mouth=talk(t, 0.2, 1.5))
    extra(canvas, frog, t, 6, x=200, y=372, size=0.5, left=True, mouth=talk(t, 1.6, 3))
    extra(canvas, crow, t, 7, x=585, y=366, size=0.6, left=True)


def windows(canvas: Canvas, t: float) -> None:
    """Three windows: shutters open on Madame Oolong, a mouse looks out, Pip pops up and down."""
    holes = [(70, 90, 124, 130), (258, 90, 124, 130), (446, 90, 124, 130)]
    for hole, paper in zip(holes, outdoors.WALLS[2:5], strict=True):
        outdoors.chamber(canvas, *hole, paper)
    show(canvas, "madame_oolong", t, x=84, y=262, size=0.94, mouth=talk(t, 1.6, 3.2), blink=0)
    extra(canvas, mouse, t, 8, x=320, y=268, size=0.98, mouth=talk(t, 3, 4.2), wave=t if t > 3.8 else None)
    pip = 150 * (1 - between(t, 2.05, 4.35, 0.18))
    show(canvas, "pip_bramble", t, x=510, y=268 + pip, size=1.0, left=True, wave=t * 1.5 if t < 3.9 else None)
    outdoors.front(canvas, DAY, 87, holes=holes)
    for k, hole in enumerate(holes):
        shutters(
            canvas, *hole, 1 - ease(t, 1.0, 0.2) if k == 0 else 0, ((84, 122, 150), (96, 140, 110), (176, 96, 90))[k]
        )


def passers_by(canvas: Canvas, t: float) -> None:
    """The park with strangers only."""
    SETS["park"](canvas, MORNING, 91, drift=14 * t)
    extra(canvas, letter_box, t, 9, x=130 + 52 * t, y=330, size=0.7, stride=t * 1.2)
    extra(canvas, turtle, t, 10, x=560 - 30 * t, y=344, size=0.78, left=True, stride=t * 0.8)
    extra(canvas, bear, t, 11, x=330, y=322 - jump(t, 1.4, 0.5, 30), size=0.66, mouth=talk(t, 0.4, 2))
    extra(canvas, pigeon, t, 12, x=64, y=352, size=0.6, wave=t)


def park_bench(canvas: Canvas, t: float) -> None:
    """Wick and Barnaby on the bench's ends; Miro is hidden in the bush and jumps out; Pip comes and goes."""
    SETS["park"](canvas, DAY, 106, drift=14 * t)
    with canvas.at(250, 330):
        bench(canvas, 250)
    show(canvas, "wick", t, x=180, y=342, size=0.86, mouth=talk(t, 0.3, 1.5), look=0.8)
    show(
        canvas,
        "barnaby_crumb",
        t,
        x=318,
        y=342,
        size=0.8,
        left=True,
        mouth=talk(t, 1.6, 2.8),
        squash=1 + 0.05 * between(t, 2.5, 3.2),
    )
    show(
        canvas,
        "miro",
        t,
        x=500,
        y=398 - 128 * ease(t, 2.3, 0.16),
        size=0.9,
        left=True,
        wave=t * 1.5 if t > 2.6 else None,
    )
    with canvas.at(500, 366):
        props.bush(canvas, 210, 122)
    with canvas.at(60, 366):
        props.bush(canvas, 150, 60, (120, 172, 96))
    rush = -70 + 316 * (ease(t, 0.9, 0.35) - ease(t, 3.7, 0.35))
    show(canvas, "pip_bramble", t, x=rush, y=356, size=0.84, left=t > 3.6, stride=t * 3 if t < 1.4 or t > 3.6 else None)
