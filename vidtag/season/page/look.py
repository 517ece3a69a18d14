"""The page's styles and scripts: files beside this module, and what depends on the cast; and its safety rules."""

import base64
import hashlib
from importlib.resources import files

import cv2

from vidtag.cast import Cast, Character
from vidtag.errors import BundleError
from vidtag.overlay.icons import load_icon
from vidtag.season.palette import hexadecimal, on_dark, on_light

ICON_PX = 56  # twice the largest size at which it is shown, for fine screens
_QUALITY = 80
_SCRIPTS = ("core.js", "tables.js", "view.js", "drawing.js", "lanes.js", "page.js")
_STYLES = ("page.css", "tables.css", "lanes.css")


def script_text() -> str:
    """Give the scripts as one; they share one scope, in this order."""
    return "".join(["(() => {\n", *map(_read, _SCRIPTS), "})();\n"])


def style_text(cast: Cast) -> str:
    """Give the styles as one, with a colour and an icon of each character."""
    light = "".join(f".c{place}{{--c:{_light(character)}}}" for place, character in enumerate(cast))
    dark = "".join(f".c{place}{{--c:{_dark(character)}}}" for place, character in enumerate(cast))
    icons = "".join(
        f".c{place} .face{{background-image:url({_icon(character)})}}\n"
        for place, character in enumerate(cast)
        if character.icon is not None
    )
    rules = f"{light}\n@media (prefers-color-scheme:dark){{:root:not(.printing) :is(*){{}}{dark}}}\n@media print{{{light}}}\n"
    return "".join([*map(_read, _STYLES), rules, icons])


def safety_rules(style: str, script: str) -> str:
    """Give the content security policy: nothing but this style, this script, and pictures out of the page itself."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def picture_address(content: bytes, kind: str) -> str:
    """Give a picture as an address that holds it."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _icon(character: Character) -> str:
    """Give a character's icon as an address; of one that cannot be read, initials."""
    try:
        pixels = load_icon(character, ICON_PX)
    except BundleError:
        pixels = load_icon(Character(character.id, character.name, character.colour), ICON_PX)
    bgra = pixels[..., [2, 1, 0, 3]]
    return picture_address(cv2.imencode(".webp", bgra, (cv2.IMWRITE_WEBP_QUALITY, _QUALITY))[1].tobytes(), "webp")


def _light(character: Character) -> str:
    return hexadecimal(on_light(character.colour))


def _dark(character: Character) -> str:
    return hexadecimal(on_dark(character.colour))


def _read(name: str) -> str:
    return files("vidtag.season.page").joinpath("static", name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
