"""Drawing: icons and the bar under the picture.

The names below are imported when they are first used: MoviePy takes a fifth of a second.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vidtag.overlay.bar import Bar
    from vidtag.overlay.clips import bar_clip, tagged_clip
    from vidtag.overlay.styles import BAR_STYLES

_HOMES = {
    "BAR_STYLES": "vidtag.overlay.styles",
    "Bar": "vidtag.overlay.bar",
    "bar_clip": "vidtag.overlay.clips",
    "tagged_clip": "vidtag.overlay.clips",
}

__all__ = ["BAR_STYLES", "Bar", "bar_clip", "tagged_clip"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vidtag.overlay' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
