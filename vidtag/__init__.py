"""Who is on screen, when? Tags every character of an animated episode.

>>> import vidtag
>>> scores = vidtag.analyze("episode.mp4")                # doctest: +SKIP
>>> scores.timeline()["homer_simpson"].duration           # doctest: +SKIP
>>> vidtag.annotate("episode.mp4", "tagged.mp4")          # doctest: +SKIP

The names below are imported when they are first used, so that `import vidtag` and the command line start at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vidtag.version import __version__

if TYPE_CHECKING:
    from vidtag.api import analyze, annotate, load_model, load_scores, save_scores
    from vidtag.cast import Cast, Character
    from vidtag.errors import VidtagError
    from vidtag.pipeline import Annotation
    from vidtag.scores import Scores
    from vidtag.timeline import Interval, Presence, Timeline

_HOMES = {
    "Annotation": "vidtag.pipeline",
    "Cast": "vidtag.cast",
    "Character": "vidtag.cast",
    "Interval": "vidtag.timeline",
    "Presence": "vidtag.timeline",
    "Scores": "vidtag.scores",
    "Timeline": "vidtag.timeline",
    "VidtagError": "vidtag.errors",
    "analyze": "vidtag.api",
    "annotate": "vidtag.api",
    "load_model": "vidtag.api",
    "load_scores": "vidtag.api",
    "save_scores": "vidtag.api",
}

__all__ = [
    "Annotation",
    "Cast",
    "Character",
    "Interval",
    "Presence",
    "Scores",
    "Timeline",
    "VidtagError",
    "__version__",
    "analyze",
    "annotate",
    "load_model",
    "load_scores",
    "save_scores",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vidtag' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
