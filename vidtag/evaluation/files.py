"""Writes the report of an evaluation: report.html, figures.csv and figures.json, all of them or none."""

import contextlib
import json
from contextlib import ExitStack
from pathlib import Path

from vidtag.evaluation.evaluate import Evaluation
from vidtag.evaluation.page import report_page
from vidtag.evaluation.plotfiles import check_folder
from vidtag.evaluation.summary import COLUMNS, character_rows, summarise
from vidtag.records.reports import write_csv
from vidtag.wholefile import whole_file

PAGE, TABLE, FIGURES = "report.html", "figures.csv", "figures.json"


def check_report_folder(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that cannot take a report; see `check_folder`."""
    check_folder(folder, PAGE, TABLE, FIGURES, overwrite=overwrite)


def write_report(evaluation: Evaluation, folder: Path, *, overwrite: bool) -> Path:
    """Write the report and give the page's path.

    Raises:
        OutputError: a file exists and may not be replaced, or the disk refuses.
    """
    with ExitStack() as stack:
        page, table, figures = (
            stack.enter_context(whole_file(folder / name, overwrite=overwrite)) for name in (PAGE, TABLE, FIGURES)
        )
        summary = summarise(evaluation)
        figures.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", "utf-8")
        with table.open("w", encoding="utf-8", newline="") as stream:
            rows = (tuple("" if value is None else value for value in row) for row in character_rows(evaluation))
            write_csv(COLUMNS, rows, stream)
        page.write_text(report_page(evaluation), "utf-8")
    return folder / PAGE


def remove_if_empty(folder: Path) -> None:
    """Remove a folder that was made for a report that did not come about."""
    with contextlib.suppress(OSError):
        folder.rmdir()
