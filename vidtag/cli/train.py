"""`vidtag train`: from pictures to a model bundle."""

import re
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from vidtag.cli.parameters import BOXES, INPUT_FILE, INPUT_FOLDER, two_sides
from vidtag.cli.trainingtalk import TrainingTalk

_PATH = click.Path(path_type=Path)
_THERE = click.Path(exists=True, path_type=Path)
_LAST = "runs"
# What may be said beside --resume, as it changes nothing of what is learned.
_BESIDE_RESUME = {"resume", "quiet"}


def _settings(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.isidentifier():
            raise click.BadParameter(f"expected NAME=VALUE such as blocks=11, got {text!r}")
        settings[key] = _number_or_text(value)
    return settings


def _number_or_text(value: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value


def _stages(
    _context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> tuple[tuple[int, int], ...]:
    found = [re.fullmatch(r"(\d{1,2}):(\d{1,5})", text) for text in texts]
    for text, match in zip(texts, found, strict=True):
        if match is None:
            raise click.BadParameter(f"expected BLOCKS:EPOCHS such as 12:3, got {text!r}")
    return tuple((int(match[1]), int(match[2])) for match in found if match is not None)


@click.command()
@click.argument("pictures", type=_THERE, nargs=-1)
@click.option("-o", "--output", type=_PATH, help="Folder of the model to write.")
@click.option("--cast", type=INPUT_FOLDER, help="Folder with cast.toml and icons, or a model whose cast is taken over.")
@click.option(
    "--negatives", "strangers", type=INPUT_FOLDER, multiple=True, help="Pictures of nobody of the cast; repeatable."
)
@BOXES
@click.option(
    "--intervals", type=INPUT_FILE, multiple=True, help="Table of clip,character,start,end,state; repeatable."
)
@click.option("--dev", type=_THERE, help="Held-out pictures, like PICTURES.  [default: some of them]")
@click.option("--held-out", default=0.1, show_default=True, help="Share of PICTURES held out without --dev.")
@click.option("--network", default="mobilenet-detectors", show_default=True, help="Name of the network.")
@click.option("--set", "arguments", multiple=True, callback=_settings, help="Argument of the network, NAME=VALUE.")
@click.option("--preprocessing", default="pad", show_default=True, help="What is done to a picture first, by name.")
@click.option("--backbone", type=INPUT_FILE, help="ImageNet weights to start from (.weights.h5).")
@click.option("--from-model", type=_PATH, help="Model of the same network to start from; its cast may differ.")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    callback=_stages,
    help="First, so many EPOCHS on kept features of the first BLOCKS: BLOCKS:EPOCHS; repeatable.",
)
@click.option("--frozen-blocks", default=0, show_default=True, help="First blocks that keep the backbone's weights.")
@click.option("--input-size", metavar="HEIGHTxWIDTH", callback=two_sides, help="In pixels.  [default: the network's]")
@click.option("--set-mix", multiple=True, metavar="NAME=VALUE", help="What is drawn how often; see `vidtag frames`.")
@click.option("--balance", default="sqrt", show_default=True, metavar="sqrt|equal|none", help="Of the characters.")
@click.option("--epochs", type=int, help="Rounds of training.  [default: the network's]")
@click.option("--early-stop", default=0, metavar="N", help="End after N rounds without a better figure.")
@click.option("--frames", default=16_000, show_default=True, help="Frames drawn in a round.")
@click.option("--batch-size", default=64, show_default=True, help="Frames in a step.")
@click.option("--optimizer", default="", metavar="NAME", help="adamw, adam or rmsprop.  [default: the network's]")
@click.option("--learning-rate", type=float, help="Highest step size.  [default: the network's]")
@click.option(
    "--precision", default="float32", show_default=True, metavar="NAME", help="Or, on a GPU, mixed_bfloat16/_float16."
)
@click.option("--doubt-from", default=3, show_default=True, help="Round from which unnamed company is forgiven.")
@click.option("--ranking", default=0.5, show_default=True, help="Weight of putting the named before all others.")
@click.option("--places", default=0.2, show_default=True, help="Weight of pointing where somebody is.")
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same frames.")
@click.option("--workers", default=2, show_default=True, help="Threads that draw frames.")
@click.option("--runs", type=_PATH, default="runs", show_default=True, help="Where the folder of this run is made.")
@click.option("--note", default="", help="Why this run; kept with it.")
@click.option("--save-every", "save_seconds", default=120.0, show_default=True, help="Seconds between checkpoints.")
@click.option(
    "--resume",
    type=_PATH,
    is_flag=False,
    flag_value=_LAST,
    metavar="[RUN]",
    help="Go on with a stopped run, or the last one in runs/ that is not finished.",
)
@click.option("--licence", default="not stated", help="Licence of the weights, for the card.")
@click.option("--origin", default="not stated", help="Where the pictures come from, for the card.")
@click.option("--overwrite", is_flag=True, help="Replace an existing model.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.pass_context
def train(context: click.Context, /, quiet: bool, resume: Path | None, **options: Any) -> None:
    """Learn the characters in PICTURES and write a model.

    PICTURES are folders with a folder of pictures per character, where folders that start with `_` hold pictures of
    nobody and a file labels.csv (path,characters) names pictures with any number of characters; or such tables.

    Example: vidtag train my-show/pictures -o models/my-show
    """
    if resume is not None:
        _refuse_beside_resume(context)
    elif options["output"] is None:
        raise click.UsageError("Missing option '-o' / '--output'.", context)
    from vidtag.training.bundle import resume_bundle, train_bundle
    from vidtag.training.mixing import parse_mix_settings
    from vidtag.training.options import TrainingOptions

    options["set_mix"] = parse_mix_settings(options["set_mix"])
    with TrainingTalk(quiet=quiet) as talk:
        if resume is not None:
            bundle = resume_bundle(resume, talk.say, talk.watch)
        else:
            bundle = train_bundle(TrainingOptions.for_network(**options), talk.say, talk.watch)
        talk.say(f"wrote {bundle.folder}")


def _refuse_beside_resume(context: click.Context) -> None:
    for parameter in context.command.params:
        name = parameter.name or ""
        said = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if said and name not in _BESIDE_RESUME and context.params.get(name) != ():
            raise click.UsageError(
                f"{parameter.get_error_hint(context)} cannot stand beside --resume, which goes on with what the run "
                "was told; leave it out, or begin a new run",
                context,
            )
