"""The style sheet of a page: its fixed part, and the colours and icons of the cast."""

import base64
from dataclasses import replace
from importlib.resources import files

import cv2

from vidtag.cast import Cast, Character
from vidtag.errors import BundleError
from vidtag.overlay.icons import load_icon
from vidtag.season.palette import hexadecimal, on_dark, on_light

_ICON_PX = 56  # shown at 24 px, sharp on screens of double density
_QUALITY = 80


def style_of(cast: Cast) -> str:
    """Give the style sheet: class `cK` sets the colour of character K, and its icon where it has one."""
    light = "".join(f"--c{place}:{hexadecimal(on_light(who.colour))};" for place, who in enumerate(cast))
    dark = "".join(f"--c{place}:{hexadecimal(on_dark(who.colour))};" for place, who in enumerate(cast))
    faces = "".join(f".c{place}{{--own:var(--c{place})}}{_icon_rule(place, who)}" for place, who in enumerate(cast))
    on_screens = f"@media screen and (prefers-color-scheme: dark){{:root:not(.printing){{{dark}}}}}"  # paper is light
    return f"{packaged('style.css')}\n:root{{{light}}}\n{on_screens}\n{faces}\n"


def packaged(name: str) -> str:
    """Read a style sheet or a script that lies beside this module."""
    return files("vidtag.season.page").joinpath(name).read_text("utf-8")


def _icon_rule(place: int, character: Character) -> str:
    if character.icon is None:
        return ""
    try:
        icon = load_icon(character, _ICON_PX)
    except BundleError:  # of a model that somebody is working on: initials stand for it
        icon = load_icon(replace(character, icon=None), _ICON_PX)
    data = cv2.imencode(".webp", icon[..., [2, 1, 0, 3]], (cv2.IMWRITE_WEBP_QUALITY, _QUALITY))[1].tobytes()
    return f".c{place} .face{{background-image:url(data:image/webp;base64,{base64.b64encode(data).decode('ascii')})}}"
