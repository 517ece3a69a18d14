"""`vidtag catalogue`: whole seasons in one file, and what it answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.parameters import FILE, JSON, QUIET, SMOOTH, apply_settings, given, with_options
from vidtag.errors import InputError, UsageError

if TYPE_CHECKING:
    from vidtag.season.catalogue import Answer, Catalogue


@click.command()
@click.argument("sources", type=FILE, nargs=-1, required=True, metavar="SCORES...|CATALOGUE")
@click.option("-o", "--output", type=FILE, help="Catalogue to fill; made where there is none.")
@click.option("--season", help="Name of the season.  [default: the folder that holds it]")
@click.option("--ask", "name", metavar="QUESTION", help="Answer a question by its name; CATALOGUE alone lists them.")
@click.option("--sql", help="Answer a question in SQL.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the answer as CSV.")
@click.option("--parquet", type=FILE, metavar="FOLDER", help="Write every table as Parquet, too.")
@with_options(SMOOTH, JSON, QUIET)
def catalogue(sources: tuple[Path, ...], output: Path | None, **values: Any) -> None:
    """Keep whole seasons in a DuckDB file, from score files or folders of them, and answer questions in SQL.

    With -o it is filled: an episode that is there is replaced, others stay. Without, CATALOGUE is only read.

    Example: vidtag catalogue season.duckdb --ask pairs
    """
    from vidtag.season.catalogue import Catalogue

    _check(sources, output, values)
    found = _keyed(_episodes(sources), values["season"]) if output is not None else {}
    if output is not None:
        with Catalogue.open(output) as opened:
            _fill(opened, found, values)
    with Catalogue.open(output or sources[0], read_only=True) as opened:  # no question changes anything
        if values["parquet"]:
            for path in opened.export(values["parquet"]):
                click.echo(path)
        if values["sql"] or values["name"]:
            _print(opened.ask(_question(values)), values)
        elif output is None and not values["parquet"]:
            _print_contents(opened)


def _check(sources: tuple[Path, ...], output: Path | None, values: dict[str, Any]) -> None:
    if values["sql"] and values["name"]:
        raise UsageError("--sql and --ask are two questions; ask one at a time")
    if values["as_csv"] and values["as_json"]:
        raise UsageError("--csv and --json are two forms of an answer; choose one")
    if output is not None:
        return
    if len(sources) > 1:
        raise UsageError("a catalogue is asked alone; to fill one from score files, name it with -o")
    if sources[0].is_dir() or sources[0].suffix == ".npz":
        raise UsageError(f"{sources[0]} is to be put into a catalogue, but into which? name it with -o")
    for option in ("season", "smooth"):
        if given(option):
            raise UsageError(f"--{option} is for filling a catalogue; name it with -o")


def _keyed(episodes: Iterator[tuple[str, str, Path]], season: str | None) -> dict[tuple[str, str], Path]:
    """Give the score files by season and name; all are read once, so that none is put in if one of them is bad.

    Raises:
        InputError: one cannot be read.
        UsageError: two of them are the same episode.
    """
    from vidtag.records.scorefiles import load_scores

    keyed: dict[tuple[str, str], Path] = {}
    for folder, name, path in episodes:
        key = (season or folder, name)
        if key in keyed:
            raise UsageError(
                f"two score files are {name!r} of {key[0]!r}: {keyed[key]} and {path}; give each a --season of its own"
            )
        load_scores(path)
        keyed[key] = path
    return keyed


def _fill(opened: "Catalogue", found: dict[tuple[str, str], Path], values: dict[str, Any]) -> None:
    from vidtag.records.scorefiles import load_scores
    from vidtag.season.episode import Episode

    for (season, name), path in found.items():
        scores, smooth = load_scores(path), apply_settings(path, values)["smooth"]
        opened.put(season, Episode(name=name, scores=scores, timeline=scores.timeline(smooth=smooth)))
        if not values["quiet"]:
            click.echo(f"{season}: {name}", err=True)


def _episodes(sources: tuple[Path, ...]) -> Iterator[tuple[str, str, Path]]:
    """Give season, name and path of every score file: its folder is its season, as in a batch.

    Raises:
        InputError: one is not there, or a folder holds none.
    """
    from vidtag.season.naming import season_of
    from vidtag.season.sources import name_below, score_files

    for source in sources:
        if not source.exists():
            raise InputError(f"{source} does not exist; expected a score file (.npz) or a folder of them")
        folder = source if source.is_dir() else source.parent
        for path in score_files(source) if source.is_dir() else [source]:
            name = name_below(folder, path)
            yield season_of(name, folder.resolve()), name, path


def _question(values: dict[str, Any]) -> str:
    from vidtag.season.questions import question_named

    return str(values["sql"]) if values["sql"] else question_named(values["name"]).sql


def _print(answer: "Answer", values: dict[str, Any]) -> None:
    import sys

    from vidtag.cli.tables import print_rows_json
    from vidtag.records.reports import write_csv

    if values["as_json"]:
        twice = {column for column in answer.columns if answer.columns.count(column) > 1}
        if twice:
            raise UsageError(f"two columns are called {min(twice)!r}, which JSON cannot tell apart; name them with AS")
        print_rows_json(answer.columns, answer.rows)
    elif values["as_csv"]:
        write_csv(answer.columns, (tuple(map(_exact, row)) for row in answer.rows), sys.stdout)
    else:
        click.echo("\n".join(as_table(answer)))


def as_table(answer: "Answer") -> list[str]:
    """Give an answer as lines for people, the names of the columns first."""
    from vidtag.cli.tables import table_lines

    return table_lines([_text(column) for column in answer.columns], [tuple(map(_text, row)) for row in answer.rows])


def _exact(value: Any) -> str:
    """Write a value for programs: all digits of a number, the parts of a list split by spaces."""
    if isinstance(value, list):
        return " ".join(map(_exact, value))
    return "" if value is None else str(value)


def _text(value: Any) -> str:
    """Write a value for people: three decimals, on one line, and nothing that would steer a terminal."""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list):
        return " ".join(map(_text, value)) or "-"
    line = "-" if value is None else " ".join(str(value).split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


def _print_contents(opened: "Catalogue") -> None:
    """Tell which seasons there are, and what can be asked by name."""
    from vidtag.season.questions import QUESTIONS

    seasons = opened.ask(
        "SELECT season, count(*) AS episodes, sum(duration_s) / 60 AS minutes FROM schedule GROUP BY 1 ORDER BY 1"
    )
    click.echo("\n".join([*as_table(seasons), ""]))
    for name, question in QUESTIONS.items():
        click.echo(f"--ask {name:18} {question.words}")
