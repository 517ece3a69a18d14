"""The last step of a frame: time of day, lamps, fade, and the picture scaled down to its size."""

from dataclasses import dataclass

import cv2
import numpy as np

from .canvas import HEIGHT, WIDTH, Canvas

_COARSE = 4  # light changes slowly: it is computed on every fourth pixel


@dataclass(frozen=True, slots=True)
class Mood:
    """A time of day: what the light leaves of red, green and blue (0-1.1), and how strongly lamps shine (0-1)."""

    name: str
    ambient: tuple[float, float, float]
    lamp: float


DAY = Mood("day", (1.0, 1.0, 1.0), 0.0)
MORNING = Mood("morning", (1.03, 0.98, 0.88), 0.1)
DUSK = Mood("dusk", (0.98, 0.80, 0.80), 0.45)
NIGHT = Mood("night", (0.62, 0.66, 0.94), 0.8)
INDOORS = Mood("indoors", (1.0, 0.95, 0.87), 0.25)
LAMPLIGHT = Mood("night", (0.97, 0.88, 0.80), 0.4)  # indoors, with the night in the window


def light_map(mood: Mood, lamps: list[tuple[float, float, float]]) -> np.ndarray:
    """Give what to multiply each coarse pixel by: (90, 160, 3) float32, about 0.5 to 1.25."""
    y, x = np.mgrid[0 : HEIGHT // _COARSE, 0 : WIDTH // _COARSE].astype(np.float32) * _COARSE + _COARSE / 2
    light = np.tile(np.array(mood.ambient, np.float32), (*x.shape, 1))
    warm = np.array([1.0, 0.82, 0.46], np.float32) * mood.lamp * 0.8
    for lamp_x, lamp_y, radius in lamps:
        distance = ((x - lamp_x) ** 2 + (y - lamp_y) ** 2) / np.float32(max(radius, 1) ** 2)
        light += np.exp(-2 * distance)[..., np.newaxis] * warm
    edge = ((x / WIDTH - 0.5) ** 2 + (y / HEIGHT - 0.5) ** 2)[..., np.newaxis]
    return np.minimum(light, 1.22) * (1.02 - 0.22 * edge)


def finish(canvas: Canvas, mood: Mood, brightness: float = 1) -> np.ndarray:
    """Grade the drawing and scale it down.

    Args:
        canvas: the finished drawing.
        mood: the time of day.
        brightness: 1 as drawn, 0 black; fades go through it.

    Returns:
        (360, 640, 3) uint8 RGB.
    """
    picture = canvas.image
    if canvas.detail > 1:
        picture = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    light = cv2.resize(light_map(mood, canvas.lamps) * np.float32(brightness), (WIDTH, HEIGHT))
    return np.clip(np.rint(picture * light), 0, 255).astype(np.uint8)
