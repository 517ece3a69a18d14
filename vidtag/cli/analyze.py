"""`vidtag analyze`: the scores of an episode, to be reported or rendered later."""

from pathlib import Path
from typing import Any

import click

from vidtag.cli.parameters import (
    ANALYSIS,
    EPISODE,
    FILE,
    JSON,
    LIMITS,
    OVERWRITE,
    QUIET,
    SMOOTH,
    analysis_options,
    apply_settings,
    with_options,
)


@click.command(epilog=LIMITS)
@click.argument("episode", type=EPISODE)
@click.option("-o", "--output", type=FILE, help="Score file to write.  [default: EPISODE.scores.npz]")
@with_options(*ANALYSIS, SMOOTH, OVERWRITE, QUIET, JSON)
def analyze(episode: Path, output: Path | None, quiet: bool, as_json: bool, **values: Any) -> None:
    """Score the samples of EPISODE and keep the scores, without writing a film.

    Reports, bars and thresholds can then be changed without running the network again.

    Example: vidtag analyze episode.mp4 -o episode.scores.npz
    """
    from vidtag.cli.progress import live_progress
    from vidtag.media.guard import check_readable
    from vidtag.media.probe import probing
    from vidtag.outputs import SCORES_SUFFIX
    from vidtag.wholefile import check_target

    values = apply_settings(episode, values)
    check_readable(episode)
    target = check_target(
        output or episode.with_name(episode.stem + SCORES_SUFFIX), overwrite=values["overwrite"], source=episode
    )
    options = analysis_options(values)
    with probing(episode) as described, live_progress(episode.name, quiet=quiet) as progress:
        # these take half a second, in which the film is looked into
        from vidtag.cli.tables import presence_json, print_json, print_presence, unknown_json
        from vidtag.pipeline import analyze_episode
        from vidtag.records.scorefiles import save_scores

        scores = analyze_episode(episode, options, progress, described)
    save_scores(scores, target, overwrite=values["overwrite"])
    timeline, start = scores.timeline(smooth=values["smooth"]), scores.provenance.start
    if as_json:
        known = {"characters": presence_json(timeline, start), "unknown_s": unknown_json(timeline)}
        print_json({"scores": str(target), "samples": len(scores.values), **known})
    elif not quiet:
        print_presence(timeline, start)
        click.echo(str(target))
