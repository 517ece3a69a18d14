"""Drawing: icons and the bar under the picture."""

from vidtag.overlay.bar import BAR_STYLES, Bar
from vidtag.overlay.clips import bar_clip, tagged_clip

__all__ = ["BAR_STYLES", "Bar", "bar_clip", "tagged_clip"]
