"""Draws how the figures of training runs went."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from vidtag.training.checkpoints import Figures
from vidtag.wholefile import whole_file

_WIDTH, _HEIGHT, _DPI = 4.0, 2.8, 110  # of a panel, in inches


def draw_curves(histories: Mapping[str, Sequence[Figures]], path: Path) -> None:
    """Draw a panel for each figure, with a line for each run, as PNG.

    Args:
        histories: figures of each epoch, by the name of the run.
        path: file to write; one that is there is replaced.

    Raises:
        OutputError: the disk refuses.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    names = list(dict.fromkeys(name for history in histories.values() for figures in history for name in figures))
    columns = max(1, min(3, len(names)))
    rows = max(1, -(-len(names) // columns))
    figure = Figure(figsize=(_WIDTH * columns, _HEIGHT * rows), dpi=_DPI, layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in panels[len(names) :]:
        panel.set_visible(False)
    for panel, name in zip(panels, names, strict=False):
        for run, history in histories.items():
            points = [(epoch, figures[name]) for epoch, figures in enumerate(history, start=1) if name in figures]
            panel.plot(*zip(*points, strict=True), marker=".", label=run)
        panel.set(title=name, xlabel="epoch")
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.grid(alpha=0.3)
    if len(histories) > 1 and names:
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center")
    with whole_file(path) as fresh, fresh.open("wb") as file:
        figure.savefig(file, format="png")
