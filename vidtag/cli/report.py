"""`vidtag report`: screen times and intervals as CSV."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.parameters import (
    ANALYSIS,
    EPISODE,
    FILE,
    LIMITS,
    OVERWRITE,
    QUIET,
    SMOOTH,
    analysis_options,
    apply_settings,
    with_options,
)

if TYPE_CHECKING:
    from vidtag.records.reports import Row
    from vidtag.scores import Scores


@click.command(epilog=LIMITS)
@click.argument("sources", type=EPISODE, nargs=-1, required=True, metavar="SCORES|EPISODE...")
@click.option("-o", "--output", type=FILE, help="CSV file to write.  [default: the screen]")
@click.option("--segments", is_flag=True, help="A row an interval instead of a row a character.")
@with_options(*ANALYSIS, SMOOTH, OVERWRITE, QUIET)
def report(sources: tuple[Path, ...], output: Path | None, segments: bool, quiet: bool, **values: Any) -> None:
    """Report who is on screen for how long, as CSV, from score files (.npz) or episodes.

    Score files are read as they are: the options of the analysis count for episodes only.

    Example: vidtag report episode.scores.npz -o episode.csv
    """
    import sys

    from vidtag.outputs import check_apart
    from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, save_csv, write_csv
    from vidtag.wholefile import check_target

    if output:
        check_apart([output], inputs=sources)
        check_target(output, overwrite=values["overwrite"])
    columns = SEGMENT_COLUMNS if segments else PRESENCE_COLUMNS
    rows = [row for source in sources for row in _rows(source, segments, quiet, values)]
    if output:
        save_csv(columns, rows, output, overwrite=values["overwrite"])
    else:
        write_csv(columns, rows, sys.stdout)


def _rows(source: Path, segments: bool, quiet: bool, values: dict[str, Any]) -> Iterator["Row"]:
    from vidtag.records.reports import episode_name, presence_rows, segment_rows

    values = apply_settings(source, values)
    scores = _scores(source, quiet, values)
    timeline, episode = scores.timeline(smooth=values["smooth"]), episode_name(Path(scores.provenance.source))
    if segments:
        return segment_rows(episode, timeline)
    return presence_rows(episode, timeline, scores.provenance.start)


def _scores(source: Path, quiet: bool, values: dict[str, Any]) -> "Scores":
    if source.suffix.lower() == ".npz":
        from vidtag.records.scorefiles import load_scores

        return load_scores(source)
    from vidtag.cli.progress import live_progress
    from vidtag.pipeline import analyze_episode

    with live_progress(source.name, quiet=quiet) as progress:
        return analyze_episode(source, analysis_options(values), progress)
