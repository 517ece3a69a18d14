"""The whole page: head, sections, data and scripts, and a policy that lets it load nothing from anywhere."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from vidtag.season.facts import Facts
from vidtag.season.page.data import season_data, to_script
from vidtag.season.page.journeys import absences_section, journeys_section, thirds_section, trend_section
from vidtag.season.page.lanes import lanes_section
from vidtag.season.page.looks import packaged, style_of
from vidtag.season.page.markup import plain
from vidtag.season.page.matrices import heat_map_section, pairs_section, together_section
from vidtag.season.page.tables import characters_section, episodes_section, figures_section, overview
from vidtag.season.thumbnails import Sheet
from vidtag.version import __version__

# By the id of a section: its name in the contents, and what draws it.
_PARTS: Mapping[str, tuple[str, Callable[[Facts], str]]] = {
    "screen-time": ("Screen time", characters_section),
    "episode-by-episode": ("Episodes", episodes_section),
    "who-in-which": ("Heat map", heat_map_section),
    "trend": ("Trend", trend_section),
    "by-thirds": ("Thirds", thirds_section),
    "timelines": ("Timelines", lanes_section),
    "who-with-whom": ("With whom", together_section),
    "all-pairs": ("Pairs", pairs_section),
    "comings-and-goings": ("First and last", journeys_section),
    "longest-absences": ("Absences", absences_section),
    "figures": ("All figures", figures_section),
}


def season_page(title: str, facts: Facts, sheets: Sequence[Sheet | None]) -> str:
    """Give the page as text.

    Args:
        title: its heading.
        facts: of the season.
        sheets: thumbnails of each episode, None where there are none.
    """
    style, script = style_of(facts.cast), "".join(map(packaged, ("tables.js", "drawing.js", "lanes.js", "page.js")))
    body = "\n".join((*_body(title, facts), *_stored(facts, sheets)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">'
        f"<title>{escape(plain(title))}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="generator" content="vidtag {__version__}"><style>{style}</style></head>\n'
        f"<body>\n{body}\n<script>{script}</script>\n</body></html>\n"
    )


def _body(title: str, facts: Facts) -> Iterator[str]:
    yield f"<header><h1>{escape(plain(title))}</h1>"
    yield '<p class="lead">Who is on screen, when: as the network saw it, smoothed.</p>'
    yield f"{overview(facts).text}</header>"
    parts = {place: draw(facts) for place, (_, draw) in _PARTS.items()}
    entries = "".join(f'<li><a href="#{place}">{_PARTS[place][0]}</a></li>' for place, part in parts.items() if part)
    yield f'<nav aria-label="Contents"><ul>{entries}</ul></nav>\n<main>'
    yield from parts.values()
    models = sorted({episode.scores.provenance.model for episode in facts.season.episodes})
    said = f"vidtag {__version__}, with the {'model' if len(models) == 1 else 'models'} {', '.join(models)}."
    yield f"</main>\n<footer>{escape(plain(said))} Times count from the first frame of each episode.</footer>"


def _stored(facts: Facts, sheets: Sequence[Sheet | None]) -> Iterator[str]:
    """Give what the scripts read; a sheet is decoded only once its timeline is looked at."""
    yield f'<script type="application/json" id="data">{to_script(season_data(facts, sheets))}</script>'
    for number, sheet in enumerate(sheets):
        if sheet is not None:
            data = base64.b64encode(sheet.webp).decode("ascii")
            yield f'<script type="text/plain" id="sheet-{number}">{data}</script>'


def _policy(style: str, script: str) -> str:
    """Allow this very style sheet, these very scripts and pictures within the page; nothing else, from nowhere."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii") for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
