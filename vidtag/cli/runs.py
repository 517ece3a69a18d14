"""`vidtag runs`: lists training runs and compares two of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.errors import InputError

if TYPE_CHECKING:
    from vidtag.training.runs import Run

_FIGURES = ("loss", "top1", "pairs_f1", "all_f1", "nobody")
_NOTE_LETTERS = 40


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default="runs")
@click.option("--compare", nargs=2, metavar="A B", help="Show where two runs differ; names in DIR, or folders.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Draw the runs' curves as PNG.")
@click.option("--overwrite", is_flag=True, help="Replace an existing PNG.")
def runs(folder: Path, compare: tuple[str, str] | None, output: Path | None, overwrite: bool) -> None:
    """List the training runs in DIR (usually runs/) with the figures of their best round, or compare two.

    Example: vidtag runs --compare 2030-01-01-my-show 2030-01-02-my-show -o curves.png
    """
    from vidtag.training.curves import draw_curves
    from vidtag.training.runs import list_runs, read_run
    from vidtag.wholefile import check_target

    if output is not None:
        output = check_target(output, overwrite=overwrite)
    if compare:
        found = [read_run(folder / name if (folder / name).is_dir() else Path(name)) for name in compare]
        _print_comparison(*found)
    else:
        found = [run for run in list_runs(folder, _say) if _has_readable_history(run)]
        _print_runs(found)
    if output is not None:
        draw_curves({run.folder.name: run.history() for run in found}, output)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _has_readable_history(run: "Run") -> bool:
    """Say so, and name it where it is damaged: the others are listed nevertheless."""
    try:
        run.history()
    except InputError as error:
        _say(f"left out, as it is unreadable: {error}")
        return False
    return True


def _print_runs(found: list["Run"]) -> None:
    from vidtag.cli.tables import print_table

    print_table(
        ("run", "state", "network", "rounds", "best", *_FIGURES, "note"),
        [
            (
                run.folder.name,
                run.state,
                run.options.network,
                f"{len(run.history())}/{_rounds(run)}",
                *_best_cells(run),
                run.note[:_NOTE_LETTERS],
            )
            for run in found
        ],
    )


def _best_cells(run: "Run") -> tuple[str, ...]:
    """Give the number of the best round and its figures as text."""
    best, figures = _best(run)
    return (str(best or ""), *(f"{figures[name]:.4f}" if name in figures else "" for name in _FIGURES))


def _best(run: "Run") -> tuple[int, dict[str, float]]:
    """Give number and figures of the best round; 0 and none before the first has ended."""
    from vidtag.training.goodness import goodness

    history = run.history()
    if not history:
        return 0, {}
    best = max(range(len(history)), key=lambda index: goodness(history[index]))
    return best + 1, history[best]


def _print_comparison(first: "Run", second: "Run") -> None:
    """Print where options and environment differ, then the figures of the best rounds."""
    from vidtag.cli.tables import print_table
    from vidtag.training.optionsfile import plain_options

    rows = _differences(*(plain_options(run.options) for run in (first, second)))
    rows += _differences(*(_environment(run) for run in (first, second)))
    (best, figures), (other_best, others) = _best(first), _best(second)
    rows += [("state", first.state, second.state), ("best round", str(best or ""), str(other_best or ""))]
    for name in dict.fromkeys((*figures, *others)):
        left, right = (f"{side[name]:.4f}" if name in side else "" for side in (figures, others))
        rows.append((name, left, right))
    print_table(("", first.folder.name, second.folder.name), rows)


def _environment(run: "Run") -> dict[str, Any]:
    """Give what the last part of a run ran on; each package by its name."""
    facts = dict(run.parts[-1]) if run.parts else {}
    packages: dict[str, Any] = facts.pop("packages", {})
    facts.pop("started", None)
    return {**facts, **packages}


def _differences(first: dict[str, Any], second: dict[str, Any]) -> list[tuple[str, str, str]]:
    names = [name for name in dict.fromkeys((*first, *second)) if first.get(name) != second.get(name)]
    return [(name, _text(first.get(name)), _text(second.get(name))) for name in names]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}={part}" for key, part in value.items()) or "-"
    if isinstance(value, list):
        return " ".join(":".join(map(str, part)) if isinstance(part, list) else str(part) for part in value) or "-"
    return "-" if value in (None, "") else str(value)


def _rounds(run: "Run") -> int:
    return run.options.epochs + sum(rounds for _, rounds in run.options.stages)
