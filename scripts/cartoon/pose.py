"""How a figure stands in one frame, and the parts that all figures share: eyes, mouths, limbs, shadows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from .canvas import INK, Canvas, Colour, arc

WHITE = (252, 250, 244)
BLUSH = (244, 150, 140)


@dataclass(frozen=True, slots=True)
class Pose:
    """One figure in one frame.

    Attributes:
        x, y: where its feet are, in units of the set.
        size: 1 draws a grown-up about 190 units tall.
        left: whether it faces left.
        stride: phase of the walk in turns; None stands still.
        breath: phase of the idle motion in turns.
        blink: 0 eyes open, 1 shut.
        mouth: 0 shut, 1 wide open.
        wave: phase of a waving arm in turns; None keeps the arm down.
        look: where the eyes turn, -1 back to 1 ahead.
        lean: degrees, clockwise.
        squash: height over usual height, > 0; the width makes up for it.
    """

    x: float = 320
    y: float = 330
    size: float = 1
    left: bool = False
    stride: float | None = None
    breath: float = 0
    blink: float = 0
    mouth: float = 0
    wave: float | None = None
    look: float = 0
    lean: float = 0
    squash: float = 1

    @property
    def bob(self) -> float:
        """How far the body is lifted, in units of the figure."""
        if self.stride is not None:
            return float(5 * abs(np.sin(2 * np.pi * self.stride)))
        return float(1.3 + 1.3 * np.sin(2 * np.pi * self.breath))

    def step(self, shift: float = 0) -> tuple[float, float]:
        """Give a foot's (forward, lift) in -1..1 and 0..1; `shift` 0.5 is the other foot."""
        if self.stride is None:
            return 0.0, 0.0
        angle = 2 * np.pi * (self.stride + shift)
        return float(np.sin(angle)), float(max(0, np.cos(angle)))

    def arm(self, rest: float) -> float:
        """Give the waving arm's direction in degrees (0 down, 180 up), or `rest` plus the swing of the walk."""
        if self.wave is not None:
            return float(122 + 20 * np.sin(2 * np.pi * self.wave))
        return rest + 22 * self.step()[0]


def shadow(canvas: Canvas, width: float) -> None:
    """Lay a soft shadow under the feet."""
    canvas.tint(arc(0, 0, width, width * 0.17), (30, 22, 50), 0.25)


def eye(canvas: Canvas, x: float, y: float, radius: float, pose: Pose, iris: Colour | None = None) -> None:
    """Draw one eye: white with a pupil, an iris around it if a colour is given; shut it is a curved lash."""
    if pose.blink > 0.5:
        canvas.line(arc(x, y - radius * 0.2, radius * 0.85, radius * 0.6, 15, 165), INK, radius * 0.32)
        return
    canvas.oval(x, y, radius, radius * 1.08, WHITE)
    shift = pose.look * radius * 0.3
    if iris is not None:
        canvas.oval(x + shift, y, radius * 0.72, radius * 0.78, iris, None)
    canvas.oval(x + shift, y, radius * 0.46, radius * 0.52, (30, 22, 34), None)
    canvas.oval(x + shift + radius * 0.18, y - radius * 0.22, radius * 0.17, radius * 0.17, WHITE, None)


def dot_eye(canvas: Canvas, x: float, y: float, radius: float, pose: Pose) -> None:
    """Draw a small black eye with a glint."""
    if pose.blink > 0.5:
        canvas.line(arc(x, y - radius * 0.3, radius, radius * 0.7, 15, 165), INK, radius * 0.45)
        return
    shift = pose.look * radius * 0.4
    canvas.oval(x + shift, y, radius * 0.85, radius * 1.15, (30, 22, 34), None)
    canvas.oval(x + shift + radius * 0.25, y - radius * 0.45, radius * 0.32, radius * 0.32, WHITE, None)


def mouth(canvas: Canvas, x: float, y: float, width: float, pose: Pose) -> None:
    """Draw a smile, or an open mouth with a tongue."""
    if pose.mouth < 0.15:
        canvas.line(arc(x, y - width * 0.25, width / 2, width * 0.3, 20, 160), INK, 2.2)
        return
    depth = width * (0.25 + 0.5 * pose.mouth)
    canvas.fill(arc(x, y - width * 0.1, width / 2, depth, 0, 180), (110, 36, 52), width=1.6)
    canvas.oval(x, y - width * 0.1 + depth * 0.66, width * 0.24, depth * 0.26, (236, 120, 120), None)


def cheeks(canvas: Canvas, x: float, y: float, apart: float, radius: float, colour: Colour = BLUSH) -> None:
    """Draw two rosy cheeks, `apart` units from (x, y) on either side."""
    for side in (-apart, apart):
        canvas.oval(x + side, y, radius, radius * 0.66, colour, None)


def limb(canvas: Canvas, x: float, y: float, length: float, angle: float, colour: Colour, width: float) -> tuple:
    """Draw an arm from a shoulder, `angle` degrees forward from hanging down; give the hand's (x, y)."""
    turn = np.radians(angle)
    bend = np.radians(angle - (34 if abs(angle) > 80 else 18))
    elbow = (x + np.sin(bend) * length * 0.5, y + np.cos(bend) * length * 0.5)
    hand = (float(x + np.sin(turn) * length), float(y + np.cos(turn) * length))
    canvas.line([(x, y), elbow, hand], colour, width, INK)
    return hand


@contextmanager
def arm_and_head(canvas: Canvas, pose: Pose, arm: tuple[float, float, float, Colour, float, Colour]) -> Iterator[None]:
    """Draw the near arm before the head that the caller draws inside, or after it if the arm is waving.

    `arm` is x and y of the shoulder, length, colour, width and colour of the hand.
    """
    x, y, length, colour, width, paw = arm

    def near() -> None:
        canvas.oval(*limb(canvas, x, y, length, pose.arm(16), colour, width), width * 0.62, width * 0.62, paw)

    if pose.wave is None:
        near()
    yield
    if pose.wave is not None:
        near()


def legs(canvas: Canvas, pose: Pose, apart: float, hip: float, colour: Colour, width: float, shoe: Colour) -> None:
    """Draw two legs from the hip height (units above the ground) with shoes, stepping as the pose says."""
    for side, shift in ((-apart, 0.5), (apart, 0.0)):
        forward, lift = pose.step(shift)
        foot = (side + forward * hip * 0.45, -lift * hip * 0.22)
        canvas.line([(side, -hip), (foot[0], foot[1] - width * 0.3)], colour, width, INK)
        canvas.blob(
            [
                (foot[0] - width * 0.6, foot[1]),
                (foot[0] - width * 0.5, foot[1] - width * 0.9),
                (foot[0] + width * 0.5, foot[1] - width * 0.9),
                (foot[0] + width * 1.3, foot[1] - width * 0.3),
                (foot[0] + width * 1.3, foot[1]),
            ],
            shoe,
        )
