"""A small canvas for flat portraits: shapes with a dark outline, in units of a 256 x 256 picture."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE_PX = 256
OVERSAMPLING = 4

Colour = tuple[int, int, int]
Point = tuple[float, float]

INK = (52, 38, 24)
MIDDLE = SIDE_PX / 2


class Easel:
    """Draws opaque shapes one over the other, four times as large as the finished picture."""

    def __init__(self) -> None:
        side = SIDE_PX * OVERSAMPLING
        self._canvas = np.zeros((side, side, 4), np.uint8)

    def polygon(self, points: Sequence[Point], fill: Colour, ink: Colour | None = INK, width: float = 4.5) -> None:
        """Fill a polygon and draw its outline; `ink` None leaves the outline out."""
        corners = _to_fixed_point(points)
        cv2.fillPoly(self._canvas, [corners], (*fill, 255), shift=4)
        if ink is not None:
            self._stroke(corners, ink, width, closed=True)

    def blob(self, points: Sequence[Point], fill: Colour, ink: Colour | None = INK, width: float = 4.5) -> None:
        """Fill a smooth closed curve through the points."""
        self.polygon(smooth(points, closed=True), fill, ink, width)

    def twins(self, points: Sequence[Point], fill: Colour, ink: Colour | None = INK, width: float = 4.5) -> None:
        """Draw a blob and its mirror image on the other side of the middle."""
        self.blob(points, fill, ink, width)
        self.blob(mirrored(points), fill, ink, width)

    def ellipse(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        fill: Colour,
        ink: Colour | None = INK,
        width: float = 4.5,
        tilt: float = 0,
    ) -> None:
        """Fill an ellipse of half axes `across` and `down`, tilted clockwise by degrees."""
        self.polygon(arc(x, y, across, down, 0, 360, tilt), fill, ink, width)

    def ring(self, x: float, y: float, across: float, down: float, ink: Colour, width: float) -> None:
        """Draw the outline of an ellipse only."""
        self._stroke(_to_fixed_point(arc(x, y, across, down, 0, 360)), ink, width, closed=True)

    def line(self, points: Sequence[Point], ink: Colour = INK, width: float = 4.5) -> None:
        """Draw a smooth open curve through the points."""
        self._stroke(_to_fixed_point(smooth(points, closed=False)), ink, width, closed=False)

    def zigzag(self, points: Sequence[Point], ink: Colour = INK, width: float = 5) -> None:
        """Draw straight lines from point to point."""
        self._stroke(_to_fixed_point(points), ink, width, closed=False)

    def finish(self) -> NDArray[np.uint8]:
        """Give the picture: (256, 256, 4) uint8 RGBA with soft edges."""
        opacity = self._canvas[..., 3:].astype(np.float32) / 255
        premultiplied = np.dstack([self._canvas[..., :3] * opacity, opacity])
        small = cv2.resize(premultiplied, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        colours = small[..., :3] / np.maximum(small[..., 3:], 1e-6)
        return np.dstack([colours, 255 * small[..., 3]]).round().clip(0, 255).astype(np.uint8)

    def _stroke(self, points: NDArray[np.int32], ink: Colour, width: float, closed: bool) -> None:
        thickness = round(width * OVERSAMPLING)
        cv2.polylines(self._canvas, [points], closed, (*ink, 255), thickness, cv2.LINE_8, shift=4)


def arc(
    x: float, y: float, across: float, down: float, start: float, end: float, tilt: float = 0
) -> list[tuple[float, float]]:
    """Give points of an ellipse from one angle to another: degrees, 0 right, 90 down."""
    angle = np.radians(np.linspace(start, end, 73))
    along, aside = across * np.cos(angle), down * np.sin(angle)
    turn = np.radians(tilt)
    return [
        (float(x + a * np.cos(turn) - b * np.sin(turn)), float(y + a * np.sin(turn) + b * np.cos(turn)))
        for a, b in zip(along, aside, strict=True)
    ]


def mirrored(points: Sequence[Point]) -> list[Point]:
    """Reflect points at the vertical middle of the picture."""
    return [(2 * MIDDLE - x, y) for x, y in points]


def symmetric(right_half: Sequence[Point]) -> list[Point]:
    """Close a shape whose right half is given from top to bottom."""
    return [*right_half, *mirrored(right_half)[::-1]]


def star(x: float, y: float, inner: float, outer: float, angles: Sequence[float]) -> list[Point]:
    """Give spikes that point at some angles in degrees (0 right, 90 down), with valleys half-way between."""
    points = []
    for angle, following in zip(angles, [*angles[1:], angles[0] + 360], strict=True):
        for radius, degrees in ((outer, angle), (inner, (angle + following) / 2)):
            turn = np.radians(degrees)
            points.append((float(x + radius * np.cos(turn)), float(y + radius * np.sin(turn))))
    return points


def smooth(points: Sequence[Point], closed: bool, steps: int = 16) -> list[Point]:
    """Lead a Catmull-Rom curve through points."""
    known = [points[-1], *points, *points[:2]] if closed else [points[0], *points, points[-1]]
    share = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis]
    curve = []
    for a, b, c, d in zip(*(np.array(known[k : len(known) - 3 + k]) for k in range(4)), strict=True):
        curve.append(
            0.5 * (2 * b + (c - a) * share + (2 * a - 5 * b + 4 * c - d) * share**2 + (3 * (b - c) + d - a) * share**3)
        )
    if not closed:
        curve.append(np.array(points[-1:]))
    return [(float(x), float(y)) for x, y in np.concatenate(curve)]


def _to_fixed_point(points: Sequence[Point]) -> NDArray[np.int32]:
    """Scale to the large canvas, in sixteenths of a pixel as OpenCV takes them."""
    return np.round(np.array(points) * OVERSAMPLING * 16).astype(np.int32).reshape(-1, 1, 2)
