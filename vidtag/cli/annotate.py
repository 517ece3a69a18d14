"""`vidtag annotate`: an episode in, the same episode with the bar out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.parameters import (
    ANALYSIS,
    EPISODE,
    FILE,
    JSON,
    LIMITS,
    OVERWRITE,
    QUIET,
    RENDER,
    analysis_options,
    apply_settings,
    check_from_scores,
    given,
    render_options,
    with_options,
)

if TYPE_CHECKING:
    from vidtag.options import RenderOptions
    from vidtag.outputs import Outputs
    from vidtag.pipeline import Annotation


@click.command(epilog=LIMITS)
@click.argument("episode", type=EPISODE)
@click.option(
    "-o", "--output", type=FILE, help="Film to write: .mp4, .mkv, .mov or .webm.  [default: EPISODE.tagged.*]"
)
@with_options(*ANALYSIS, *RENDER)
@click.option("--csv", "csv_file", type=FILE, help="Screen times as CSV.  [default: beside the output]")
@click.option("--scores", "scores_file", type=FILE, help="Keep the scores in this file (.npz).")
@click.option("--from-scores", type=FILE, help="Take the scores from this file and do not run the network.")
@with_options(OVERWRITE, QUIET, JSON)
def annotate(episode: Path, output: Path | None, quiet: bool, as_json: bool, **values: Any) -> None:
    """Write EPISODE again with a bar of icons under the picture, in colour while a character is on screen.

    Sound, subtitles, chapters and frame times are kept. The screen times go into a CSV file beside the film.

    Example: vidtag annotate episode.mp4 -o tagged.mp4
    """
    values = apply_settings(episode, values)
    outputs = _outputs(episode, output, values)
    annotation = _annotation(episode, outputs, quiet, values)
    for note in annotation.notes if not quiet else ():
        click.echo(f"note: {note}", err=True)
    _print_result(annotation, quiet=quiet, as_json=as_json)


def _outputs(episode: Path, output: Path | None, values: dict[str, Any]) -> "Outputs":
    """Name the outputs after the input where nothing else is said, and refuse what may not be written."""
    from vidtag.media.containers import container_of, default_suffix
    from vidtag.media.guard import check_readable
    from vidtag.outputs import Outputs, check_apart

    check_readable(episode)
    check_from_scores(values["from_scores"])
    film = output or episode.with_name(f"{episode.stem}.tagged{default_suffix(episode)}")
    container_of(film)
    outputs = Outputs(film=film, csv=values["csv_file"], scores=values["scores_file"], overwrite=values["overwrite"])
    outputs = outputs.checked(episode)
    if values["from_scores"]:
        written = [path for path in (outputs.film, outputs.csv, outputs.scores) if path]
        check_apart(written, inputs=[values["from_scores"]])
    return outputs


def _annotation(episode: Path, outputs: "Outputs", quiet: bool, values: dict[str, Any]) -> "Annotation":
    from vidtag.cli.progress import live_progress
    from vidtag.media.probe import probing

    render = render_options(values)
    if values["from_scores"]:
        return _rendered(episode, outputs, render, quiet, values)
    analysis = analysis_options(values)
    with probing(episode) as described, live_progress(episode.name, quiet=quiet) as progress:
        from vidtag.pipeline import annotate_episode  # takes half a second, in which the film is looked into

        return annotate_episode(
            episode, outputs, analysis=analysis, render=render, progress=progress, described=described
        )


def _rendered(
    episode: Path, outputs: "Outputs", render: "RenderOptions", quiet: bool, values: dict[str, Any]
) -> "Annotation":
    from vidtag.cli.progress import live_progress
    from vidtag.pipeline import render_episode
    from vidtag.records.scorefiles import load_scores

    scores = load_scores(values["from_scores"])
    model = values["model"] if given("model") else None
    with live_progress(episode.name, quiet=quiet) as progress:
        return render_episode(episode, outputs, scores, render=render, model=model, progress=progress)


def _print_result(annotation: "Annotation", *, quiet: bool, as_json: bool) -> None:
    from vidtag.cli.tables import presence_json, print_json, print_presence, unknown_json

    outputs, start = annotation.outputs, annotation.scores.provenance.start
    if as_json:
        print_json(
            {
                "output": str(outputs.film),
                "csv": str(outputs.csv),
                "scores": str(outputs.scores) if outputs.scores else None,
                "duration_s": float(annotation.timeline.end - start),
                "model": annotation.scores.provenance.model,
                "notes": list(annotation.notes),
                "characters": presence_json(annotation.timeline, start),
                "unknown_s": unknown_json(annotation.timeline),
            }
        )
    elif not quiet:
        print_presence(annotation.timeline, start)
        for path in (outputs.film, outputs.csv, outputs.scores):
            if path:
                click.echo(str(path))
