"""Draws bench.png: ratios to the limits, and growth."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .tables import Row

_HIGH = 15  # a ratio beside which one of 1.05 would not be seen
_SECTIONS = {"lengths": "minutes", "characters": "characters"}


def draw(report: dict[str, Any], path: Path) -> None:
    """Draw what a report holds: a row of panels for the films, one for each kind of growth, one for start-up times."""
    from matplotlib.figure import Figure

    sections = [name for name in ("sizes", *_SECTIONS, "start_up") if report.get(name)]
    figure = Figure(figsize=(13, 1 + 4.2 * len(sections)), layout="constrained")
    machine = report["machine"]
    figure.suptitle(f"vidtag {machine['vidtag']} on {machine['processor']}, {machine['cores']} cores")
    panels = figure.subplots(len(sections), 3, squeeze=False)
    for name, row in zip(sections, panels, strict=True):
        if name == "sizes":
            _draw_ratios(report[name], row)
        elif name in _SECTIONS:
            _draw_growth(report[name], _SECTIONS[name], row)
        else:
            _draw_start_up(report[name], row)
    figure.savefig(path, format="png", dpi=100)


def _draw_ratios(rows: Sequence[Row], panels: Sequence[Any]) -> None:
    """Draw the ratios of each film to its limits as bars, a group a film."""
    films = list(dict.fromkeys(row["film"] for row in rows))
    names = list(dict.fromkeys(row["name"] for row in rows if row["ratio"]))
    width = 0.8 / len(names)
    kinds = {"wall_s": "time", "cpu_s": "CPU time", "memory_mb": "memory"}
    for axes, (key, title) in zip(panels, kinds.items(), strict=True):
        for index, name in enumerate(names):
            ratios = {row["film"]: row["ratio"][key] for row in rows if row["name"] == name and row["ratio"]}
            places = np.arange(len(films)) + (index - (len(names) - 1) / 2) * width
            heights = [ratios.get(film) or 0 for film in films]
            bars = axes.bar(places, heights, width, label=name)
            axes.bar_label(bars, fmt="%.2f", fontsize=7)
        axes.axhline(1, color="black", linewidth=1)
        axes.set_xticks(range(len(films)), films)
        axes.set(title=f"{title}, the limit is 1", ylabel="ratio to plain ffmpeg")
        if axes.get_ylim()[1] > _HIGH:
            axes.set_yscale("log")
    panels[0].legend(fontsize=8)


def _draw_growth(rows: Sequence[Row], by: str, panels: Sequence[Any]) -> None:
    """Draw costs over what grows, a line a task."""
    kinds = {"wall_s": "time (s)", "cpu_s": "CPU time (s)", "memory_mb": "peak memory of all processes (MB)"}
    for axes, (key, title) in zip(panels, kinds.items(), strict=True):
        for name in dict.fromkeys(row["name"] for row in rows):
            points = sorted((row[by], row["median"][key]) for row in rows if row["name"] == name)
            axes.plot(*zip(*points, strict=True), marker="o", label=name)
        axes.set(title=title, xlabel=by)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
    panels[0].legend(fontsize=8)


def _draw_start_up(rows: Sequence[Row], panels: Sequence[Any]) -> None:
    """Draw start-up times as bars in the first panel, every run as a point."""
    axes = panels[0]
    for index, row in enumerate(rows):
        axes.barh(index, row["median"], color="C0")
        axes.plot(row["runs"], [index] * len(row["runs"]), ".", color="black", markersize=4)
    axes.set_yticks(range(len(rows)), [row["name"] for row in rows])
    axes.invert_yaxis()
    axes.set(title="start-up", xlabel="s")
    for other in panels[1:]:
        other.set_axis_off()
