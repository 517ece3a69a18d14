"""Options that several commands share, and where their defaults come from."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from vidtag.errors import OptionError, UsageError
from vidtag.limits import VARIABLE, Limits
from vidtag.options import AUTO, DEFAULT_BATCH, DEFAULT_MODEL, PRECISIONS, AnalysisOptions, RenderOptions
from vidtag.times import parse_rate, parse_time

Command = TypeVar("Command", bound=Callable[..., Any])

EPISODE = click.Path(path_type=Path)
FILE = click.Path(path_type=Path)
INPUT_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
INPUT_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Parsed(click.ParamType[Any]):
    """A value that one of vidtag's own functions reads from text."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name, self._read = name, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except OptionError as error:
            self.fail(str(error), param, ctx)


def _window(text: str) -> int:
    """Read `off` or a window length."""
    if text == "off":
        return 0
    if not text.isdecimal() or not 3 <= int(text) <= 99:
        raise OptionError(f"expected 'off' or a window of 3 to 99 samples, got {text!r}")
    return int(text)


def two_sides(_context: click.Context, parameter: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Read two whole numbers such as `144x192`: the callback of an option whose `metavar` names them."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    if not found:
        raise click.BadParameter(
            f"expected {parameter.metavar}, such as {parameter.default or '144x192'}, got {text!r}"
        )
    return int(found[1]), int(found[2])


_ANALYSIS_NAMES = ("model", "rate", "batch_size", "backend", "precision", "threads", "start", "end", "keep_going")
# Those that say how a film is made as well, so that they go together with scores from a file.
_RENDER_NAMES = ("smooth", "style", "encoder", "preset", "crf", "threads", "parallel")

TIME = _Parsed("TIME", parse_time)

MODEL = click.option(
    "--model", default=DEFAULT_MODEL, show_default=True, metavar="NAME|PATH", help="Model, see `vidtag models`."
)
RATE = click.option(
    "--rate", type=_Parsed("RATE", parse_rate), default="4", show_default=True, help="Samples a second."
)
BACKEND = click.option(
    "--backend", default="auto", show_default=True, metavar="auto|openvino|tensorflow", help="Runs the network."
)
THREADS = click.option(
    "--threads", default=0, metavar="N", help="Of decoder, network and encoder each.  [default: what suits]"
)
ANALYSIS = (
    MODEL,
    RATE,
    click.option("--batch-size", default=DEFAULT_BATCH, show_default=True, help="Samples the network sees at once."),
    BACKEND,
    click.option(
        "--precision", default=AUTO, show_default=True, metavar="|".join((AUTO, *PRECISIONS)), help="Of the network."
    ),
    THREADS,
    click.option("--start", type=TIME, help="Begin here: 90, 1:30 or 0:01:30.5."),
    click.option("--end", type=TIME, help="End here, counted from the first frame, too."),
    click.option("--keep-going", is_flag=True, help="Take what can be read of a damaged film; the rest is unknown."),
)
SMOOTH = click.option(
    "--smooth",
    type=_Parsed("N|off", _window),
    default="5",
    show_default=True,
    help="Flip a sample that alone differs within N.",
)
RENDER = (
    SMOOTH,
    click.option("--style", default="icons", show_default=True, metavar="icons|icons+names", help="Look of the bar."),
    click.option(
        "--encoder",
        metavar="NAME|auto",
        help="ffmpeg's video encoder; auto: of the GPU, if it works.  [default: libx264, for .webm libvpx-vp9]",
    ),
    click.option("--preset", help="Speed of the encoder, in its own words.  [default: veryfast]"),
    click.option("--crf", type=int, help="Quality in the encoder's scale, smaller is better.  [default: 17]"),
    click.option(
        "--parallel",
        default=1,
        show_default=True,
        metavar="N",
        help="Cut a long film into N pieces, done side by side.",
    ),
)
BOXES = click.option(
    "--boxes", type=INPUT_FILE, multiple=True, help="Table of boxes, path,character,x0,y0,x1,y1; repeatable."
)
LIMITS = f"Limits on a film: {', '.join(str(Limits()).split(','))}. {VARIABLE}=hours=48,memory=16 moves some."
"""What a command that reads films says below its options."""

OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace files that exist.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Add options to a command, in this order in its help."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def apply_settings(episode: Path, values: dict[str, Any]) -> dict[str, Any]:
    """Fill in what the command line left open from the `vidtag.toml` that belongs to an episode.

    Settings for options that the command does not have are checked for their name and passed over.

    Args:
        episode: the file whose folder, or one above, may hold a `vidtag.toml`.
        values: the command's options by name, as parsed.

    Returns:
        The options with the settings in place.

    Raises:
        OptionError: the file has an unknown key or a value that the option does not take.
    """
    from vidtag.records.settings import find_settings, read_settings

    found = find_settings(episode)
    if found is None:
        return values
    context = click.get_current_context()
    parameters = {parameter.name: parameter for parameter in context.command.params}
    filled = dict(values)
    for key, text in read_settings(found).items():
        name = key.replace("-", "_")
        parameter = parameters.get(name)
        if parameter is not None and context.get_parameter_source(name) is ParameterSource.DEFAULT:
            try:
                filled[name] = parameter.type_cast_value(context, text)
            except click.BadParameter as error:
                raise OptionError(f"{found}: {key}: {error.message}") from error
    return filled


def given(name: str) -> bool:
    """Say whether the command line itself gives an option of the running command."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def check_from_scores(scores_file: Path | None) -> None:
    """Refuse options of an analysis that the command line gives together with scores that were made before.

    Raises:
        UsageError: there is one.
    """
    for name in _ANALYSIS_NAMES if scores_file is not None else ():
        if name != "model" and name not in _RENDER_NAMES and given(name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} does not go with --from-scores; run `vidtag analyze` with {option} instead")


def analysis_options(values: dict[str, Any]) -> AnalysisOptions:
    """Pick the options of an analysis out of a command's values."""
    return AnalysisOptions(**{name: values[name] for name in _ANALYSIS_NAMES})


def render_options(values: dict[str, Any]) -> RenderOptions:
    """Pick the options of the film out of a command's values."""
    return RenderOptions(**{name: values[name] for name in _RENDER_NAMES})
