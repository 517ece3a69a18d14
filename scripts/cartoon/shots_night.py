"""The film from dusk on, one function a shot. Each draws the instant `t` seconds after its cut."""

import numpy as np

from . import outdoors, props
from .acting import between, ease, extra, jump, show, talk
from .canvas import Canvas, arc
from .furniture import bunting, chimney, parcel, shutters, table
from .light import DUSK, LAMPLIGHT, NIGHT
from .mooncat import star
from .sets import SETS
from .strangers import bear, frog, rabbit
from .strangers_birds import badger, crow, goose, letter_box


def close_up(canvas: Canvas, t: float) -> None:
    """Miro's face against the evening sky."""
    outdoors.roofs(canvas, DUSK, 113, drift=20 * t)
    show(
        canvas,
        "miro",
        t,
        x=330,
        y=500,
        size=2.5,
        look=0.8 - 1.6 * ease(t, 0.9, 0.3),
        mouth=talk(t, 1.2, 2),
        blink=float(0.6 < t < 0.75),
    )


def pan(canvas: Canvas, t: float) -> None:
    """Along the lane at dusk: from Wick and a frog to Fenna and Madame Oolong."""
    with canvas.at(-860 * ease(t, 1.35, 0.95), 0):
        outdoors.lane(canvas, DUSK, 128, width=1500, drift=14 * t)
        extra(canvas, frog, t, 13, x=130, y=346, size=0.72, mouth=talk(t, 0.2, 1))
        show(canvas, "wick", t, x=360, y=350, size=0.98, wave=t if t < 1.2 else None, mouth=talk(t, 0.5, 1.3))
        extra(canvas, goose, t, 14, x=770, y=344, size=0.8)
        show(canvas, "fenna_post", t, x=1080, y=352, size=0.96, mouth=talk(t, 2.4, 3.2), look=0.8)
        show(canvas, "madame_oolong", t, x=1320, y=352, size=0.94, left=True, mouth=talk(t, 3.2, 4))
        extra(canvas, crow, t, 15, x=1456, y=336, size=0.5, left=True)


def roofs(canvas: Canvas, t: float) -> None:
    """Miro and Wick on the roofs; Miro slips behind the chimney and looks out again."""
    outdoors.roofs(canvas, NIGHT, 135, drift=8 * t)
    if 3 < t < 3.6:
        x, y = 470 - 500 * (t - 3), 40 + 120 * (t - 3)
        canvas.line([(x, y), (x + 60, y - 15)], (255, 250, 220), 3)
        canvas.fill(star(x, y, 8), (255, 250, 220), None)
    show(canvas, "wick", t, x=160, y=314, size=0.9, mouth=talk(t, 3.6, 4.6), look=0.7)
    hidden = between(t, 1.9, 3.7, 0.2)
    show(
        canvas,
        "miro",
        t,
        x=330 + 112 * hidden,
        y=314,
        size=0.98,
        left=True,
        wave=t * 1.4 if t > 4.1 else None,
        mouth=talk(t, 0.5, 1.6),
    )
    with canvas.at(450, 318):
        chimney(canvas, 164, 196, t * 0.35)


def empty_night(canvas: Canvas, t: float) -> None:
    """The lane asleep: nobody at all, a few fireflies."""
    SETS["lane"](canvas, NIGHT, 149, drift=10 * t)
    for k in range(6):
        x = 80 + 96 * k + 26 * float(np.sin(t * 1.3 + k))
        y = 250 + 24 * float(np.cos(t * 1.7 + 2 * k))
        canvas.oval(x, y, 2.6, 2.6, (240, 255, 170), None)
        canvas.shine(x, y, 26)


def tea_party(canvas: Canvas, t: float) -> None:
    """Tea at Madame Oolong's: Barnaby and Pip are guests, Fenna comes through the curtain, Pip goes under the table."""
    SETS["tea_room"](canvas, LAMPLIGHT, 156)
    show(canvas, "barnaby_crumb", t, x=250, y=340, size=0.86, mouth=talk(t, 1.1, 2.4), look=0.6)
    show(canvas, "madame_oolong", t, x=84, y=352, size=0.92, mouth=talk(t, 0.2, 1.0), wave=t if 2.6 < t < 4 else None)
    under = 190 * between(t, 3.4, 4.9, 0.18)
    show(canvas, "pip_bramble", t, x=382, y=316 + under, size=0.92, left=True, mouth=talk(t, 2.4, 3.2))
    with canvas.at(332, 372):
        table(canvas, 296, 98, (110, 150, 190))
    flame = 2 * float(np.sin(t * 17))
    canvas.box(329, 216, 6, 26, (250, 244, 228))
    canvas.fill(arc(332, 209, 5, 8 + flame), (255, 206, 90), None)
    canvas.shine(332, 209, 50 + 4 * flame)
    show(
        canvas, "fenna_post", t, x=560, y=352, size=0.98, left=True, mouth=talk(t, 3, 4.4), wave=t if t > 4.6 else None
    )
    open_by = 150 * ease(t, 2.0, 0.2)
    with canvas.at(570 + open_by, 372):
        props.curtain(canvas, 160, 392, (126, 70, 110))


