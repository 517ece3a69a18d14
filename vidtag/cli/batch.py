"""`vidtag batch`: a whole season in, everything that vidtag makes of an episode and of a season out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.batch.needs import USUAL_CPUS, Needs
from vidtag.batch.targets import WANTED
from vidtag.cli.parameters import (
    ANALYSIS,
    QUIET,
    RENDER,
    analysis_options,
    apply_settings,
    render_options,
    with_options,
)
from vidtag.errors import BatchError, OptionError
from vidtag.media.ffmpeg import usable_cores
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.remote.addresses import FILE, STORES, Place, is_address, parse_place

if TYPE_CHECKING:
    from vidtag.batch.films import Asked
    from vidtag.batch.options import BatchOptions
    from vidtag.batch.run import Summary

CORES_A_WORKER = 4
MOST_TASKS = 1000  # handed over at once to a cluster, which does as many as it has room for
MOST_NAMED = 5

_BATCH = (
    click.option(
        "--only",
        type=click.Choice(list(WANTED)[1:]),
        help="Make the scores alone, or the tagged videos or the reports, each with the scores they need.",
    ),
    click.option("--suffix", metavar=".mp4|.mkv|…", help="Of the tagged videos.  [default: as the episode]"),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        metavar="N",
        help=f"Episodes at once.  [default: one for every {CORES_A_WORKER} cores]",
    ),
    click.option(
        "--executor",
        default="processes",
        show_default=True,
        metavar="processes|serial|ray",
        help="Where episodes are done.",
    ),
    click.option("--address", metavar="HOST:PORT", help="Of the Ray cluster.  [default: $RAY_ADDRESS, else here]"),
    click.option(
        "--cpus",
        type=int,
        metavar="N",
        help=f"An episode's share, with ray.  [default: {USUAL_CPUS}, or what the largest machine has]",
    ),
    click.option("--gpus", type=float, default=0.0, metavar="N", help="An episode's share, with ray.  [default: none]"),
    click.option(
        "--timeout",
        default=600.0,
        show_default=True,
        metavar="SECONDS",
        help="Give an episode up that makes no progress for so long.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing."),
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Do N episodes at most."),
    click.option("--retry-failed", is_flag=True, help="Do only those that failed the last time."),
    click.option("--fail-fast", is_flag=True, help="Stop at the first episode that fails."),
    click.option("--overwrite", is_flag=True, help="Replace files in OUT that no batch has made."),
)


class _Output(click.Path):
    """A folder, there or not, or an address that can be written to."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        place = parse_place(value, (*STORES, FILE)) if isinstance(value, str) and is_address(value) else Path(value)
        return super().convert(place, param, ctx) if isinstance(place, Path) else place


@click.command()
@click.argument("seasons", nargs=-1, required=True, metavar="SEASON...")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=_Output(file_okay=False, path_type=Path),
    help="Folder to write into, or its address.",
)
@with_options(*_BATCH, *ANALYSIS, *RENDER, QUIET)
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for everything that happens.")
def batch(seasons: tuple[str, ...], out: Place, quiet: bool, as_json: bool, **values: Any) -> None:
    """Tag every episode of a season, and sum the season up.

    SEASON is a folder, with all below it; a pattern such as 'S*/*.mkv'; @FILE, a list of paths; or an episode. OUT
    mirrors it. Both may be addresses such as s3://bucket/season. What is done already is not done again, so a run that
    was stopped goes on where it was.

    Example: vidtag batch season -o tagged
    """
    from vidtag.cli.batchtalk import print_plan, talking

    options = _options(values)
    asked = _asked(values, options)
    if values["dry_run"]:
        from vidtag.batch.run import chosen, plan_batch

        plan = plan_batch(seasons, out, asked=asked, options=options, complain=lambda text: click.echo(text, err=True))
        print_plan(chosen(plan, options), len(plan), as_json=as_json)
        return
    from vidtag.batch.run import run_batch

    with talking(quiet=quiet, as_json=as_json) as tell:
        summary = run_batch(seasons, out, asked=asked, options=options, tell=tell)
    _check(summary)


def _options(values: dict[str, Any]) -> "BatchOptions":
    from vidtag.batch.executors import find_executor
    from vidtag.batch.options import BatchOptions

    find_executor(values["executor"])
    suffix, has_cluster = values["suffix"], values["executor"] == "ray"
    if values["address"] and not has_cluster:
        raise OptionError("--address is of a Ray cluster; pass --executor ray as well")
    return BatchOptions(
        only=values["only"] or "all",
        executor=values["executor"],
        workers=values["workers"] or (MOST_TASKS if has_cluster else max(1, usable_cores() // CORES_A_WORKER)),
        timeout_s=values["timeout"],
        needs=Needs(cpus=values["cpus"], gpus=values["gpus"], address=values["address"]),
        limit=values["limit"],
        retry_failed=values["retry_failed"],
        fail_fast=values["fail_fast"],
        overwrite=values["overwrite"],
        suffix=f".{suffix.lstrip('.').lower()}" if suffix else None,
    )


def _asked(values: dict[str, Any], options: "BatchOptions") -> "Asked":
    """Give what looks up the options of a film: the command line's, and the settings of its folder."""
    share = _share(options)
    known: dict[Path | None, tuple[AnalysisOptions, RenderOptions]] = {}

    def asked(film: Place) -> tuple[AnalysisOptions, RenderOptions]:
        folder = film.parent if isinstance(film, Path) else None  # settings count for folders of this machine
        if folder not in known:
            filled = apply_settings(film, values) if isinstance(film, Path) else dict(values)
            filled["threads"] = filled["threads"] or share
            known[folder] = analysis_options(filled), render_options(filled)
        return known[folder]

    return asked


def _share(options: "BatchOptions") -> int:
    """Say how many threads an episode has, unless told otherwise; 0 for as many as there are cores."""
    if options.executor == "ray" or options.workers == 1:  # with Ray, as many as the episode's CPUs
        return 0
    return max(1, usable_cores() // options.workers) if options.executor == "processes" else 1


def _check(summary: "Summary") -> None:
    """Raise BatchError if an episode failed."""
    names = [name for name, _ in summary.failed]
    if names:
        shown = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
        left = f", {summary.left} were not tried" if summary.left else ""
        raise BatchError(
            f"{len(names)} of {len(names) + len(summary.done)} episodes failed: {shown}{left}; manifest.json says why, "
            "and the same command tries them again"
        )
