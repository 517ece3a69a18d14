"""The bar as a MoviePy clip, for people who go on editing in MoviePy."""

from bisect import bisect_right
from fractions import Fraction
from functools import lru_cache

import numpy as np
from moviepy import CompositeVideoClip, VideoClip
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import ShapeError
from vidtag.overlay.bar import Bar
from vidtag.overlay.tiles import Picture
from vidtag.timeline import Timeline

TIME_TOLERANCE = 1e-6
"""Seconds. MoviePy adds up frame times as floats, so the frame at an edge may ask just before it."""


def bar_clip(cast: Cast, timeline: Timeline, width_px: int, height_px: int, style: str = "icons") -> VideoClip:
    """Make a silent clip of the bar, as long as the timeline; it has no frame rate of its own.

    Args:
        cast: whose icons; the cast of the timeline.
        timeline: who is on screen when.
        width_px: width of the picture it is meant for, >= 1.
        height_px: height of that picture, >= 1; the bar is lower.
        style: a name in `BAR_STYLES`.

    Returns:
        A clip whose frames are (bar height, width_px, 3) uint8 RGB and read-only.

    Raises:
        OptionError: unknown style, or a picture too small for the cast.
        ShapeError: the timeline belongs to another cast.
        BundleError: an icon cannot be read.
    """
    if cast.ids != timeline.cast.ids:
        raise ShapeError(f"the timeline is of another cast: expected {cast.ids}, got {timeline.cast.ids}")
    bar = Bar(cast, width_px, height_px, style)
    parts = [part for presence in timeline.presences for part in presence]
    edges = sorted({Fraction(0), *(part.start for part in parts), *(part.end for part in parts)})
    instants = [float(edge) - TIME_TOLERANCE for edge in edges]

    @lru_cache(maxsize=256)
    def present_from(edge: Fraction) -> NDArray[np.bool_]:
        return timeline.present_at(edge)

    def frame(seconds: float) -> Picture:
        return bar.draw(present_from(edges[bisect_right(instants, seconds) - 1]))

    return VideoClip(frame, duration=float(timeline.end))


def tagged_clip(picture: VideoClip, cast: Cast, timeline: Timeline, style: str = "icons") -> VideoClip:
    """Put the bar under a MoviePy clip; sound, frame rate and duration stay those of the clip.

    Past the end of the timeline nobody is lit. A clip without a duration lasts as long as the timeline.

    Example: tagged_clip(VideoFileClip("episode.mp4"), cast, timeline).write_videofile("tagged.mp4")

    Raises:
        The same as `bar_clip`.
    """
    width, height = picture.size
    bar = bar_clip(cast, timeline, width, height, style)
    duration = bar.duration if picture.duration is None else picture.duration
    layers = [picture.with_duration(duration), bar.with_duration(duration).with_position((0, height))]
    tagged = CompositeVideoClip(layers, size=(width, height + bar.size[1]), bg_color=(0, 0, 0))
    tagged.fps = getattr(picture, "fps", None)  # colour clips have no such attribute
    tagged.audio = picture.audio
    return tagged
