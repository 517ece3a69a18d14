"""`vidtag combine`: several models that vote, as one model."""

from pathlib import Path

import click

from vidtag.cli.parameters import OVERWRITE, QUIET


@click.command()
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder of the model to write.")
@OVERWRITE
@QUIET
def combine(models: tuple[str, ...], output: Path, overwrite: bool, quiet: bool) -> None:
    """Write an ensemble of MODELs, names or paths, of one cast: the mean of their calibrated scores.

    It holds copies of them and needs nothing else. Its thresholds are the mean of theirs until `vidtag thresholds`
    chooses better ones.

    Example: vidtag combine models/first models/second -o models/both
    """
    from vidtag.predictors.combining import combine_bundles
    from vidtag.records.bundles import find_bundle

    bundle = combine_bundles([find_bundle(name) for name in models], output, overwrite)
    for number, name in enumerate(models, start=1):
        if not quiet and find_bundle(name).calibration.method == "none":
            click.echo(f"note: member {number}, {name}, is not calibrated; `vidtag thresholds` does that", err=True)
    if not quiet:
        click.echo(f"wrote {bundle.folder}", err=True)
