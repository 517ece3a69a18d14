"""`vidtag thresholds`: choose a model's thresholds, and calibrate its scores, on labelled data."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.labelled import LABELLED
from vidtag.cli.parameters import BACKEND, OVERWRITE, QUIET, with_options

if TYPE_CHECKING:
    from vidtag.evaluation.rethreshold import Rethresholded

_RULES = "f1|accuracy|precision=P|recall=R|fixed=T|film[=MOST]"


@click.command()
@click.argument("model", metavar="MODEL")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--by", "by", default="f1", show_default=True, metavar=_RULES, help="What thresholds are chosen for.")
@click.option("--calibrate", metavar="temperature|isotonic|none", help="Calibrate the scores.  [default: keep as is]")
@click.option("--only", metavar="ID", multiple=True, help="Only for this character; repeatable.")
@click.option("--plots", type=click.Path(path_type=Path), help="Folder for plots as PNG.")
@click.option("--dry-run", is_flag=True, help="Change nothing, only show.")
@with_options(*LABELLED, BACKEND, OVERWRITE, QUIET)
def thresholds(
    model: str,
    data: Path,
    by: str,
    calibrate: str | None,
    only: tuple[str, ...],
    plots: Path | None,
    dry_run: bool,
    backend: str,
    overwrite: bool,
    quiet: bool,
    **labelled: Any,
) -> None:
    """Choose the thresholds of MODEL on labelled DATA; the old ones stay in its bundle.toml.

    Example: vidtag thresholds models/my-show my-show/held-out --by precision=0.9
    """
    from vidtag.analysis.thresholdrules import ThresholdRule
    from vidtag.evaluation.data import DataOptions
    from vidtag.evaluation.plotfiles import check_plots, write_plots
    from vidtag.evaluation.rethreshold import choose_thresholds_for, write_thresholds

    rule, options = ThresholdRule.parse(by), DataOptions(data=data, **labelled)
    if plots:
        check_plots(plots, overwrite=overwrite)
    result = choose_thresholds_for(model, options, rule, calibrate=calibrate, only=only, backend=backend)
    if plots:
        write_plots(result.scored, plots, overwrite=overwrite)
    bundle = result.bundle if dry_run else write_thresholds(result)
    if not quiet:
        _print(result)
        done = "would be written to" if dry_run else "written to"
        click.echo(
            f"thresholds {bundle.chosen}, calibration {bundle.calibration.method}: {done} {bundle.folder}", err=True
        )


def _print(result: "Rethresholded") -> None:
    from vidtag.cli.tables import print_table

    header = ("character", "before", "after", "precision", "recall", "F1", "accuracy", "")
    rows = [
        (
            name,
            f"{one.before:.3f}",
            f"{one.after:.3f}",
            *map(_percent, (one.precision, one.recall, one.f1, one.accuracy)),
            one.note,
        )
        for name, one in zip(result.bundle.cast.names, result.choices, strict=True)
    ]
    print_table(header, rows)
    for note in result.scored.notes:
        click.echo(f"note: {note}", err=True)


def _percent(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1%}"
