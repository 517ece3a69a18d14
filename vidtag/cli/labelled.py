"""Options of the commands that read labelled data."""

import click

from vidtag.cli.parameters import BOXES, RATE, SMOOTH

LABELLED = (
    BOXES,
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
