"""The report of a season as one HTML page that needs nothing else: no network, no other file."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from vidtag.errors import VidtagError
from vidtag.records.reports import readable
from vidtag.season.episode import Episode
from vidtag.season.facts import Facts, gather
from vidtag.season.page.data import season_data, to_script
from vidtag.season.page.journeys import absences_section, journeys_section, trend_section
from vidtag.season.page.lanes import lanes_section
from vidtag.season.page.look import picture_address, safety_rules, script_text, style_text
from vidtag.season.page.markup import attribute, plain
from vidtag.season.page.matrices import heat_map_section, together_section
from vidtag.season.page.tables import characters_section, episodes_section, figures_section, overview
from vidtag.season.people import cast_with_looks
from vidtag.season.season import Season
from vidtag.season.thumbnails import Sheet, thumbnail_sheet
from vidtag.version import __version__
from vidtag.wholefile import check_target, whole_file

MOST_BYTES = 5_000_000  # of the page; thumbnails take what is left
_MARGIN = 50_000  # what names and times of thumbnails take
_MOST_SHEET_BYTES = 160_000  # of an episode

Tell = Callable[[str], None]


def save_report(
    episodes: Sequence[Episode], target: Path, *, title: str, overwrite: bool, tell: Tell = lambda note: None
) -> Path:
    """Write the report of a season and give its absolute path.

    Args:
        episodes: in the order in which they are told; those with a source get thumbnails.
        target: the page.
        title: its heading.
        overwrite: whether it may replace a file.
        tell: called with a line for every film whose thumbnails are missing.

    Raises:
        UsageError: no episode, or two of one name.
        OutputError: the target exists and may not be replaced, or it cannot be written.
    """
    target = check_target(target, overwrite=overwrite)
    season = Season.of(episodes)
    text = report_page(gather(season, cast_with_looks(season)), title, tell)
    with whole_file(target, overwrite=overwrite) as temporary:
        temporary.write_text(text, "utf-8", newline="\n")
    return target


def report_page(facts: Facts, title: str, tell: Tell = lambda note: None) -> str:
    """Give the page as text."""
    body = "\n".join(_sections(facts))
    style, script = style_text(facts.cast), script_text()
    bare = to_script(season_data(facts, [None] * len(facts.episodes)))
    used = sum(len(part.encode()) for part in (body, style, script, bare)) + _MARGIN
    sheets = _sheets(facts.season, MOST_BYTES - used, tell)
    name = escape(plain(readable(title)))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{attribute(safety_rules(style, script))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>{name}</title><link rel="icon" href="data:,">
<style>{style}</style></head>
<body><a class="skip" href="#main">Skip to the figures</a>
<header class="head"><h1>{name}</h1>{overview(facts).text}</header>
{_navigation(facts)}
<main id="main">
{body}
</main>
<footer><p>{escape(_made_of(facts.season))}</p></footer>
<div id="tip" role="tooltip" hidden></div>
<script type="application/json" id="season">{to_script(season_data(facts, sheets))}</script>
{_pictures(sheets)}<script>{script}</script>
</body></html>
"""


def _sections(facts: Facts) -> list[str]:
    several = len(facts.season.episodes) > 1
    return [
        characters_section(facts),
        episodes_section(facts),
        *([heat_map_section(facts)] if facts.ranking else []),
        *([trend_section(facts)] if several and facts.ranking else []),
        lanes_section(facts),
        *([together_section(facts)] if facts.ranking else []),
        journeys_section(facts),
        absences_section(facts),
        figures_section(facts),
    ]


def _navigation(facts: Facts) -> str:
    places = [
        ("screen-time", "Screen time", True),
        ("episode-by-episode", "Episodes", True),
        ("who-in-which", "Heat map", bool(facts.ranking)),
        ("trend", "Trend", len(facts.season.episodes) > 1 and bool(facts.ranking)),
        ("timelines", "Timelines", True),
        ("who-with-whom", "Together", bool(facts.ranking)),
        ("comings-and-goings", "First and last", True),
        ("longest-absences", "Absences", True),
        ("figures", "All figures", True),
    ]
    links = "".join(f'<li><a href="#{identity}">{name}</a></li>' for identity, name, there in places if there)
    return f'<nav aria-label="Sections"><ul>{links}</ul></nav>'


def _made_of(season: Season) -> str:
    models = sorted({plain(episode.scores.provenance.model) for episode in season.episodes})
    return (
        f"Made by vidtag {__version__} from scores of {', '.join(models)}. Times count from the first frame of an "
        "episode; an appearance is a stretch without a break. The page needs no network and holds all it shows."
    )


def _sheets(season: Season, most_bytes: int, tell: Tell) -> list[Sheet | None]:
    """Decode thumbnails within so many bytes of text in all."""
    count = sum(episode.source is not None for episode in season.episodes)
    each = min(_MOST_SHEET_BYTES, max(0, most_bytes) * 3 // 4 // max(1, count))
    return [_sheet(episode, each, tell) for episode in season.episodes]


def _sheet(episode: Episode, most_bytes: int, tell: Tell) -> Sheet | None:
    try:
        return thumbnail_sheet(episode, most_bytes)
    except VidtagError as error:
        tell(f"no thumbnails of {plain(episode.name)}: {error}")
        return None


def _pictures(sheets: Sequence[Sheet | None]) -> str:
    return "".join(
        f'<script type="text/plain" id="sheet{number}">{picture_address(sheet.webp, "webp")}</script>\n'
        for number, sheet in enumerate(sheets)
        if sheet is not None
    )
