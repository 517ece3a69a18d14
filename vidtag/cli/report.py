"""`vidtag report`: screen times and intervals as CSV, and reports that people look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.parameters import (
    ANALYSIS,
    EPISODE,
    FILE,
    INPUT_FOLDER,
    LIMITS,
    OVERWRITE,
    QUIET,
    SMOOTH,
    analysis_options,
    apply_settings,
    with_options,
)
from vidtag.errors import UsageError

if TYPE_CHECKING:
    from vidtag.records.reports import Row
    from vidtag.scores import Scores
    from vidtag.season.episode import Episode


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be written, as the command line says it."""

    output: Path | None
    segments: bool
    html: Path | None
    markdown: Path | None
    plots: Path | None
    films: tuple[Path, ...]
    title: str | None

    @property
    def pages(self) -> bool:
        """Whether there is more than CSV."""
        return bool(self.html or self.markdown or self.plots)

    def check(self, sources: Sequence[Path], *, overwrite: bool) -> None:
        """Refuse what cannot work before any work is done."""
        from vidtag.outputs import check_apart
        from vidtag.wholefile import check_target

        targets = [path for path in (self.output, self.html, self.markdown) if path is not None]
        check_apart([*targets, *([self.plots] if self.plots else [])], inputs=sources)
        for target in targets:
            check_target(target, overwrite=overwrite)
        if self.films and not self.html:
            raise UsageError("--sources is for the thumbnails of a page; give --html, too")
        if self.title is not None and not (self.html or self.markdown):
            raise UsageError("--title is the heading of a page; give --html or --markdown, too")


@click.command(epilog=LIMITS)
@click.argument("sources", type=EPISODE, nargs=-1, required=True, metavar="SCORES|EPISODE|FOLDER...")
@click.option("-o", "--output", type=FILE, help="CSV file to write.  [default: the screen]")
@click.option("--segments", is_flag=True, help="A row an interval instead of a row a character.")
@click.option("--html", type=FILE, help="Page with charts and timelines to write, of all episodes together.")
@click.option("--markdown", type=FILE, help="The same tables as Markdown.")
@click.option("--plots", type=FILE, metavar="FOLDER", help="Draw each plot into this folder as PNG.")
@click.option(
    "--sources",
    "films",
    type=INPUT_FOLDER,
    multiple=True,
    help="Where the videos are, for thumbnails; repeatable.  [default: beside the score files]",
)
@click.option("--title", help="Heading of the page.  [default: name of the episode or folder]")
@with_options(*ANALYSIS, SMOOTH, OVERWRITE, QUIET)
def report(
    sources: tuple[Path, ...],
    output: Path | None,
    segments: bool,
    html: Path | None,
    markdown: Path | None,
    plots: Path | None,
    films: tuple[Path, ...],
    title: str | None,
    quiet: bool,
    **values: Any,
) -> None:
    """Report who is on screen for how long, from score files (.npz), folders of them, or episodes.

    As CSV, or as a page to look at (--html, --markdown, --plots). Score files are read as they are: the options of the
    analysis count for episodes only.

    Example: vidtag report season --html season.html
    """
    wanted = _Wanted(
        output=output, segments=segments, html=html, markdown=markdown, plots=plots, films=films, title=title
    )
    wanted.check(sources, overwrite=values["overwrite"])
    episodes = _episodes(sources, wanted, quiet, values)
    if output or not wanted.pages:
        _write_csv(episodes, wanted, overwrite=values["overwrite"])
    for path in _write_pages(episodes, wanted, _title(sources, episodes, title), overwrite=values["overwrite"]):
        if not quiet:
            click.echo(str(path))


