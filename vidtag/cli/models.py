"""`vidtag models`: which models are installed, and what they are worth."""

from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.parameters import JSON

if TYPE_CHECKING:
    from vidtag.records.bundles import ModelBundle


@click.command()
@JSON
def models(as_json: bool) -> None:
    """List the installed models: cast, input size, origin, licence and measured accuracy.

    Example: vidtag models
    """
    from vidtag.cli.tables import print_json
    from vidtag.records.bundles import installed_bundles, installed_folders, model_folders

    bundles, folders = installed_bundles(), installed_folders()
    for name in sorted(folders.keys() - {bundle.folder.name for bundle in bundles}):
        click.echo(f"note: {folders[name]} is damaged and left out; annotate --model {name} says why", err=True)
    if not folders:
        click.echo(f"note: no model is installed in {', '.join(map(str, model_folders()))}", err=True)
    if as_json:
        print_json({"models": [_entry(bundle) for bundle in bundles]})
        return
    for bundle in bundles:
        height, width = bundle.input_size
        figures = ", ".join(f"{name} {value:g}" for name, value in bundle.accuracy.items()) or "not measured"
        click.echo(bundle.name)
        click.echo(f"  cast      {len(bundle.cast)}: {', '.join(bundle.cast.names)}")
        click.echo(f"  input     {width}x{height} px, {bundle.network}")
        click.echo(f"  origin    {bundle.origin}")
        click.echo(f"  licence   {bundle.licence}")
        click.echo(f"  accuracy  {figures}")
        click.echo(f"  folder    {bundle.folder}")


def _entry(bundle: "ModelBundle") -> dict[str, Any]:
    return {
        "name": bundle.name,
        "characters": list(bundle.cast.ids),
        "input_size": list(bundle.input_size),
        "network": bundle.network,
        "origin": bundle.origin,
        "licence": bundle.licence,
        "accuracy": dict(bundle.accuracy),
        "sha256": bundle.sha256,
        "folder": str(bundle.folder),
    }
