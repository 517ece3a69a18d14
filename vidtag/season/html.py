"""A season as one HTML page that needs nothing else: no network, no other file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from vidtag.errors import VidtagError
from vidtag.records.reports import readable
from vidtag.season.episode import Episode
from vidtag.season.facts import Facts, gather
from vidtag.season.naming import readable_names
from vidtag.season.page.whole import season_page
from vidtag.season.people import cast_with_looks
from vidtag.season.season import Season
from vidtag.season.thumbnails import Sheet, draw_sheet
from vidtag.wholefile import check_target, whole_file

MOST_BYTES = 5_000_000  # of the page; thumbnails take what the rest leaves
_MARGIN = 1.05  # what the times of thumbnails take, as a part of their pictures

Tell = Callable[[str], None]


def save_report(
    episodes: Sequence[Episode], target: Path, *, title: str, overwrite: bool, tell: Tell = lambda note: None
) -> Path:
    """Write the page, whole or not at all, and give its absolute path.

    Args:
        episodes: in the order in which they are told; those with a source get thumbnails, by seeking in it.
        target: the HTML file.
        title: heading of the page.
        overwrite: whether a file that is there is replaced.
        tell: called with a line for every source that cannot be read; its episode has no thumbnails.

    Raises:
        UsageError: no episode, or two of one name.
        OutputError: the target exists and may not be replaced, or it cannot be written.
    """
    target = check_target(target, overwrite=overwrite)
    page = report_page(facts_of(episodes), readable(title), tell)
    with whole_file(target, overwrite=overwrite) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return target


def report_page(facts: Facts, title: str, tell: Tell = lambda note: None) -> str:
    """Give the page as text, of at most `MOST_BYTES` unless the figures alone take more."""
    episodes = facts.season.episodes
    bare = season_page(title, facts, [None] * len(episodes))
    count = sum(episode.source is not None for episode in episodes)
    if not count:
        return bare
    room = (MOST_BYTES - len(bare.encode())) * 3 / 4 / _MARGIN / count  # base64 takes four letters for three bytes
    return season_page(title, facts, [_sheet(episode, int(room), tell) for episode in episodes])


def _sheet(episode: Episode, most_bytes: int, tell: Tell) -> Sheet | None:
    try:
        return draw_sheet(episode, most_bytes)
    except VidtagError as error:
        tell(f"no thumbnails of {episode.name}: {error}")
        return None


def facts_of(episodes: Sequence[Episode]) -> Facts:
    """Compute everything that a report tells; raises UsageError as `Season` does."""
    season = Season.of(readable_names(episodes))
    return gather(season, cast_with_looks(season))
