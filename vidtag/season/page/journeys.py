"""The sections about change: trends over the season, first and last appearances, absences."""

from collections.abc import Iterator
from fractions import Fraction

from vidtag.season.appearances import Moment
from vidtag.season.facts import Facts
from vidtag.season.page.charts import curve, face, strip
from vidtag.season.page.markup import (
    Cell,
    Column,
    count_cell,
    percent,
    plain,
    section,
    share_cell,
    table,
    time_cell,
)


def trend_section(facts: Facts) -> str:
    """Show how large each character's part is from episode to episode; nothing where there is one episode only."""
    if len(facts.season.episodes) < 2 or not facts.ranking:
        return ""
    names = [episode.name for episode in facts.season.episodes]
    shares = [share for place in facts.leading for share in facts.trends[place].shares if share]
    most = max(shares, default=Fraction(1))
    cards = "".join(_card(facts, place, names, most) for place in facts.leading)
    choices = "".join(
        f'<label><input type="radio" name="scale" value="{value}"{checked}><span>{title}</span></label>'
        for value, title, checked in (("same", "One scale", " checked"), ("own", "Each its own", ""))
    )
    tools = f'<fieldset class="choice" data-scale="trends"><legend class="unseen">Scale</legend>{choices}</fieldset>'
    lead = f"Share of each episode, first to last; the line is the mean of three. Full height: {percent(most)}."
    own = '<p class="note" data-scale-note hidden>Each is as high as its own largest share: do not compare heights.</p>'
    return section("trend", "Over the season", f'<div class="cards">{cards}</div>', own, lead=lead, tools=tools)


def thirds_section(facts: Facts) -> str:
    """Show the share of each third of the season; nothing where there are fewer than three episodes."""
    if len(facts.season.episodes) < 3 or not facts.ranking:
        return ""
    columns = (
        Column("Character", "character", numeric=False),
        Column("First third", "first_third"),
        Column("Middle third", "middle_third"),
        Column("Last third", "last_third"),
        Column("Change", "change"),
    )
    shown = table("thirds", "Share of each third of the season", columns, _third_rows(facts))
    lead = "Share of the film in each third of the episodes."
    return section("by-thirds", "By thirds of the season", shown, lead=lead)


def journeys_section(facts: Facts) -> str:
    """Show when each character is seen first and last, and in which episodes in between."""
    columns = (
        Column("Character", "character", numeric=False),
        Column("In which episodes", look="wide"),
        Column("First seen in", "first_episode", numeric=False),
        Column("at", "first_s"),
        Column("Last seen in", "last_episode", numeric=False),
        Column("until", "last_s"),
    )
    shown = table("appearances", "First and last appearance of every character", columns, _journey_rows(facts))
    lead = "A box an episode; the stronger, the larger the character's part."
    return section("comings-and-goings", "First and last appearances", shown, lead=lead)


def absences_section(facts: Facts) -> str:
    """Show the longest stretch of film between two appearances of each character."""
    columns = (
        Column("Character", "character", numeric=False),
        Column("Away for", "absence_s"),
        Column("Episodes missed", "episodes_missed"),
        Column("Last seen in", "gone_episode", numeric=False),
        Column("until", "gone_s"),
        Column("Back in", "back_episode", numeric=False),
        Column("at", "back_s"),
    )
    if not facts.absences:
        return section("longest-absences", "Longest absences", '<p class="note">Nobody goes away and comes back.</p>')
    shown = table("absences", "Longest absence of every character", columns, _absence_rows(facts))
    lead = "Of film between two appearances, the episodes played one after the other."
    return section("longest-absences", "Longest absences", shown, lead=lead)


def _card(facts: Facts, place: int, names: list[str], most: Fraction) -> str:
    trend = facts.trends[place]
    peak = max((share for share in trend.shares if share), default=Fraction(0))
    drawn = curve(place, trend.shares, trend.smooth, names, most)
    said = f"<small>up to {percent(peak)}</small>"
    return (
        f'<figure class="card c{place}"><figcaption>{face(facts.cast, place).text}{said}</figcaption>{drawn}</figure>'
    )


def _third_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    for place in facts.ranking:
        trend, change = facts.trends[place], facts.trends[place].change
        shown, look = _change(change)
        value = "" if change is None else f"{float(change):.4f}"
        yield (
            Cell(face(facts.cast, place), facts.cast.ids[place]),
            *map(share_cell, trend.thirds),
            Cell(shown, value, look),
        )


def _change(change: Fraction | None) -> tuple[str, str]:
    """Write a change of a share in points of percent, and say by a class name where it goes."""
    if change is None:
        return "–", ""
    points = round(1000 * change)  # tenths
    look = "rises" if points > 0 else "falls" if points < 0 else ""
    sign = {"rises": "+", "falls": "\u2212"}.get(look, "")
    return f"{sign}{abs(points) / 10:.1f}\u00a0points", look


def _journey_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    names = [episode.name for episode in facts.season.episodes]
    for place in facts.ranking:
        span, trend = facts.spans[place], facts.trends[place]
        yield (
            Cell(face(facts.cast, place), facts.cast.ids[place]),
            Cell(strip(place, trend.shares, names), str(facts.characters[place].episodes)),
            *_moment(facts, span.first),
            *_moment(facts, span.last),
        )


def _absence_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    for absence in facts.absences:
        place = facts.cast.ids.index(absence.character)
        yield (
            Cell(face(facts.cast, place), absence.character),
            time_cell(absence.seconds),
            count_cell(absence.missed),
            *_moment(facts, absence.gone),
            *_moment(facts, absence.back),
        )


def _moment(facts: Facts, moment: Moment | None) -> tuple[Cell, Cell]:
    """Give the cells of an episode and a time in it; text cells of episodes are sorted by their order."""
    if moment is None:
        return Cell("–", ""), Cell("–", "")
    name = facts.season.episodes[moment.episode].name
    return Cell(plain(name), name), time_cell(moment.seconds)
