"""Random pictures for training: other places, people, distances and hiding places than the film's."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from . import outdoors, props
from .canvas import WIDTH, Canvas
from .characters import CAST, MEMBERS, put
from .hiding import hide
from .light import DAY, DUSK, INDOORS, MORNING, NIGHT, Mood, finish
from .pose import Pose
from .sets import INDOOR_SETS, SETS
from .strangers_birds import STRANGERS
from .truth import present

PICTURE = (320, 180)


@dataclass(frozen=True, slots=True)
class Picture:
    """One training picture: (180, 320, 3) uint8 RGB, and the ids of those present."""

    image: np.ndarray
    ids: tuple[str, ...]


def random_pose(rng: np.random.Generator) -> Pose:
    """Give a figure somewhere in the picture; the nearer, the lower."""
    size = float(np.exp(rng.uniform(np.log(0.4), np.log(1.5))))
    y = float(300 + 55 * min(1, size) + rng.uniform(-18, 18) + max(0, size - 1) * rng.uniform(20, 150))
    return Pose(
        x=float(rng.uniform(40, WIDTH - 40)), y=y, size=size, left=bool(rng.integers(2)),
        stride=float(rng.random()) if rng.random() < 0.4 else None, breath=float(rng.random()),
        blink=float(rng.random() < 0.15), mouth=float(max(0, rng.uniform(-0.8, 1))),
        wave=float(rng.random()) if rng.random() < 0.25 else None, look=float(rng.uniform(-1, 1)),
        lean=float(rng.normal(0, 3)), squash=float(np.exp(rng.normal(0, 0.04))),
    )  # fmt: skip


def random_mood(rng: np.random.Generator, place: str) -> Mood:
    """Give a time of day that suits the place, slightly off its usual colour."""
    moods = (INDOORS, INDOORS, DUSK, NIGHT) if place in INDOOR_SETS else (DAY, MORNING, DUSK, NIGHT, NIGHT)
    mood = moods[rng.integers(len(moods))]
    red, green, blue = np.array(mood.ambient) * rng.uniform(0.92, 1.06) * rng.uniform(0.96, 1.04, 3)
    return replace(mood, ambient=(float(red), float(green), float(blue)), lamp=float(mood.lamp * rng.uniform(0.6, 1.1)))


def choose_cast(rng: np.random.Generator, count: int | None = None) -> list[str]:
    """Draw some of the cast without repetition; usually one to three."""
    if count is None:
        count = int(rng.choice(7, p=[0.12, 0.32, 0.28, 0.15, 0.07, 0.04, 0.02]))
    return [CAST[k].id for k in rng.permutation(len(CAST))[:count]]


def _put_stranger(canvas: Canvas, pose: Pose, rng: np.random.Generator) -> None:
    with canvas.dyed(float(rng.random()) if rng.random() < 0.35 else 0.0):
        put(canvas, STRANGERS[rng.integers(len(STRANGERS))], pose)


def _street(canvas: Canvas, rng: np.random.Generator, ids: list[str], place: str, mood: Mood) -> None:
    """Draw a place with people standing about, some of them hidden."""
    with canvas.at(WIDTH, 0, flip=True) if rng.random() < 0.5 else canvas.at():
        SETS[place](canvas, mood, int(rng.integers(1 << 30)), drift=float(rng.uniform(0, 200)))
    people: list[str | None] = [*ids, *[None] * int(rng.choice(5, p=[0.42, 0.22, 0.16, 0.12, 0.08]))]
    poses = sorted((random_pose(rng) for _ in people), key=lambda pose: pose.y)
    order = [people[k] for k in rng.permutation(len(people))]
    slots = (np.arange(len(order)) + 0.5) * WIDTH / max(1, len(order))
    spread = 100 if rng.random() < 0.75 else 280
    for identity, pose, slot in zip(order, poses, rng.permutation(slots), strict=True):
        pose = replace(pose, x=float(np.clip(slot + rng.normal(0, spread / max(2, len(order))), -10, WIDTH + 10)))
        if identity is None:
            _put_stranger(canvas, pose, rng)
        elif rng.random() < 0.45:
            hide(canvas, MEMBERS[identity], pose, rng)
        else:
            put(canvas, MEMBERS[identity].draw, pose)
    if rng.random() < 0.3:
        with canvas.at(float(rng.uniform(0, WIDTH)), 366):
            random_prop(canvas, rng, float(rng.uniform(60, 220)), float(rng.uniform(40, 110)))


def random_prop(canvas: Canvas, rng: np.random.Generator, width: float, height: float) -> None:
    """Draw something solid of the given size, in a random colour."""
    kinds = (props.bush, props.crates, props.fence, props.barrel, props.counter)
    with canvas.dyed(float(rng.normal(0, 0.06))):
        kinds[rng.integers(len(kinds))](canvas, width, height)


def _windows(canvas: Canvas, rng: np.random.Generator, ids: list[str], mood: Mood) -> None:
    """Draw a house front with people at open windows, some behind curtains or too low to be seen."""
    columns, high = int(rng.integers(2, 5)), float(rng.uniform(90, 150))
    width = float(min(150, 560 / columns * rng.uniform(0.55, 0.8)))
    y, gap = float(rng.uniform(60, 150)), (WIDTH - columns * width) / (columns + 1)
    holes = [(gap + k * (width + gap), y, width, high) for k in range(columns)]
    people: list[str | None] = [*ids, None, None][:columns]
    for hole, k in zip(holes, rng.permutation(columns), strict=True):
        outdoors.chamber(canvas, *hole, outdoors.WALLS[rng.integers(len(outdoors.WALLS))])
        if k < len(people):
            _at_window(canvas, hole, people[k], rng)
    outdoors.front(canvas, mood, int(rng.integers(1 << 30)), holes=holes)


def _at_window(canvas: Canvas, hole: outdoors.Hole, identity: str | None, rng: np.random.Generator) -> None:
    x, y, w, h = hole
    size = float(w / 135 * rng.uniform(0.75, 1.1))
    head_x, head_y, half = MEMBERS[identity].head_at if identity else (0, -130, 70)
    sink = float(rng.uniform(0, 1.7)) if rng.random() < 0.5 else 0.0
    left = bool(rng.integers(2))
    pose = replace(
        random_pose(rng), size=size, left=left,
        x=x + w / 2 - head_x * size * (-1 if left else 1) + float(rng.normal(0, w * 0.15)),
        y=y + h * 0.5 - head_y * size + sink * half * size,
    )  # fmt: skip
    if identity:
        put(canvas, MEMBERS[identity].draw, pose)
    else:
        _put_stranger(canvas, pose, rng)
    if rng.random() < 0.4:
        part = float(rng.uniform(0.1, 1)) * w
        with (
            canvas.at(x + part / 2 if rng.random() < 0.5 else x + w - part / 2, y + h + 4),
            canvas.dyed(float(rng.random())),
        ):
            props.curtain(canvas, part, h + 12, (206, 72, 90))


def random_picture(rng: np.random.Generator, ids: list[str], plain: bool = False) -> Picture:
    """Draw a picture with some of the cast.

    Args:
        rng: where all chance comes from.
        ids: who is in it, though perhaps hidden.
        plain: never faded.
    """
    canvas, places = Canvas(detail=1), tuple(SETS)
    place = places[rng.integers(len(places))]
    mood = random_mood(rng, place)
    zoom = float(np.exp(rng.uniform(0, 0.75))) if rng.random() < 0.35 else 1.0
    aim_x, aim_y = rng.uniform(320 / zoom, 640 - 320 / zoom), rng.uniform(180 / zoom, 360 - 180 / zoom)
    with canvas.at(320 - aim_x * zoom, 180 - aim_y * zoom, zoom) if zoom > 1 else canvas.at():
        if place == "front":
            _windows(canvas, rng, ids, mood)
        else:
            _street(canvas, rng, ids, place, mood)
    brightness = float(rng.uniform(0, 1)) if not plain and rng.random() < 0.07 else 1.0
    image = cv2.resize(finish(canvas, mood, brightness), PICTURE, interpolation=cv2.INTER_AREA)
    there = present(canvas, brightness)
    return Picture(image, tuple(member.id for member in CAST if member.id in there))
