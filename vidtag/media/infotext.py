"""A description of a video as plain JSON values and back, for the way out of the process that looked into it."""

import json
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from vidtag.media.info import Chapter, StreamInfo, VideoInfo


def info_to_plain(info: VideoInfo) -> dict[str, Any]:
    """Give the fields by name: fractions as text, streams and chapters as lists; without the path."""
    plain = {field.name: _plain(getattr(info, field.name)) for field in fields(info) if field.name != "path"}
    for name in ("chapters", "others"):
        plain[name] = [[_plain(getattr(one, field.name)) for field in fields(one)] for one in getattr(info, name)]
    return plain


def info_to_text(info: VideoInfo) -> str:
    """Give what a child needs to look into a video once more, as JSON in one line: all but streams and chapters."""
    return json.dumps(info_to_plain(replace(info, chapters=(), others=())))


def info_from_text(text: str, path: Path) -> VideoInfo:
    """Build the description again; raises as `info_from_plain`."""
    return info_from_plain(json.loads(text), path)


def info_from_plain(plain: dict[str, Any], path: Path) -> VideoInfo:
    """Build the description again; the child is not believed more than the file, so every value is checked.

    Raises:
        TypeError, ValueError, KeyError: it is not what `info_to_plain` gives.
        ShapeError, LimitError: as `VideoInfo`.
    """
    kinds = {field.name: field.type for field in fields(VideoInfo)} | {"path": None}
    if set(plain) != set(kinds) - {"path"}:
        raise ValueError("other fields than those of a video")
    values = {name: _value(kinds[name], value) for name, value in plain.items() if name not in ("chapters", "others")}
    chapters = tuple(Chapter(Fraction(start), Fraction(end), str(title)) for start, end, title in plain["chapters"])
    others = tuple(
        StreamInfo(int(index), str(kind), str(codec), str(language), attached is True)
        for index, kind, codec, language, attached in plain["others"]
    )
    return VideoInfo(path=path, chapters=chapters, others=others, **values)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Fraction) else value


def _value(kind: Any, value: Any) -> Any:
    if kind is bool:
        return value is True
    if kind is int or kind is str:
        if type(value) is not kind:
            raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")
        return value
    return None if value is None else Fraction(value)
