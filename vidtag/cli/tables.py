"""Short tables of text for people, and the same as JSON."""

import json
from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

import click

from vidtag.analysis.screentime import ScreenTime, screen_times
from vidtag.timeline import Timeline
from vidtag.times import format_time


def print_presence(timeline: Timeline, start: Fraction) -> None:
    """Print who was on screen for how long, most first; those who never appear share a line at the end."""
    entries = sorted(screen_times(timeline, start), key=lambda entry: -entry.seconds)
    names = dict(zip(timeline.cast.ids, timeline.cast.names, strict=True))
    seen = [entry for entry in entries if entry.appearances]
    rows = [(names[e.character], format_time(e.seconds), f"{float(e.share):.1%}", str(e.appearances)) for e in seen]
    if rows:
        print_table(("character", "screen time", "share", "appearances"), rows)
    away = [names[entry.character] for entry in entries if not entry.appearances]
    if away:
        click.echo(f"never on screen: {', '.join(away)}")
    if timeline.unknown:
        gone = timeline.end - timeline.start - timeline.known_duration
        click.echo(f"unknown, as the film is damaged: {format_time(gone)} in {len(timeline.unknown)} stretches")


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, the first one aligned left and the others right."""
    for line in table_lines(header, rows):
        click.echo(line)


def table_lines(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Give the lines of a table, the first column aligned left and the others right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = []
    for row in (header, *rows):
        cells = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *cells]))
    return lines


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object, readable and with letters as they are."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_rows_json(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table as a JSON list of objects, one a line; what JSON has no word for becomes text or null."""
    objects = ({column: _plain(value) for column, value in zip(columns, row, strict=True)} for row in rows)
    lines = (json.dumps(each, ensure_ascii=False, default=str, allow_nan=False) for each in objects)
    click.echo("[" + ",\n ".join(lines) + "]")


def _plain(value: Any) -> Any:
    """Make of numbers that are none null, and of the keys of a mapping text."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return value


def presence_json(timeline: Timeline, start: Fraction) -> list[dict[str, Any]]:
    """Give each character's screen time and intervals, in seconds."""
    pairs = zip(screen_times(timeline, start), timeline.presences, strict=True)
    return [
        _entry_json(entry) | {"intervals_s": [[float(i.start), float(i.end)] for i in presence]}
        for entry, presence in pairs
    ]


def unknown_json(timeline: Timeline) -> list[list[float]]:
    """Give the stretches of which nothing is known, in seconds."""
    return [[float(interval.start), float(interval.end)] for interval in timeline.unknown]


def _entry_json(entry: ScreenTime) -> dict[str, Any]:
    return {
        "character": entry.character,
        "screen_time_s": round(float(entry.seconds), 3),
        "share": round(float(entry.share), 4),
        "appearances": entry.appearances,
        "first_s": None if entry.first is None else round(float(entry.first), 3),
        "last_s": None if entry.last is None else round(float(entry.last), 3),
        "longest_s": round(float(entry.longest), 3),
    }
