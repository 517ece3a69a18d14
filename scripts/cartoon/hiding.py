"""Put a figure into a picture so that only about a wanted share of its head is seen."""

from dataclasses import replace

import numpy as np

from . import props
from .canvas import WIDTH, Canvas
from .characters import Member, put
from .pose import Pose


def wanted_share(rng: np.random.Generator) -> float:
    """Draw how much of a head to leave visible: mostly near the threshold of the truth rule, else anything."""
    return float(np.clip(rng.normal(0.42, 0.22), 0, 1) if rng.random() < 0.6 else rng.uniform(0, 1))


def hide(canvas: Canvas, member: Member, pose: Pose, rng: np.random.Generator) -> None:
    """Draw the member with something before its head, or half outside the picture."""
    share, way = wanted_share(rng), int(rng.choice(4, p=[0.4, 0.25, 0.15, 0.2]))
    if way == 3:
        put(canvas, member.draw, beside_edge(member, pose, share, left=bool(rng.integers(2))))
        return
    put(canvas, member.draw, pose)
    head_x, head_y, half = member.head_at
    x = pose.x + head_x * pose.size * (-1 if pose.left else 1)
    y, half = pose.y + head_y * pose.size, half * pose.size
    (_from_below, _from_the_side, _from_above)[way](canvas, x, y, half, share, pose, rng)


def beside_edge(member: Member, pose: Pose, share: float, left: bool) -> Pose:
    """Move a pose to the edge of the picture so that about `share` of the head is inside."""
    head_x, _, half = member.head_at
    inside = (2 * share - 1) * half * pose.size * 0.8
    offset = head_x * pose.size * (-1 if pose.left else 1)
    return replace(pose, x=(inside if left else WIDTH - inside) - offset)


def _from_below(
    canvas: Canvas, x: float, y: float, half: float, share: float, pose: Pose, rng: np.random.Generator
) -> None:
    """Stand something solid before the figure, up to the wanted height of the head."""
    top = y - half + 2 * half * share
    kinds = (props.bush, props.crates, props.fence, props.barrel, props.counter)
    ground = max(pose.y + 8, top + 30)
    with canvas.at(x + float(rng.normal(0, half * 0.2)), ground), canvas.dyed(float(rng.normal(0, 0.07))):
        kinds[rng.integers(len(kinds))](canvas, half * float(rng.uniform(2.2, 3.6)), ground - top)


def _from_the_side(
    canvas: Canvas, x: float, y: float, half: float, share: float, pose: Pose, rng: np.random.Generator
) -> None:
    """Put a tall thing beside the figure that covers part of the head: a door leaf, a trunk, a curtain, a wall."""
    width, side = half * float(rng.uniform(1.2, 3)), 1 if rng.random() < 0.5 else -1
    middle = x + side * ((2 * share - 1) * half * 0.8 + width / 2)
    top = min(y - half * 1.3, float(rng.uniform(-30, 120)))
    colour = ((126, 92, 82), (188, 110, 94), (150, 176, 168), (206, 72, 90))[rng.integers(4)]
    with canvas.at(middle, pose.y + 10):
        if rng.random() < 0.5:
            props.curtain(canvas, width, pose.y + 10 - top, colour)
        else:
            canvas.box(-width / 2, top - pose.y, width, pose.y + 10 - top, colour)
            canvas.box(-width * 0.32, top - pose.y + 10, width * 0.64, (pose.y - top) * 0.42, props.darker(colour, 0.1))


def _from_above(
    canvas: Canvas, x: float, y: float, half: float, share: float, pose: Pose, rng: np.random.Generator
) -> None:
    """Hang a cloth or hold a parcel before the head, down to the wanted height."""
    low = y + half - 2 * half * share
    if rng.random() < 0.5:
        with canvas.at(x, low):
            props.curtain(canvas, half * 3, low + 30, ((206, 72, 90), (90, 130, 170), (236, 190, 90))[rng.integers(3)])
    else:
        with canvas.at(x, y + half - share * half * 1.7, turn=float(rng.normal(0, 8))):
            props.crates(canvas, half * 2.2, half * 1.9)
