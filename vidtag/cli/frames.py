"""`vidtag frames`: pictures out of episodes, to be labelled or to serve as backgrounds."""

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.generated import GENERATED, check_generated, write_generated
from vidtag.cli.parameters import EPISODE, FILE, JSON, LIMITS, OVERWRITE, QUIET, TIME, given, with_options
from vidtag.errors import DamagedError, UsageError
from vidtag.times import parse_fraction

if TYPE_CHECKING:
    from vidtag.frames.extract import Extraction
    from vidtag.frames.options import BackgroundRule, ColourLimit, FrameOptions

_LIMIT = re.compile(r"(\d{1,3}),(\d{1,3}),(\d{1,3})(?::(\d{1,3})(?::(\d?\.?\d{1,6}))?)?")


def _seconds(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Fraction | None:
    return None if text is None else parse_fraction(text.strip(), "number of seconds")


def _colours(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> "tuple[ColourLimit, ...]":
    from vidtag.frames.options import ColourLimit

    limits = []
    for text in texts:
        found = _LIMIT.fullmatch(text.replace(" ", ""))
        if found is None:
            raise click.BadParameter(
                f"expected R,G,B or R,G,B:TOLERANCE:SHARE such as 255,217,15:30:0.01, got {text!r}"
            )
        red, green, blue, tolerance, share = found.groups()
        further: dict[str, Any] = {} if tolerance is None else {"tolerance": int(tolerance)}
        further |= {} if share is None else {"share": float(share)}
        limits.append(ColourLimit((int(red), int(green), int(blue)), **further))
    return tuple(limits)


@click.command(epilog=LIMITS)
@click.argument("episodes", type=EPISODE, nargs=-1, metavar="EPISODE...")
@click.option("-o", "--output", type=FILE, required=True, help="Folder for the frames and frames.csv, or the sheet.")
@click.option("--every", callback=_seconds, metavar="SECONDS", help="A frame every so many seconds.  [default: 2]")
@click.option("--per-shot", is_flag=True, help="One frame a shot: its steadiest one.")
@click.option("--shot-threshold", type=float, help="Change of content at which a shot begins, 0-1.  [default: 0.08]")
@click.option("--different", type=int, metavar="N", help="Of these, the N of each episode that differ most.")
@click.option("--distinct", is_flag=True, help="Leave out frames that nearly equal one already taken.")
@click.option("--backgrounds", is_flag=True, help="Take only frames without anyone: by colours, by a model, or both.")
@click.option(
    "--without-colour",
    multiple=True,
    callback=_colours,
    metavar="R,G,B[:TOLERANCE[:SHARE]]",
    help="A background has less than SHARE of this colour; repeatable.  [default: tolerance 30, share 0.01]",
)
@click.option("--most-black", type=float, help="Share of a background that may be black.  [default: 0.75]")
@click.option("--model", metavar="NAME|PATH", help="On a background this model sees nobody, not even by half.")
@click.option("--size", type=int, metavar="PIXELS", help="Shrink frames to this longer side.  [default: full size]")
@click.option("--format", "form", default="jpg", show_default=True, metavar="jpg|png", help="How frames are written.")
@click.option("--start", type=TIME, help="Begin here in every episode: 90, 1:30 or 0:01:30.5.")
@click.option("--end", type=TIME, help="End here, counted from the first frame, too.")
@with_options(*GENERATED, OVERWRITE, QUIET, JSON)
def frames(quiet: bool, as_json: bool, **values: Any) -> None:
    """Write frames of EPISODE... as pictures, named by episode and time, with a table frames.csv.

    Filled in and saved as labels.csv, the table tells `vidtag train` who is in them. With --generated, draw the frames
    that a training would make of its pictures instead, as a sheet to look at.

    Example: vidtag frames episode.mp4 -o frames --per-shot --distinct
    """
    check_generated(values)
    if values["generated"] is not None:
        write_generated(values, quiet=quiet, as_json=as_json)
    else:
        _extract(values, quiet=quiet, as_json=as_json)


def _extract(values: dict[str, Any], *, quiet: bool, as_json: bool) -> None:
    from vidtag.cli.progress import live_progress
    from vidtag.frames.extract import extract_frames

    episodes, options = values["episodes"], _options(values)
    shown = episodes[0].name if len(episodes) == 1 else f"{len(episodes)} episodes"
    with live_progress(shown, quiet=quiet) as progress:
        extraction = extract_frames(episodes, values["output"], options, progress)
    _print_result(extraction, quiet=quiet, as_json=as_json)
    if extraction.damaged:
        more = f" (and {len(extraction.damaged) - 1} more episodes)" if len(extraction.damaged) > 1 else ""
        raise DamagedError(f"{extraction.damaged[0]}{more}; the frames before that are written")


def _options(values: dict[str, Any]) -> "FrameOptions":
    from vidtag.frames.options import FrameOptions

    if values["per_shot"] and given("every"):
        raise UsageError("--every and --per-shot exclude each other; choose one")
    if given("shot_threshold") and not values["per_shot"]:
        raise UsageError("--shot-threshold goes with --per-shot")
    chosen = {name: values[name] for name in ("different", "distinct", "size", "start", "end", "overwrite")}
    chosen |= {name: values[name] for name in ("every", "shot_threshold") if given(name)}
    chosen |= {"every": None} if values["per_shot"] else {}
    return FrameOptions(format=values["form"], backgrounds=_background_rule(values), **chosen)


def _background_rule(values: dict[str, Any]) -> "BackgroundRule | None":
    from vidtag.frames.options import BackgroundRule

    if not values["backgrounds"]:
        for name in ("without_colour", "most_black", "model"):
            if given(name):
                raise UsageError(f"--{name.replace('_', '-')} goes with --backgrounds")
        return None
    further = {"most_black": values["most_black"]} if given("most_black") else {}
    return BackgroundRule(without=values["without_colour"], model=values["model"], **further)


def _print_result(extraction: "Extraction", *, quiet: bool, as_json: bool) -> None:
    from vidtag.cli.tables import print_json
    from vidtag.frames.extract import COLUMNS, TABLE

    table = extraction.folder / TABLE
    if as_json:
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in extraction.rows]
        print_json({"folder": str(extraction.folder), "table": str(table), "frames": rows})
    elif not quiet:
        click.echo(f"{len(extraction.rows)} frames")
        click.echo(str(table))
