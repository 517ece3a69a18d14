"""The data behind the timelines as JSON: whole milliseconds, each interval told from the end of the one before."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from vidtag.cast import Cast
from vidtag.season.episode import Episode
from vidtag.season.facts import Facts
from vidtag.season.page.markup import plain
from vidtag.season.thumbnails import Sheet
from vidtag.timeline import Presence


def season_data(facts: Facts, sheets: Sequence[Sheet | None]) -> dict[str, Any]:
    """Give what the scripts draw.

    Args:
        facts: of the season.
        sheets: thumbnails of each episode, where there are some.

    Returns:
        `characters`: id, name and whether there is an icon; `episodes`: name, start and end in ms, a lane for each
        character of its cast that appears (place in the cast, and its intervals as `deltas` tells them), and the
        thumbnails' times.
    """
    return {
        "characters": [
            [character.id, plain(character.name), int(character.icon is not None)] for character in facts.cast
        ],
        "episodes": [
            _episode(episode, facts.cast, sheet) for episode, sheet in zip(facts.season.episodes, sheets, strict=True)
        ],
    }


def to_script(data: Any) -> str:
    """Write data as JSON that can stand in a script element: no letter in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def milliseconds(seconds: Fraction) -> int:
    """Round a time as the CSV files do, so that the page says the same to the last digit.

    >>> milliseconds(Fraction(1001, 24000))
    42
    """
    return int(f"{float(seconds):.3f}".replace(".", ""))


def deltas(presence: Presence) -> list[int]:
    """Tell intervals as ms: from the start, or the end of the one before, to the begin; then the length; and so on."""
    edges = [milliseconds(edge) for interval in presence for edge in (interval.start, interval.end)]
    return [edge - before for before, edge in zip([milliseconds(presence.start), *edges], edges, strict=False)]


def _episode(episode: Episode, cast: Cast, sheet: Sheet | None) -> dict[str, Any]:
    timeline = episode.timeline
    lanes = [
        [cast.ids.index(character.id), deltas(presence)]
        for character, presence in zip(timeline.cast, timeline.presences, strict=True)
        if presence.intervals
    ]
    told = {
        "name": episode.name,
        "shown": plain(episode.name),
        "start": milliseconds(timeline.start),
        "end": milliseconds(timeline.end),
        "lanes": lanes,
    }
    if sheet is not None:
        told["sheet"] = {
            "columns": sheet.columns,
            "width": sheet.width_px,
            "height": sheet.height_px,
            "times": [milliseconds(seconds) for seconds in sheet.times],
        }
    return told
