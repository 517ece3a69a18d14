"""`vidtag annotate`: an episode in, the same episode with the bar out."""

from pathlib import Path
from typing import Any

import click

from vidtag.cli.parameters import (
    ANALYSIS,
    EPISODE,
    FILE,
    JSON,
    OVERWRITE,
    QUIET,
    RENDER,
    analysis_options,
    apply_settings,
    check_apart,
    check_from_scores,
    render_options,
    with_options,
)
from vidtag.options import DEFAULT_MODEL


@click.command()
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
    output, csv_file = _targets(episode, output, values)
    annotation = _annotation(episode, output, quiet, values)
    for note in annotation.notes if not quiet else ():
        click.echo(f"note: {note}", err=True)
    _write_csv(episode, csv_file, annotation, values["overwrite"])
    if values["scores_file"]:
        from vidtag.records.scorefiles import save_scores

        save_scores(annotation.scores, values["scores_file"], overwrite=values["overwrite"])
    _print_result(annotation, csv_file, values["scores_file"], quiet=quiet, as_json=as_json)


def _targets(episode: Path, output: Path | None, values: dict[str, Any]) -> tuple[Path, Path]:
    """Name the outputs after the input where nothing else is said, and refuse what may not be written."""
    from vidtag.media.containers import container_of, default_suffix
    from vidtag.media.guard import check_readable
    from vidtag.wholefile import check_target

    check_readable(episode)
    check_from_scores(values["from_scores"])
    output = output or episode.with_name(f"{episode.stem}.tagged{default_suffix(episode)}")
    container_of(output)
    csv_file = values["csv_file"] or output.with_suffix(".csv")
    targets = [output, csv_file, *([values["scores_file"]] if values["scores_file"] else [])]
    check_apart(targets, inputs=[values["from_scores"]] if values["from_scores"] else [])
    for target in targets:
        check_target(target, overwrite=values["overwrite"], source=episode)
    return output, csv_file


def _annotation(episode: Path, output: Path, quiet: bool, values: dict[str, Any]) -> Any:
    from vidtag.cli.progress import live_progress
    from vidtag.pipeline import annotate_episode, render_episode

    render = render_options(values)
    with live_progress(episode.name, quiet=quiet) as progress:
        if values["from_scores"]:
            from vidtag.records.scorefiles import load_scores

            return render_episode(
                episode,
                output,
                load_scores(values["from_scores"]),
                render=render,
                model=values["model"] if values["model"] != DEFAULT_MODEL else None,
                overwrite=values["overwrite"],
                progress=progress,
            )
        return annotate_episode(
            episode,
            output,
            analysis=analysis_options(values),
            render=render,
            overwrite=values["overwrite"],
            progress=progress,
        )


def _write_csv(episode: Path, target: Path, annotation: Any, overwrite: bool) -> None:
    from vidtag.cli.tables import episode_name
    from vidtag.records.reports import PRESENCE_COLUMNS, presence_rows, save_csv

    rows = presence_rows(episode_name(episode), annotation.timeline, annotation.scores.provenance.start)
    save_csv(PRESENCE_COLUMNS, rows, target, overwrite=overwrite)


def _print_result(annotation: Any, csv_file: Path, scores_file: Path | None, *, quiet: bool, as_json: bool) -> None:
    from vidtag.cli.tables import presence_json, print_json, print_presence

    start = annotation.scores.provenance.start
    if as_json:
        print_json(
            {
                "output": str(annotation.output),
                "csv": str(csv_file.absolute()),
                "scores": str(scores_file.absolute()) if scores_file else None,
                "duration_s": float(annotation.timeline.end - start),
                "model": annotation.scores.provenance.model,
                "notes": list(annotation.notes),
                "characters": presence_json(annotation.timeline, start),
            }
        )
    elif not quiet:
        print_presence(annotation.timeline, start)
        click.echo(
            f"{annotation.output}  ({csv_file.name} beside it)"
            if csv_file.parent == annotation.output.parent
            else str(annotation.output)
        )
