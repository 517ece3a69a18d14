"""The cast of Lantern Lane, in column order, and how a member is put into a picture."""

from collections.abc import Callable
from dataclasses import dataclass

from . import fox, hedgehog, lampbot, mooncat, owl, snail
from .canvas import Canvas, Colour
from .pose import Pose

Draw = Callable[[Canvas, Pose], None]


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast.

    Attributes:
        id, name: as in cast.toml.
        colour: RGB accent, 0-255.
        draw: draws the figure at the origin of the canvas, facing right.
        head_at: middle of the head in the figure's units, and half the height of what an icon shows.
    """

    id: str
    name: str
    colour: Colour
    draw: Draw
    head_at: tuple[float, float, float]


CAST = (
    Member("barnaby_crumb", "Barnaby Crumb", owl.BROWN, owl.draw, (0, -150, 76)),
    Member("fenna_post", "Fenna Post", fox.ORANGE, fox.draw, (0, -158, 70)),
    Member("wick", "Wick", lampbot.COPPER, lampbot.draw, (0, -166, 76)),
    Member("madame_oolong", "Madame Oolong", (232, 120, 158), snail.draw, (54, -102, 66)),
    Member("pip_bramble", "Pip Bramble", (206, 52, 62), hedgehog.draw, (-4, -84, 62)),
    Member("miro", "Miro", mooncat.NIGHT, mooncat.draw, (-4, -104, 70)),
)
IDS = tuple(member.id for member in CAST)
MEMBERS = {member.id: member for member in CAST}


def put(canvas: Canvas, draw: Draw, pose: Pose) -> None:
    """Draw a figure where and how its pose says."""
    with canvas.at(pose.x, pose.y, pose.size, flip=pose.left), canvas.stretched(1 / pose.squash, pose.squash):
        draw(canvas, pose)
