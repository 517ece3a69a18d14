"""A season as Markdown: the tables of the report, for wikis, pull requests and mail."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from vidtag.records.reports import readable
from vidtag.season.appearances import Moment
from vidtag.season.facts import Facts
from vidtag.season.page.markup import counted, plain
from vidtag.times import format_clock
from vidtag.wholefile import check_target, whole_file

MOST_PAIRS = 20
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")


def save_markdown(facts: Facts, target: Path, *, title: str, overwrite: bool) -> Path:
    """Write the report as Markdown, whole or not at all, and give its absolute path.

    Raises:
        OutputError: the target exists and may not be replaced, or it cannot be written.
    """
    target = check_target(target, overwrite=overwrite)
    with whole_file(target, overwrite=overwrite) as temporary:
        temporary.write_text(to_markdown(facts, readable(title)), encoding="utf-8", newline="\n")
    return target


def to_markdown(facts: Facts, title: str) -> str:
    """Give the report as text; tables are GitHub's."""
    season = facts.season
    film = f"{counted(len(season.episodes), 'episode')}, {format_clock(season.length)} of film"
    parts = [f"# {escaped(title)}", f"{film}, {counted(len(facts.ranking), 'character')} on screen."]
    for heading, header, rows in (
        ("Screen time", _CHARACTERS, _characters(facts)),
        ("Episodes", _EPISODES, _episodes(facts)),
        ("Who is in which episode", ("Episode", *_names(facts)), _heat_map(facts)),
        ("Who appears with whom", _PAIRS, _pairs(facts)),
        ("First and last appearances", _JOURNEYS, _journeys(facts)),
        ("Longest absences", _ABSENCES, _absences(facts)),
    ):
        parts += [f"## {heading}", _table(header, rows)]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    r"""Write text so that nothing in it is taken for Markdown or HTML.

    >>> print(escaped("<b>a|b"))
    \<b\>a\|b
    """
    return _SPECIAL.sub(r"\\\1", plain(text))


_CHARACTERS = ("Character", "Screen time", "Seconds", "Share", "Episodes", "Appearances", "Longest")
_EPISODES = ("Episode", "Length", "Somebody there", "Characters", "Appearances", "Most seen")
_PAIRS = ("Character", "With", "Together", "Seconds", "Scenes", "Episodes")
_JOURNEYS = ("Character", "First seen in", "at", "Last seen in", "until")
_ABSENCES = ("Character", "Away for", "Episodes missed", "Last seen in", "until", "Back in", "at")

Rows = Iterator[tuple[str, ...]]


def _characters(facts: Facts) -> Rows:
    for place in facts.ranking:
        total = facts.characters[place]
        times = format_clock(total.seconds), _seconds(total.seconds), _percent(total.share)
        counts = str(total.episodes), str(total.appearances)
        yield (_name(facts, place), *times, *counts, format_clock(total.longest))


def _episodes(facts: Facts) -> Rows:
    for total in facts.episodes:
        most = "–" if total.most is None else _name(facts, facts.cast.ids.index(total.most))
        shares = format_clock(total.length), _percent(total.somebody / total.length)
        yield (escaped(total.name), *shares, str(total.characters), str(total.appearances), most)


def _heat_map(facts: Facts) -> Rows:
    for total, row in zip(facts.episodes, facts.seconds, strict=True):
        cells = ((value := row[place]) and format_clock(value) for place in facts.leading)
        yield (escaped(total.name), *(cell or "–" for cell in cells))


def _pairs(facts: Facts) -> Rows:
    for a, b in facts.pairs[:MOST_PAIRS]:
        seconds = facts.together.seconds[a][b]
        counts = str(facts.together.scenes[a][b]), str(facts.together.episodes[a][b])
        yield (_name(facts, a), _name(facts, b), format_clock(seconds), _seconds(seconds), *counts)


def _journeys(facts: Facts) -> Rows:
    for place in facts.ranking:
        span = facts.spans[place]
        yield (_name(facts, place), *_moment(facts, span.first), *_moment(facts, span.last))


def _absences(facts: Facts) -> Rows:
    for absence in facts.absences:
        name = _name(facts, facts.cast.ids.index(absence.character))
        away = format_clock(absence.seconds), str(absence.missed)
        yield (name, *away, *_moment(facts, absence.gone), *_moment(facts, absence.back))


def _moment(facts: Facts, moment: Moment | None) -> tuple[str, str]:
    if moment is None:
        return "–", "–"
    return escaped(facts.season.episodes[moment.episode].name), format_clock(moment.seconds)


def _names(facts: Facts) -> Iterator[str]:
    return (_name(facts, place) for place in facts.leading)


def _name(facts: Facts, place: int) -> str:
    return escaped(facts.cast.names[place])


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _seconds(value: Fraction) -> str:
    return f"{float(value):.3f}"


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.1f} %"
