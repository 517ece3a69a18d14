"""The part of `vidtag frames` that draws a sheet of training frames: its options, as `vidtag train` has them."""

from typing import Any

import click

from vidtag.cli.parameters import BOXES, INPUT_FOLDER, given, two_sides
from vidtag.errors import UsageError

GENERATED = (
    click.option(
        "--generated", type=INPUT_FOLDER, metavar="PICTURES", help="Draw a sheet of training frames of PICTURES."
    ),
    click.option(
        "--grid", default="6x6", show_default=True, metavar="COLUMNSxROWS", callback=two_sides, help="Of the sheet."
    ),
    click.option("--cast", type=INPUT_FOLDER, help="For the sheet: as for `vidtag train`."),
    click.option(
        "--negatives", "strangers", type=INPUT_FOLDER, multiple=True, help="For the sheet: pictures of nobody."
    ),
    BOXES,
    click.option(
        "--input-size",
        default="144x192",
        show_default=True,
        metavar="HEIGHTxWIDTH",
        callback=two_sides,
        help="For the sheet.",
    ),
    click.option("--seed", default=1, show_default=True, help="For the sheet: the same seed draws the same frames."),
    click.option("--set-mix", multiple=True, metavar="NAME=VALUE", help="For the sheet: what is drawn how often."),
)
NAMES = ("generated", "grid", "cast", "strangers", "boxes", "input_size", "seed", "set_mix")
_COMMON = ("output", "overwrite", "quiet", "as_json", *NAMES)


def check_generated(values: dict[str, Any]) -> None:
    """Refuse options that go with the sheet but not with episodes, or the other way round.

    Raises:
        UsageError: there is one, or neither episodes nor pictures are given.
    """
    sheet = values["generated"] is not None
    for parameter in click.get_current_context().command.params:
        name = parameter.name or ""
        if given(name) and (name not in _COMMON if sheet else name in NAMES):
            what = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.make_metavar(_context())
            raise UsageError(f"{what} {'does not go' if sheet else 'goes'} with --generated")
    if not sheet and not values["episodes"]:
        raise UsageError("nothing to take frames of; give an EPISODE, or --generated PICTURES")


def write_generated(values: dict[str, Any], *, quiet: bool, as_json: bool) -> None:
    """Draw the sheet and say where it is."""
    from vidtag.cli.tables import print_json
    from vidtag.frames.generated import SheetOptions, write_sheet
    from vidtag.training.mixing import parse_mix_settings
    from vidtag.training.options import TrainingOptions

    kept = {name: values[name] for name in ("output", "cast", "strangers", "boxes", "input_size", "seed", "overwrite")}
    columns, rows = values["grid"]
    mix = parse_mix_settings(values["set_mix"])
    training = TrainingOptions(pictures=(values["generated"],), set_mix=mix, **kept)
    options = SheetOptions(training=training, columns=columns, rows=rows)
    sheet = write_sheet(options, lambda line: None if quiet else click.echo(line, err=True))
    if as_json:
        print_json({"sheet": str(sheet)})
    elif not quiet:
        click.echo(str(sheet))


def _context() -> click.Context:
    return click.get_current_context()
