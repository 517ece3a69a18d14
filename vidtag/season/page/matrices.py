"""The sections that are shaded tables: who is in which episode, and who is with whom."""

from collections.abc import Iterator
from fractions import Fraction
from html import escape
from itertools import combinations

from vidtag.evaluation.markup import Markup
from vidtag.season.facts import MOST_IN_MATRICES, Facts
from vidtag.season.page.charts import face, heat
from vidtag.season.page.markup import (
    Cell,
    Column,
    count_cell,
    plain,
    section,
    share_cell,
    table,
    text_cell,
    time_cell,
)
from vidtag.times import format_clock

_UNITS = (("seconds", "Time"), ("scenes", "Scenes"), ("episodes", "Episodes"))


def heat_map_section(facts: Facts) -> str:
    """Show the screen time of every character in every episode, the stronger the shade the longer."""
    if not facts.ranking:
        return ""
    columns = [Column("Episode", "episode", numeric=False)]
    columns += [_upright(facts, place) for place in facts.leading]
    most = max((value for row in facts.seconds for value in row if value), default=Fraction(1))
    shown = table("heat-map", "Screen time by episode and character", columns, _heat_rows(facts, most), look="heat")
    lead = f"Minutes and seconds of each character in each episode; the strongest shade is {format_clock(most)}."
    return section("who-in-which", "Who is in which episode", shown, _left_out(facts), _scale(), lead=lead)


def together_section(facts: Facts) -> str:
    """Show who is on screen with whom as a matrix, of time, scenes or episodes."""
    if not facts.ranking:
        return ""
    choices = "".join(
        f'<label><input type="radio" name="unit" value="{unit}"{" checked" if unit == "seconds" else ""}>'
        f"<span>{title}</span></label>"
        for unit, title in _UNITS
    )
    tools = f'<fieldset class="choice" data-matrix="together"><legend class="unseen">Show</legend>{choices}</fieldset>'
    columns = [Column("Character", "character", numeric=False)]
    columns += [_upright(facts, place) for place in facts.leading]
    matrix = table("together", "Time together of each two characters", columns, _matrix_rows(facts), look="heat")
    lead = "A scene of two begins when both are on screen and ends when one leaves."
    return section("who-with-whom", "Who appears with whom", matrix, _left_out(facts), _scale(), lead=lead, tools=tools)


def pairs_section(facts: Facts) -> str:
    """List all pairs who are on screen together."""
    rows = list(_pair_rows(facts))
    if not rows:
        return section("all-pairs", "Pairs", '<p class="note">No two are on screen together.</p>')
    pairs = table("pairs", "Everyone who is on screen with somebody else", _PAIR_COLUMNS, rows)
    return section("all-pairs", "Pairs", pairs, lead="Shares are of each one's own screen time.")


_PAIR_COLUMNS = (
    Column("Character", "character", numeric=False),
    Column("With", "other", numeric=False),
    Column("Together", "together_s"),
    Column("Scenes", "scenes"),
    Column("Episodes", "episodes"),
    Column("Share of the first", "share"),
    Column("Share of the second", "other_share"),
)


def _heat_rows(facts: Facts, most: Fraction) -> Iterator[tuple[Cell, ...]]:
    for episode, row in zip(facts.season.episodes, facts.seconds, strict=True):
        cells = []
        for place in facts.leading:
            value = row[place]
            said = f"{plain(facts.cast.names[place])} in {plain(episode.name)}"
            cells.append(_time_cell(value, "none" if value is None else heat(value, most), said))
        yield (text_cell(episode.name), *cells)


def _time_cell(value: Fraction | None, look: str, hint: str) -> Cell:
    """Give a shaded cell: minutes and seconds, and in a hint what they are of."""
    shown = "–" if value is None else _short(value) if value else ""
    return Cell(Markup(f'<span title="{escape(hint)}">{shown}</span>'), time_cell(value).value, look)


def _matrix_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    pairs = list(combinations(facts.leading, 2))
    tables = {unit: getattr(facts.together, unit) for unit, _ in _UNITS}
    most = {unit: max((values[a][b] for a, b in pairs), default=0) or 1 for unit, values in tables.items()}
    for a in facts.leading:
        cells = []
        for b in facts.leading:
            shown = {unit: _unit_text(values[a][b]) for unit, values in tables.items()}
            heats = {unit: "own" if a == b else heat(values[a][b], most[unit]) for unit, values in tables.items()}
            values_told = {unit: _unit_value(values[a][b]) for unit, values in tables.items()}
            told = "".join(
                f' data-{unit}="{shown[unit]}" data-{unit}-value="{values_told[unit]}" data-{unit}-heat="{heats[unit]}"'
                for unit in tables
            )
            cells.append(
                Cell(Markup(f"<span{told}>{shown['seconds']}</span>"), values_told["seconds"], heats["seconds"])
            )
        yield (Cell(face(facts.cast, a), facts.cast.ids[a]), *cells)


def _unit_text(value: Fraction | int) -> str:
    if not value:
        return ""
    return _short(value) if isinstance(value, Fraction) else str(value)


def _unit_value(value: Fraction | int) -> str:
    return f"{float(value):.3f}" if isinstance(value, Fraction) else str(value)


def _pair_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    found, own = facts.together, facts.characters
    for a, b in facts.pairs:
        seconds = found.seconds[a][b]
        yield (
            Cell(face(facts.cast, a), facts.cast.ids[a]),
            Cell(face(facts.cast, b), facts.cast.ids[b]),
            time_cell(seconds),
            count_cell(found.scenes[a][b]),
            count_cell(found.episodes[a][b]),
            share_cell(seconds / own[a].seconds),
            share_cell(seconds / own[b].seconds),
        )


def _upright(facts: Facts, place: int) -> Column:
    """Give a narrow column with a character's name from bottom to top."""
    return Column(Markup(f'<span class="upright">{face(facts.cast, place).text}</span>'), facts.cast.ids[place])


def _short(seconds: Fraction) -> str:
    """Write a time as `m:ss`, or `h:mm:ss` from an hour on."""
    clock = format_clock(seconds)
    return clock if seconds >= 3600 else clock.removeprefix("0:").removeprefix("0")


def _scale() -> str:
    boxes = "".join(f'<i class="h{level}"></i>' for level in range(11))
    return f'<p class="scale" aria-hidden="true">less {boxes} more</p>'


def _left_out(facts: Facts) -> str:
    count = len(facts.ranking) - len(facts.leading)
    return (
        f'<p class="note">The {MOST_IN_MATRICES} who are longest on screen; {count} more are below.</p>'
        if count
        else ""
    )
