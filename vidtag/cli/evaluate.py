"""`vidtag evaluate`: how good a model is on labelled pictures or films."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.labelled import LABELLED
from vidtag.cli.parameters import BACKEND, JSON, OVERWRITE, QUIET, with_options

if TYPE_CHECKING:
    from vidtag.evaluation.evaluate import Evaluation


@click.command()
@click.argument("model", metavar="MODEL")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for report.html, CSV and JSON.")
@with_options(*LABELLED, BACKEND)
@click.option("--repeats", default=1000, show_default=True, help="Draws of the bootstrap behind the intervals.")
@click.option("--seed", default=1, show_default=True, help="Of the bootstrap.")
@with_options(OVERWRITE, JSON, QUIET)
def evaluate(
    model: str,
    data: Path,
    output: Path | None,
    repeats: int,
    seed: int,
    backend: str,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
    **labelled: Any,
) -> None:
    """Measure MODEL on labelled DATA: pictures as for training (a folder or a table), or a table of labelled films.

    Example: vidtag evaluate models/my-show my-show/held-out -o evaluation
    """
    from vidtag.analysis.resampling import check_repeats
    from vidtag.cli.tables import print_json
    from vidtag.evaluation.data import DataOptions
    from vidtag.evaluation.evaluate import evaluate_model
    from vidtag.evaluation.files import check_report_folder, remove_if_empty, write_report
    from vidtag.evaluation.summary import summarise

    check_repeats(repeats)
    options = DataOptions(data=data, **labelled)
    if output:
        check_report_folder(output, overwrite=overwrite)
    try:
        evaluation = evaluate_model(model, options, backend=backend, repeats=repeats, seed=seed)
        page = write_report(evaluation, output, overwrite=overwrite) if output else None
    finally:
        if output:
            remove_if_empty(output)
    for entry in [] if quiet else evaluation.skipped:
        click.echo(f"skipped {entry.path}: {entry.reason}", err=True)
    if as_json:
        print_json(summarise(evaluation))
    elif not quiet:
        _print(evaluation)
    if page and not quiet:
        click.echo(f"wrote {page}", err=True)


def _print(evaluation: "Evaluation") -> None:
    _print_characters(evaluation)
    click.echo()
    _print_overall(evaluation)
    if evaluation.films:
        click.echo()
        _print_films(evaluation)
    for note in evaluation.scored.notes:
        click.echo(f"note: {note}", err=True)


def _print_characters(evaluation: "Evaluation") -> None:
    from vidtag.cli.tables import print_table
    from vidtag.evaluation.summary import character_rows

    header = ("character", "present", "precision", "recall", "F1", "accuracy", "AP", "scores highest")
    pairs = zip(evaluation.scored.cast.names, character_rows(evaluation), strict=True)
    print_table(header, [(name, str(row[1]), *(_percent(row[at]) for at in range(4, 22, 3))) for name, row in pairs])


def _print_overall(evaluation: "Evaluation") -> None:
    from vidtag.evaluation.summary import name_for_people, summarise

    summary = summarise(evaluation)
    rows = []
    for name, entry in summary["overall"].items():
        if entry["value"] is not None:
            low, high = (_percent(end) for end in entry["interval"])
            rows.append((name_for_people(name), _percent(entry["value"]), f"({low} to {high})" if low != "-" else ""))
    speed = summary["milliseconds_a_frame"]
    if speed is not None:
        rows.append(("milliseconds a frame", f"{speed:.2f}", f"({evaluation.backend})"))
    width = max(len(name) for name, *_ in rows)
    for name, value, beside in rows:
        click.echo(f"{name:<{width}}  {value:>6}  {beside}".rstrip())


def _print_films(evaluation: "Evaluation") -> None:
    from vidtag.cli.tables import print_table
    from vidtag.evaluation.summary import film_figures

    rows = []
    for name, errors in zip(evaluation.scored.cast.names, evaluation.films, strict=True):
        found = film_figures(errors)
        times = [f"{found[key]:.2f}" for key in ("reference_s", "screen_time_error_s")]
        shares = [_percent(found[key]) for key in ("missed_share", "false_share")]
        median = found["edge_error_median_s"]
        rows.append((name, *times, *shares, "-" if median is None else f"{median:.2f}"))
    print_table(("on film", "truth s", "error s", "missed", "false", "median edge error s"), rows)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
