"""Draws what a model does with labelled samples, in grey letters that can be read on light and on dark."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.ranking import rank
from vidtag.analysis.reliability import BINS, reliability
from vidtag.analysis.thresholdcurves import threshold_curve
from vidtag.cast import Cast
from vidtag.evaluation.scored import ScoredSet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GREY = "#808080"
_PRECISION, _RECALL, _F1, _WRONG = "#3b82f6", "#f59e0b", "#10b981", "#ef4444"
_GRID = np.linspace(0.005, 0.995, 199).astype(np.float32)
_PANEL_COLUMNS, _LEGEND_COLUMNS = 5, 6
_DPI = 110
_LOOK: dict[Any, Any] = dict.fromkeys(
    ("axes.edgecolor", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color", "text.color"), _GREY
) | {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "none",  # letters stay letters
    "svg.hashsalt": "vidtag",  # the same drawing is the same text
}


def _draw_thresholds(scored: ScoredSet) -> "Figure":
    """Draw precision, recall and F1 against the threshold: one for all, and for each character with its own."""
    panels = [("all, one threshold", scored.labels.ravel(), scored.scores.ravel(), None)]
    columns = zip(scored.cast.names, scored.labels.T, scored.scores.T, scored.thresholds.tolist(), strict=True)
    panels += [column for column in columns if (column[1] == 1).any() and (column[1] == 0).any()]
    rows = -(-len(panels) // _PANEL_COLUMNS)
    figure = _figure(11, 0.6 + 1.9 * rows)
    grid = figure.subplots(rows, min(_PANEL_COLUMNS, len(panels)), sharex=True, sharey=True, squeeze=False)
    for axes in grid.ravel():
        axes.set_visible(False)
    for axes, (name, labels, scores, threshold) in zip(grid.ravel(), panels, strict=False):
        curve = threshold_curve(labels, scores, _GRID)
        precision = np.where(curve.shown > 0, curve.precision, np.nan)  # of nothing there is none
        for figures, colour in ((precision, _PRECISION), (curve.recall, _RECALL), (curve.f1, _F1)):
            axes.plot(curve.thresholds, figures, color=colour, linewidth=1.2)
        if threshold is not None:
            axes.axvline(threshold, color=_GREY, linewidth=0.8, linestyle=":")
        axes.set(title=name, xlim=(0, 1), ylim=(0, 1.02), xticks=(0, 0.5, 1), visible=True)
        axes.xaxis.set_tick_params(labelbottom=True)  # a last row may be shorter
    figure.supxlabel("threshold", color=_GREY, fontsize=9)
    _legend(figure, (("precision", _PRECISION), ("recall", _RECALL), ("F1", _F1)))
    return figure


def _draw_gaps(scored: ScoredSet) -> "Figure":
    """Draw the best score against its lead over the second, and against the spread, right and wrong ones apart.

    Only samples of one character count; the spread is the standard deviation of all scores of a sample.
    """
    ranked = np.sort(scored.scores, axis=1)
    best = ranked[:, -1]
    lead = best - (ranked[:, -2] if ranked.shape[1] > 1 else 0)
    right = scored.scores.argmax(1) == scored.main
    figure = _figure(9, 3.8)
    ways = ((lead, "lead over the second", 1.02), (scored.scores.std(1), "spread of all scores", 0.52))
    for axes, (across, name, most) in zip(figure.subplots(1, 2), ways, strict=True):
        for which, colour, size in ((right, _PRECISION, 5), (~right, _WRONG, 12)):
            rows = np.flatnonzero(which & (scored.main >= 0))
            axes.scatter(across[rows], best[rows], s=size, color=colour, alpha=0.6, linewidths=0, rasterized=True)
        axes.set(xlabel=name, ylabel="best score", xlim=(-0.02, most), ylim=(-0.02, 1.02))
    _legend(figure, (("best one is right", _PRECISION), ("wrong", _WRONG)), dots=True)
    return figure


def _draw_reliability(scored: ScoredSet) -> "Figure":
    """Draw the share of those present against the score, in 15 bins, over how many scores there are in each."""
    bins = reliability(scored.labels, scored.scores, np.ones((1, len(scored.names))))
    count, middles = bins.count[0], (np.arange(BINS) + 0.5) / BINS
    filled = count > 0
    figure = _figure(4.8, 4.6)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    upper.plot((0, 1), (0, 1), color=_GREY, linewidth=0.8, linestyle=":")
    upper.plot(
        bins.score[0][filled] / count[filled], bins.present[0][filled] / count[filled], "o-", color=_PRECISION, ms=4
    )
    upper.set(ylabel="share present", xlim=(0, 1), ylim=(0, 1))
    lower.bar(middles[filled], count[filled], width=0.9 / BINS, color=_PRECISION)
    lower.set(xlabel="score", ylabel="scores", yscale="log")
    return figure


def _draw_curves(scored: ScoredSet) -> "Figure":
    """Draw precision over recall, and the ROC curve: thin for each character in its colour, thick for all together."""
    columns = zip(scored.cast.names, scored.labels.T, scored.scores.T, _line_colours(scored.cast), strict=True)
    lines = [("all together", scored.labels.ravel(), scored.scores.ravel(), _GREY), *columns]
    lines = [line for line in lines if (line[1] == 1).any() and (line[1] == 0).any()]
    rows = -(-len(lines) // _LEGEND_COLUMNS)
    figure = _figure(9, 4.2 + 0.2 * rows)
    left, right = figure.subplots(1, 2)
    for name, labels, scores, colour in lines:
        ranking = rank(labels, scores, np.ones((1, len(labels))))
        few = _thinned(ranking.recall[0], ranking.false_rate[0])
        look = {"color": colour, "linewidth": 3.0 if name == lines[0][0] else 1.0}
        left.plot(ranking.recall[0][few], ranking.precision[0][few], **look)
        right.plot((0, *ranking.false_rate[0][few]), (0, *ranking.recall[0][few]), **look)
    left.set(xlabel="recall", ylabel="precision", xlim=(0, 1.01), ylim=(0, 1.02))
    right.set(xlabel="false positive rate", ylabel="recall", xlim=(-0.01, 1), ylim=(0, 1.02))
    if lines:
        _legend(figure, [(name, colour) for name, *_, colour in lines])
    return figure


PLOTS: Mapping[str, Callable[[ScoredSet], "Figure"]] = {
    "thresholds": _draw_thresholds,
    "gaps": _draw_gaps,
    "reliability": _draw_reliability,
    "curves": _draw_curves,
}


def draw_svg(plot: str, scored: ScoredSet) -> str:
    """Draw one of `PLOTS` as an `<svg>` element that needs no other file, on nothing."""
    stream = io.StringIO()
    _save(plot, scored, stream, format="svg", transparent=True, metadata={"Date": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]


def draw_png(plot: str, scored: ScoredSet) -> bytes:
    """Draw one of `PLOTS` as a PNG on white."""
    stream = io.BytesIO()
    _save(plot, scored, stream, format="png", facecolor="white")
    return stream.getvalue()


def _save(plot: str, scored: ScoredSet, stream: IO[Any], **options: Any) -> None:
    import matplotlib

    with matplotlib.rc_context(_LOOK):
        PLOTS[plot](scored).savefig(stream, dpi=_DPI, **options)


def _figure(width_inches: float, height_inches: float) -> "Figure":
    from matplotlib.figure import Figure  # no pyplot: it would keep every figure and may open windows

    return Figure(figsize=(width_inches, height_inches), layout="constrained")


def _legend(figure: "Figure", entries: Sequence[tuple[str, Any]], *, dots: bool = False) -> None:
    """Say above a figure which name has which colour, of lines or of dots."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=colour, label=name) for name, colour in entries]
    for handle in handles if dots else ():
        handle.set(linestyle="none", marker="o")
    columns = min(len(handles), _LEGEND_COLUMNS)
    figure.legend(handles=handles, loc="outside upper center", ncols=columns, frameon=False)


def _line_colours(cast: Cast) -> list[Any]:
    """Give a colour for each character: the cast's own, or spread ones where several have the same."""
    from matplotlib import colormaps

    own = [character.colour for character in cast]
    if len(set(own)) == len(own):
        return [tuple(part / 255 for part in colour) for colour in own]
    return [colormaps["turbo"](place) for place in np.linspace(0.05, 0.95, len(own))]


def _thinned(*rising: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the places where lines that rise from 0 to 1 pass the hundredths, and both ends."""
    steps = np.linspace(0, 1, 101)
    last = len(rising[0]) - 1
    passed = [np.searchsorted(line, steps).clip(0, last) for line in rising]
    return np.unique(np.concatenate([[0, last], *passed]))
