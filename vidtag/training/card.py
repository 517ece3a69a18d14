"""Writes a bundle's MODEL_CARD.md: where it comes from, how good it measured, what it cannot do."""

from collections.abc import Mapping

from vidtag.cast import Cast
from vidtag.training.options import TrainingOptions
from vidtag.training.spoken import spoken_options

_FIGURES = {
    "top1": "single pictures whose character scores highest",
    "worst": "the same for the worst character",
    "pairs_f1": "macro-F1 on two half frames side by side",
    "all_f1": "macro-F1 on all held-out frames",
    "nobody": "frames of nobody with anyone lit (made-up pictures and held-out strangers)",
}
_LIMITS = {
    True: (
        "* Small, far-off, turned or half-hidden figures are missed more often than the figures above say.",
        "* Scores are calibrated on the held-out pictures; in films of another look they may be too sure.",
    ),
    False: (
        "* Small, far-off, turned or half-hidden figures are missed more often than others.",
        "* Scores are not calibrated; they may be too sure.",
    ),
}
_PREPARED = {"pad": " (padded with black, never stretched)"}


def write_card(options: TrainingOptions, cast: Cast, figures: Mapping[str, float], pictures: int) -> str:
    """Give the card as Markdown."""
    height, width = options.input_size
    settings = ", ".join(f"{key} {value}" for key, value in options.arguments.items()) or "defaults"
    spoken = spoken_options(options)
    start = f"ImageNet weights ({options.backbone.name})" if options.backbone else "random weights"
    start = f"the weights of the model {options.from_model.name}" if options.from_model else start
    lines = [
        f"# {options.output.name}",
        "",
        f"Scores {len(cast)} characters in a picture, each on its own: {', '.join(cast.names)}.",
        "",
        f"* **Origin:** {options.origin}",
        f"* **Licence:** {options.licence}",
        f"* **Network:** {options.network} ({settings}), input {width}x{height} px RGB, "
        f"pictures are prepared by `{options.preprocessing}`{_PREPARED.get(options.preprocessing, '')}.",
        f"* **Training:** `vidtag train`, {pictures} pictures, {options.epochs} epochs of {options.frames} drawn "
        f"frames, from {start}, seed {options.seed}.",
        f"* **Options:** {f'`{spoken}`' if spoken else 'the usual ones'}, beside those that name files.",
        "",
        *_measured(figures),
        "",
        "## Limits",
        "",
        "* It knows its own cast only; people drawn in a like manner may light somebody up.",
        *_LIMITS[has_measured(figures)],
        "",
    ]
    return "\n".join(lines)


def has_measured(figures: Mapping[str, float]) -> bool:
    """Whether somebody of the cast was held out, so that thresholds could be chosen and scores calibrated."""
    return "all_f1" in figures


def _measured(figures: Mapping[str, float]) -> list[str]:
    """Give the table of figures and how thresholds were chosen, or say that there was nothing to measure on."""
    table = ["| measured on held-out pictures | |", "|---|---|"]
    table += [f"| {_FIGURES.get(name, name)} | {value:.1%} |" for name, value in figures.items()]
    if has_measured(figures):
        return [
            *table,
            "",
            "Thresholds were chosen on the same held-out pictures (nearly the best F1 of each character), so figures "
            "that use them are a little kind.",
        ]
    return [
        "**Nobody of the cast was held out:** how good it is was not measured, and thresholds are 0.5 without having "
        "been chosen. `vidtag evaluate` and `vidtag thresholds` do both on other labelled pictures or films.",
    ]
