"""A supersampled picture that also remembers whose head each pixel shows.

Everything is drawn in *units*: 640 x 360 of them fill the picture, x to the right, y down. Inside `at(...)` the units
are those of the moved, turned and scaled frame. Colours are RGB, each 0-255. Drawing order is depth: later is nearer.
"""

import colorsys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np

WIDTH, HEIGHT = 640, 360
INK = (52, 38, 54)
Colour = tuple[int, int, int]
Points = Sequence[tuple[float, float]] | np.ndarray

_SHIFT = 4  # cv2 takes whole numbers of 1/16 px


def curve(points: Points, steps: int = 6, closed: bool = True) -> np.ndarray:
    """Draw a smooth line (Catmull-Rom) through points.

    Args:
        points: (n, 2), n >= 3.
        steps: points of the result for each of the input.
        closed: whether the last point leads back to the first.

    Returns:
        (m, 2) float64.
    """
    given = np.asarray(points, dtype=np.float64)
    ring = np.concatenate([given[-1:] if closed else given[:1], given, given[:2] if closed else given[-1:]])
    t = (np.arange(steps) / steps)[:, np.newaxis]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False)
    ]
    return np.concatenate([*parts, given[-1:]] if not closed else parts)


def arc(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360) -> np.ndarray:
    """Give points of an ellipse's edge from `start` to `end` degrees, clockwise from the right: (m, 2) float64."""
    angles = np.radians(np.linspace(start, end, max(8, int(abs(end - start) / 7))))
    return np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], axis=1)


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """Blend two colours; `share` 0 gives the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


class Canvas:
    """One picture being drawn.

    Attributes:
        image: (360 * detail, 640 * detail, 3) uint8 RGB.
        owner: (360, 640) uint8, n where the head of the n-th name in `heads` is on top (counted from 1), else 0.
        heads: outlines of every head drawn, by name, in px of `owner` and not cut at the picture's edge.
        lamps: (x, y, radius) in units of the picture of everything that shines in the dark.
    """

    def __init__(self, detail: int = 2) -> None:
        self.detail = detail
        self.image = np.zeros((HEIGHT * detail, WIDTH * detail, 3), np.uint8)
        self.owner = np.zeros((HEIGHT, WIDTH), np.uint8)
        self.heads: dict[str, list[tuple[np.ndarray, int]]] = {}
        self.lamps: list[tuple[float, float, float]] = []
        self._matrix = np.eye(3)
        self._head: str | None = None
        self._dye = 0.0

    @contextmanager
    def at(self, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0, flip: bool = False) -> Iterator[None]:
        """Move the origin to (x, y), then turn by degrees clockwise, scale, and mirror left-right."""
        before, cos, sin = self._matrix, np.cos(np.radians(turn)) * scale, np.sin(np.radians(turn)) * scale
        side = -1 if flip else 1
        self._matrix = before @ np.array([[cos * side, -sin, x], [sin * side, cos, y], [0, 0, 1]])
        yield
        self._matrix = before

    @contextmanager
    def stretched(self, x: float, y: float) -> Iterator[None]:
        """Scale the two directions differently, about the origin."""
        before = self._matrix
        self._matrix = before @ np.diag([x, y, 1.0])
        yield
        self._matrix = before

    @contextmanager
    def head(self, name: str) -> Iterator[None]:
        """Count what is drawn inside as the head of `name`; an empty name is nobody's."""
        before, self._head = self._head, name or None
        if name:
            self.heads.setdefault(name, [])
        yield
        self._head = before

    @contextmanager
    def dyed(self, turn: float) -> Iterator[None]:
        """Turn the hue of what is drawn inside by `turn` (0-1 is once round)."""
        before, self._dye = self._dye, turn
        yield
        self._dye = before

    @property
    def zoom(self) -> float:
        """Units of the picture per unit of the present frame."""
        return float(np.sqrt(abs(np.linalg.det(self._matrix[:2, :2]))))

    def fill(self, points: Points, colour: Colour, ink: Colour | None = INK, width: float = 2.2) -> None:
        """Fill a polygon and draw its outline, `width` units thick; `ink` None leaves the outline out."""
        place = self._place(points)
        grid = self._grid(place * self.detail)
        cv2.fillPoly(self.image, [grid], self._shown(colour), cv2.LINE_AA, _SHIFT)
        if ink is not None:
            cv2.polylines(self.image, [grid], True, ink, self._thickness(width), cv2.LINE_AA, _SHIFT)
        self._own(place, 0)

    def sheet(self, outer: Points, holes: Sequence[Points], colour: Colour) -> None:
        """Fill a polygon but for the holes in it, as a wall with windows; no outline."""
        places = [self._place(points) for points in (outer, *holes)]
        grids = [self._grid(place * self.detail) for place in places]
        cv2.fillPoly(self.image, grids, self._shown(colour), cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(self.owner, [self._grid(place) for place in places], 0, cv2.LINE_8, _SHIFT)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, ink: Colour | None = INK) -> None:
        """Fill an ellipse around (x, y)."""
        self.fill(arc(x, y, rx, ry), colour, ink)

    def box(
        self, x: float, y: float, w: float, h: float, colour: Colour, ink: Colour | None = INK, round_by: float = 0
    ) -> None:
        """Fill a rectangle whose top left corner is (x, y), with rounded corners."""
        r = min(round_by, w / 2, h / 2)
        corners = [(x + w - r, y + r, 270), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90), (x + r, y + r, 180)]
        sharp = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        self.fill(np.concatenate([arc(a, b, r, r, s, s + 90) for a, b, s in corners]) if r else sharp, colour, ink)

    def blob(self, points: Points, colour: Colour, ink: Colour | None = INK) -> None:
        """Fill the smooth closed shape through the points."""
        self.fill(curve(points), colour, ink)

    def line(self, points: Points, colour: Colour = INK, width: float = 2.2, ink: Colour | None = None) -> None:
        """Draw an open line with round ends; with `ink` it gets an outline, as a limb does."""
        place = self._place(points)
        grid = self._grid(place * self.detail)
        if ink is not None:
            cv2.polylines(self.image, [grid], False, ink, self._thickness(width + 4.4), cv2.LINE_AA, _SHIFT)
        cv2.polylines(self.image, [grid], False, self._shown(colour), self._thickness(width), cv2.LINE_AA, _SHIFT)
        self._own(place, max(1, round(width * self.zoom)))

    def tint(self, points: Points, colour: Colour, alpha: float) -> None:
        """Lay a translucent polygon over the picture; it hides nobody."""
        grid = self._grid(self._place(points) * self.detail)
        x, y, w, h = cv2.boundingRect((grid >> _SHIFT).astype(np.int32))
        left, top = max(0, x - 1), max(0, y - 1)
        part = self.image[top : max(0, y + h + 1), left : max(0, x + w + 1)]
        if part.size:
            over = part.copy()
            cv2.fillPoly(over, [grid], colour, cv2.LINE_AA, _SHIFT, (-left, -top))
            part[:] = cv2.addWeighted(part, 1 - alpha, over, alpha, 0)

    def sky(self, top: Colour, bottom: Colour, share: float = 1) -> None:
        """Paint the upper `share` of the whole picture with a vertical gradient."""
        rows = round(HEIGHT * self.detail * share)
        ramp = np.linspace(0, 1, rows)[:, np.newaxis]
        self.image[:rows] = np.rint(np.array(top) * (1 - ramp) + np.array(bottom) * ramp)[:, np.newaxis]

    def shine(self, x: float, y: float, radius: float) -> None:
        """Note a lamp, `radius` units of the present frame wide; it shows when the picture is graded for the night."""
        self.lamps.append((*self.place(x, y), radius * self.zoom))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Give the picture position, in units, of a point of the present frame."""
        point = self._place([(x, y)])[0]
        return float(point[0]), float(point[1])

    def _place(self, points: Points) -> np.ndarray:
        return np.asarray(points, np.float64) @ self._matrix[:2, :2].T + self._matrix[:2, 2]

    def _shown(self, colour: Colour) -> Colour:
        if not self._dye:
            return colour
        hue, light, strength = colorsys.rgb_to_hls(*(value / 255 for value in colour))
        red, green, blue = colorsys.hls_to_rgb((hue + self._dye) % 1, light, strength)
        return round(red * 255), round(green * 255), round(blue * 255)

    def _thickness(self, width: float) -> int:
        return max(1, round(width * self.zoom * self.detail))

    @staticmethod
    def _grid(pixels: np.ndarray) -> np.ndarray:
        return np.rint(np.clip(pixels, -30000, 30000) * (1 << _SHIFT)).astype(np.int32)

    def _own(self, place: np.ndarray, thickness: int) -> None:
        """Give the pixels of a shape to the head being drawn, or to nobody; thickness 0 is a filled shape."""
        value = list(self.heads).index(self._head) + 1 if self._head else 0
        stamp(self.owner, place, thickness, value)
        if self._head:
            self.heads[self._head].append((place, thickness))


def stamp(target: np.ndarray, place: np.ndarray, thickness: int, value: int) -> None:
    """Draw a shape without smoothing into `target` (h, w) uint8; thickness 0 fills it, else it is an open line."""
    grid = np.rint(np.clip(place, -30000, 30000) * (1 << _SHIFT)).astype(np.int32)
    if thickness:
        cv2.polylines(target, [grid], False, value, thickness, cv2.LINE_8, _SHIFT)
    else:
        cv2.fillPoly(target, [grid], value, cv2.LINE_8, _SHIFT)
