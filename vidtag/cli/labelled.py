"""Options of the commands that read labelled data."""

from pathlib import Path

import click

from vidtag.cli.parameters import ANALYSIS, SMOOTH

_MODEL, RATE, _BATCH_SIZE, BACKEND, _START, _END = ANALYSIS

LABELLED = (
    click.option(
        "--boxes",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        multiple=True,
        help="Table of boxes, path,character,x0,y0,x1,y1; repeatable.",
    ),
    click.option(
        "--unnamed",
        default="auto",
        show_default=True,
        metavar="auto|absent|unknown",
        help="What whoever a picture does not name is.",
    ),
    RATE,
    SMOOTH,
)
