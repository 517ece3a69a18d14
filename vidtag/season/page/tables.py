"""The sections that are tables with bars: characters, episodes, and every figure there is."""

from collections.abc import Iterator
from fractions import Fraction
from html import escape

from vidtag.evaluation.markup import Markup
from vidtag.records.reports import PRESENCE_COLUMNS, presence_rows
from vidtag.season.facts import Facts
from vidtag.season.page.charts import bar, face, stack
from vidtag.season.page.markup import (
    Cell,
    Column,
    count_cell,
    counted,
    percent,
    plain,
    section,
    share_cell,
    table,
    text_cell,
    time_cell,
)
from vidtag.times import format_clock


def characters_section(facts: Facts) -> str:
    """Show the screen time of every character as a bar, most first."""
    columns = (
        Column("Character", "character", numeric=False),
        Column("Screen time", look="wide"),
        Column("Time", "screen_time_s"),
        Column("Share", "share"),
        Column("Episodes", "episodes"),
        Column("Appearances", "appearances"),
        Column("Mean appearance", "mean_s"),
        Column("Longest", "longest_s"),
    )
    never = [facts.cast.names[place] for place, total in enumerate(facts.characters) if not total.appearances]
    note = f'<p class="note">Never on screen: {escape(plain(", ".join(never)))}.</p>' if never else ""
    shown = table("characters", "Screen time of every character", columns, _character_rows(facts))
    return section("screen-time", "Screen time", shown, note, lead="Of each character, over all episodes.")


def episodes_section(facts: Facts) -> str:
    """Show what every episode holds: whose screen time, end to end, and how much of it shows anybody."""
    columns = (
        Column("Episode", "episode", numeric=False),
        Column("Screen time by character", look="wide"),
        Column("Length", "length_s"),
        Column("Somebody there", "somebody_share"),
        Column("Characters", "characters"),
        Column("Appearances", "appearances"),
        Column("Most seen", "most_seen", numeric=False),
    )
    shown = table("episodes", "What every episode holds", columns, _episode_rows(facts))
    lead = "Screen times of all characters end to end; several are on screen at once, so a bar can exceed the length."
    return section("episode-by-episode", "Episode by episode", shown, _legend(facts), lead=lead)


def figures_section(facts: Facts) -> str:
    """Show a row an episode and character, the very rows of `vidtag report`; folded, as there are many."""
    kinds = {"episode": False, "character": False}
    titles = ("Episode", "Character", "Time", "Share", "Appearances", "First", "Last", "Longest")
    columns = [
        Column(title, field, numeric=kinds.get(field, True))
        for title, field in zip(titles, PRESENCE_COLUMNS, strict=True)
    ]
    shown = table("presence", "Figures of every character in every episode", columns, _presence_rows(facts))
    count = len(facts.season.episodes) * len(facts.cast)
    folded = f'<details class="fold"><summary>{counted(count, "row")}</summary>{shown}</details>'
    tools = '<button type="button" class="button" data-segments="segments.csv">Intervals as CSV</button>'
    lead = "A row an episode and character, as vidtag report writes them; and every interval."
    return section("figures", "All figures", folded, lead=lead, tools=tools)


def _character_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    most = max((total.seconds for total in facts.characters), default=Fraction(0)) or Fraction(1)
    for place in facts.ranking:
        total = facts.characters[place]
        yield (
            Cell(face(facts.cast, place), total.character),
            Cell(bar(place, total.seconds / most), f"{float(total.seconds):.3f}"),
            time_cell(total.seconds),
            share_cell(total.share),
            count_cell(total.episodes),
            count_cell(total.appearances),
            time_cell(total.seconds / total.appearances),
            time_cell(total.longest),
        )


def _episode_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    sums = [sum((value for value in row if value), Fraction(0)) for row in facts.seconds]
    most = max(sums) or Fraction(1)
    for total, row, seconds in zip(facts.episodes, facts.seconds, sums, strict=True):
        parts = [
            (place, value / most, f"{facts.cast.names[place]}: {format_clock(value)}")
            for place in facts.ranking
            if (value := row[place])
        ]
        seen = "" if total.most is None else total.most
        yield (
            text_cell(total.name),
            Cell(stack(parts), f"{float(seconds):.3f}"),
            time_cell(total.length),
            share_cell(total.somebody / total.length),
            count_cell(total.characters),
            count_cell(total.appearances),
            Cell(face(facts.cast, facts.cast.ids.index(seen)) if seen else "–", seen),
        )


def _presence_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    for episode in facts.season.episodes:
        for row in presence_rows(episode.name, episode.timeline, episode.scores.provenance.start):
            name, character, *figures = map(str, row)
            place = facts.cast.ids.index(character)
            seconds, share, appearances, *times = figures
            yield (
                text_cell(name),
                Cell(face(facts.cast, place), character),
                _time(seconds),
                Cell(percent(Fraction(share)), share),
                Cell(appearances, appearances),
                *map(_time, times),
            )


def _time(value: str) -> Cell:
    """Show a time of a CSV row."""
    return Cell(time_cell(Fraction(value)).shown, value) if value else Cell("–", "")


def _legend(facts: Facts) -> str:
    faces = "".join(f"<li>{face(facts.cast, place).text}</li>" for place in facts.leading)
    return f'<ul class="legend" aria-label="Colours of the characters">{faces}</ul>'


def overview(facts: Facts) -> Markup:
    """Say in a few large numbers what the season is."""
    season = facts.season
    somebody = sum((total.somebody for total in facts.episodes), Fraction(0))
    tiles = [
        (f"{len(season.episodes):,}", "episode" if len(season.episodes) == 1 else "episodes"),
        (format_clock(season.length), "of film"),
        (f"{len(facts.ranking):,}", f"of {counted(len(facts.cast), 'character')} seen"),
        (f"{sum(total.appearances for total in facts.characters):,}", "appearances"),
        (percent(somebody / season.length), "of the film with somebody on screen"),
    ]
    cells = "".join(f"<div><dd>{escape(figure)}</dd><dt>{escape(what)}</dt></div>" for figure, what in tiles)
    return Markup(f'<dl class="tiles">{cells}</dl>')
