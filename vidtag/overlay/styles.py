"""The looks of a bar, by name. Importing this draws nothing and imports no MoviePy."""

from vidtag.errors import OptionError
from vidtag.overlay.layout import BarStyle

BAR_STYLES: dict[str, BarStyle] = {
    "icons": BarStyle(),
    "icons+names": BarStyle(names=True, spread=1.9),
}
"""The looks of a bar by name; a new one is one more entry."""


def find_style(name: str) -> BarStyle:
    """Give a bar style by name.

    Raises:
        OptionError: there is none of that name.
    """
    if name not in BAR_STYLES:
        raise OptionError(f"unknown bar style {name!r}: choose one of {', '.join(BAR_STYLES)}")
    return BAR_STYLES[name]