def _episodes(sources: Sequence[Path], wanted: _Wanted, quiet: bool, values: dict[str, Any]) -> "list[Episode]":
    """Read or analyse everything, in the order given; names that are alike get their folders in front."""
    from vidtag.season.episode import Episode
    from vidtag.season.naming import told_apart
    from vidtag.season.sources import Films

    known = Films(wanted.films)
    named = list(_named(sources))
    if wanted.pages:
        _check_once([path for _, path in named])
    read: list[tuple[str, Path, Episode]] = []
    for name, path in named:
        settings = apply_settings(path, values)
        scores, source = _scores(path, quiet, settings), None
        if wanted.html:
            source = path if not _is_scores(path) else known.find(scores.provenance, beside=path)
        name = name or _name_of(scores)
        timeline = scores.timeline(smooth=settings["smooth"])
        read.append((name, path, Episode(name=name, scores=scores, timeline=timeline, source=source)))
    names = told_apart([name for name, _, _ in read], [path for _, path, _ in read])
    return [replace(episode, name=name) for name, (_, _, episode) in zip(names, read, strict=True)]


def _named(sources: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Give every file that is meant, those of a folder with their names below it; the others are named later."""
    from vidtag.season.sources import name_below, score_files

    for source in sources:
        if source.is_dir():
            yield from ((name_below(source, path), path) for path in score_files(source))
        else:
            yield "", source


def _check_once(paths: Sequence[Path]) -> None:
    """Refuse a file that is given twice, as by a folder and by its name: its times would count twice."""
    seen = set()
    for path in paths:
        if path.resolve() in seen:
            raise UsageError(f"{path} is given twice; a page counts every episode once")
        seen.add(path.resolve())


def _scores(source: Path, quiet: bool, values: dict[str, Any]) -> "Scores":
    if _is_scores(source):
        from vidtag.records.scorefiles import load_scores

        return load_scores(source)
    from vidtag.cli.progress import live_progress
    from vidtag.pipeline import analyze_episode

    with live_progress(source.name, quiet=quiet) as progress:
        return analyze_episode(source, analysis_options(values), progress)


def _write_csv(episodes: "Sequence[Episode]", wanted: _Wanted, *, overwrite: bool) -> None:
    import sys

    from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, save_csv, write_csv

    columns = SEGMENT_COLUMNS if wanted.segments else PRESENCE_COLUMNS
    rows = (row for episode in episodes for row in _rows(episode, wanted.segments))
    if wanted.output:
        save_csv(columns, rows, wanted.output, overwrite=overwrite)
    else:
        write_csv(columns, rows, sys.stdout)


def _rows(episode: "Episode", segments: bool) -> "Iterator[Row]":
    from vidtag.records.reports import presence_rows, segment_rows

    if segments:
        return segment_rows(episode.name, episode.timeline)
    return presence_rows(episode.name, episode.timeline, episode.scores.provenance.start)


def _write_pages(episodes: "Sequence[Episode]", wanted: _Wanted, title: str, *, overwrite: bool) -> Iterator[Path]:
    """Write what is more than CSV, and give the path of each file."""
    if not wanted.pages:
        return
    from vidtag.season.html import facts_of, save_report
    from vidtag.season.markdown import save_markdown
    from vidtag.season.plots import save_plots

    def tell(note: str) -> None:
        click.echo(f"vidtag: {note}", err=True)

    if wanted.html:
        yield save_report(episodes, wanted.html, title=title, overwrite=overwrite, tell=tell)
    facts = facts_of(episodes) if wanted.markdown or wanted.plots else None
    if wanted.markdown and facts:
        yield save_markdown(facts, wanted.markdown, title=title, overwrite=overwrite)
    if wanted.plots and facts:
        yield from save_plots(facts, wanted.plots, overwrite=overwrite)


def _title(sources: Sequence[Path], episodes: "Sequence[Episode]", given: str | None) -> str:
    """Give the heading: of one folder its name, of one episode its own, else that of the folder they lie in."""
    if given is not None:
        return given
    if len(episodes) == 1:
        return episodes[0].name
    folder = sources[0] if len(sources) == 1 else sources[0].parent
    return folder.resolve().name or "Season"


def _is_scores(path: Path) -> bool:
    return path.suffix.lower() == ".npz"


def _name_of(scores: "Scores") -> str:
    from vidtag.records.reports import episode_name

    return episode_name(Path(scores.provenance.source))
