"""`vidtag train`: from a folder of pictures to a model bundle."""

import re
from pathlib import Path
from typing import Any

import click

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _size(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    if not found:
        raise click.BadParameter(f"expected HEIGHTxWIDTH such as 144x192, got {text!r}")
    return int(found[1]), int(found[2])


def _settings(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.isidentifier():
            raise click.BadParameter(f"expected NAME=NUMBER such as blocks=11, got {text!r}")
        try:
            settings[key] = int(value) if re.fullmatch(r"-?\d+", value) else float(value)
        except ValueError:
            raise click.BadParameter(f"{key} must be a number, got {value!r}") from None
    return settings


@click.command()
@click.argument("pictures", type=_FOLDER)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder of the model to write.")
@click.option("--cast", type=_FOLDER, help="Folder with cast.toml and icons, or a model whose cast is taken over.")
@click.option(
    "--negatives", "strangers", type=_FOLDER, multiple=True, help="Pictures of nobody of the cast; repeatable."
)
@click.option("--boxes", type=_FILE, multiple=True, help="Table of boxes, path,character,x0,y0,x1,y1; repeatable.")
@click.option("--dev", type=_FOLDER, help="Held-out pictures, like PICTURES.  [default: some of PICTURES]")
@click.option("--network", default="mobilenet-detectors", show_default=True, help="Name of the network.")
@click.option("--set", "arguments", multiple=True, callback=_settings, help="Argument of the network, NAME=NUMBER.")
@click.option("--backbone", type=_FILE, help="ImageNet weights to start from (.weights.h5).")
@click.option("--from-model", type=_FOLDER, help="Model of the same network and cast to start from.")
@click.option("--frozen-blocks", default=0, show_default=True, help="First blocks that keep the backbone's weights.")
@click.option("--input-size", default="144x192", show_default=True, callback=_size, help="HEIGHTxWIDTH in pixels.")
@click.option("--epochs", default=10, show_default=True, help="Rounds of training.")
@click.option("--frames", default=16_000, show_default=True, help="Frames drawn in a round.")
@click.option("--batch-size", default=64, show_default=True, help="Frames in a step.")
@click.option("--learning-rate", default=1e-3, show_default=True, help="Highest step size.")
@click.option("--doubt-from", default=3, show_default=True, help="Round from which unnamed company is forgiven.")
@click.option("--ranking", default=0.5, show_default=True, help="Weight of putting the named before all others.")
@click.option("--places", default=0.2, show_default=True, help="Weight of pointing where somebody is.")
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same frames.")
@click.option(
    "--checkpoints", type=click.Path(path_type=Path), help="Folder for the state; a later run goes on from it."
)
@click.option("--licence", default="not stated", help="Licence of the weights, for the card.")
@click.option("--origin", default="not stated", help="Where the pictures come from, for the card.")
@click.option("--overwrite", is_flag=True, help="Replace an existing model.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def train(quiet: bool, **options: Any) -> None:
    """Learn the characters in PICTURES, a folder with a folder of pictures per character, and write a model.

    Folders that start with `_` hold pictures of nobody. A file labels.csv (path,characters) names pictures with any
    number of characters.

    Example: vidtag train my-show/pictures -o models/my-show
    """
    from vidtag.training.bundle import train_bundle
    from vidtag.training.options import TrainingOptions

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    bundle = train_bundle(TrainingOptions(**options), say)
    say(f"wrote {bundle.folder}")