def parcels(canvas: Canvas, t: float) -> None:
    """Night at the post office: a letter box on watch; Pip springs from the parcel."""
    SETS["post_office"](canvas, DUSK, 161, drift=10 * t)
    extra(canvas, letter_box, t, 16, x=140, y=346, size=0.9, look=0.8, mouth=talk(t, 1.5, 2.2))
    up = 150 * (1 - ease(t, 1.15, 0.16)) - jump(t, 1.3, 0.5, 22)
    shake = 3 * float(np.sin(t * 40)) if t < 1.1 else 0
    show(
        canvas,
        "pip_bramble",
        t,
        x=400,
        y=306 + up,
        size=1.0,
        left=True,
        wave=t * 1.5 if t > 1.6 else None,
        mouth=talk(t, 1.4, 3),
    )
    with canvas.at(400 + shake, 362):
        parcel(canvas, 190, 116)
    with canvas.at(560, 366):
        props.crates(canvas, 120, 70)


def night_windows(canvas: Canvas, t: float) -> None:
    """Four small windows: Barnaby shuts his, Fenna comes to hers; a rabbit, a badger; Wick below keeps watch."""
    holes = [(60 + 146 * k, 84, 86, 96) for k in range(4)]
    for hole, paper in zip(holes, outdoors.WALLS[1:5], strict=True):
        outdoors.chamber(canvas, *hole, paper)
    show(canvas, "barnaby_crumb", t, x=103, y=222, size=0.6, mouth=talk(t, 0.3, 1.2))
    extra(canvas, rabbit, t, 17, x=249, y=212, size=0.62)
    fenna = 110 * (1 - between(t, 1.0, 3.4, 0.16))
    show(canvas, "fenna_post", t, x=395, y=226 + fenna, size=0.6, left=True, mouth=talk(t, 1.6, 2.6))
    extra(canvas, badger, t, 18, x=541, y=222, size=0.6, left=True)
    outdoors.front(canvas, NIGHT, 174, holes=holes)
    for k, hole in enumerate(holes):
        shutters(
            canvas,
            *hole,
            ease(t, 2.3, 0.16) if k == 0 else 0,
            ((110, 84, 100), (96, 140, 110), (84, 122, 150), (170, 130, 80))[k],
        )
    show(canvas, "wick", t, x=320, y=440, size=1.0, look=-0.6, mouth=talk(t, 2.6, 3.4))


def festival(canvas: Canvas, t: float) -> None:
    """All together under the lanterns; they come one after the other and wave."""
    SETS["lane"](canvas, NIGHT, 188, drift=8 * t)
    bunting(canvas, 26, t)
    extra(canvas, bear, t, 19, x=36, y=322, size=0.5)
    extra(canvas, crow, t, 20, x=606, y=320, size=0.5, left=True)
    beat = abs(float(np.sin(np.pi * t / (60 / 112))))
    waves = t * 1.4 if t > 3.2 else None
    stage = (("wick", 92, 346, 0.92, 0.0), ("fenna_post", 556, 348, 0.9, 0.0), ("barnaby_crumb", 210, 350, 0.86, 0.8))
    for identity, x, y, size, start in (*stage, ("madame_oolong", 424, 350, 0.86, 1.3)):
        rise = 300 * (1 - ease(t, start, 0.2)) if start else 0
        show(
            canvas,
            identity,
            t,
            x=x,
            y=y + rise - 6 * beat,
            size=size,
            left=x > 320,
            wave=waves,
            mouth=talk(t + x, 2, 6),
        )
    for identity, x, start in (("pip_bramble", 300, 1.85), ("miro", 512, 2.4)):
        rise = 300 * (1 - ease(t, start, 0.2))
        show(
            canvas,
            identity,
            t,
            x=x,
            y=360 + rise - 10 * beat,
            size=0.74,
            left=x > 320,
            wave=waves,
            mouth=talk(t + x, 2.6, 6),
        )
