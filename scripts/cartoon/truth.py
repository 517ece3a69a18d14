"""The truth rule: who counts as present in a frame.

A character is present if at least 40 % of its head's area can be seen - inside the picture and not covered by anything
drawn in front - and the picture is not faded below 35 % of its brightness. The area is that of the filled shapes of
the head as drawn (hats, spines, the cat's crescent and the lantern's glass belong to it; outlines do not), counted in
pixels of 640 x 360. Nobody writes an edge down by hand.
"""

import cv2
import numpy as np

from .canvas import Canvas, stamp

VISIBLE_SHARE = 0.40
FADED_BELOW = 0.35


def head_area(pieces: list[tuple[np.ndarray, int]]) -> int:
    """Count the pixels of a head's shapes together, inside the picture or not."""
    points = np.concatenate([place for place, _ in pieces])
    low = np.floor(points.min(axis=0)) - 12
    wide, high = (np.ceil(points.max(axis=0)) + 12 - low).astype(int)
    whole = np.zeros((high, wide), np.uint8)
    for place, thickness in pieces:
        stamp(whole, place - low, thickness, 1)
    return cv2.countNonZero(whole)


def head_shares(canvas: Canvas) -> dict[str, float]:
    """Give the visible share, 0-1, of every head that was drawn, by name."""
    seen = np.bincount(canvas.owner.ravel(), minlength=len(canvas.heads) + 1)
    return {name: float(seen[k + 1]) / head_area(pieces) for k, (name, pieces) in enumerate(canvas.heads.items())}


def present(canvas: Canvas, brightness: float = 1) -> set[str]:
    """Give the names of those present under the truth rule."""
    if brightness < FADED_BELOW:
        return set()
    return {name for name, share in head_shares(canvas).items() if share >= VISIBLE_SHARE}
