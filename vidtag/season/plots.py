"""The plots of a report as PNG, on white, for papers and slides."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vidtag.errors import OutputError
from vidtag.refusals import refusal
from vidtag.season.facts import Facts
from vidtag.season.page.markup import plain
from vidtag.season.palette import hexadecimal, on_light
from vidtag.season.season import presence_in
from vidtag.wholefile import check_target, whole_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 150
_INK, _SOFT, _LINE = "#1a2027", "#5b6672", "#dfe3e8"
_LOOK: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": _INK,
    "text.parse_math": False,  # a dollar in a name is a dollar
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": _SOFT,
    "ytick.color": _INK,
    "xtick.labelcolor": _SOFT,
}
_MOST_LANES = 400  # rows of timelines in one picture


def save_plots(facts: Facts, folder: Path, *, overwrite: bool) -> tuple[Path, ...]:
    """Draw every plot into a folder, which is made if it is missing; all of them or none.

    Returns:
        The absolute paths of the PNG files.

    Raises:
        OutputError: a file exists and may not be replaced, or the folder cannot be written.
    """
    import warnings

    import matplotlib

    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(refusal(folder, error)) from error
    plots = dict(PLOTS)
    for number in range(len(facts.season.episodes)):
        plots[f"timeline-{number + 1:02d}"] = _timeline_of(number)
    targets = {name: check_target(folder / f"{name}.png", overwrite=overwrite) for name in plots}
    with ExitStack() as stack, matplotlib.rc_context(_LOOK), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # a box stands for it, as everywhere
        for name, draw in plots.items():
            temporary = stack.enter_context(whole_file(targets[name], overwrite=overwrite))
            draw(facts).savefig(temporary, dpi=_DPI, facecolor="white", format="png")
    return tuple(targets.values())


def _draw_screen_time(facts: Facts) -> "Figure":
    """Draw a bar a character: minutes on screen over all episodes."""
    minutes = [float(facts.characters[place].seconds) / 60 for place in facts.ranking]
    axes = _axes(8, 1 + 0.27 * max(1, len(minutes)))
    bars = axes.barh(_names(facts), minutes, color=_colours(facts), height=0.72)
    axes.bar_label(bars, [f"{value:.1f}" for value in minutes], padding=4, color=_SOFT, fontsize=8)
    axes.invert_yaxis()
    axes.set(title="Screen time", xlabel="minutes")
    return _figure_of(axes)


def _draw_episodes(facts: Facts) -> "Figure":
    """Draw a bar an episode: minutes on screen of all characters, end to end."""
    names = [plain(total.name) for total in facts.episodes]
    axes = _axes(9, 1.6 + 0.27 * len(names))
    left = np.zeros(len(names))
    for place, colour in zip(facts.ranking, _colours(facts), strict=True):
        minutes = np.array([float(row[place] or 0) / 60 for row in facts.seconds])
        axes.barh(names, minutes, left=left, color=colour, height=0.72, label=plain(facts.cast.names[place]))
        left += minutes
    axes.invert_yaxis()
    axes.set(title="Screen time by episode", xlabel="minutes, of all characters end to end")
    figure = _figure_of(axes)
    if facts.ranking:
        figure.legend(loc="outside lower center", ncols=6, frameon=False, fontsize=7.5, labelcolor=_SOFT)
    return figure


def _draw_heat_map(facts: Facts) -> "Figure":
    """Draw a field an episode and character, the darker the longer on screen."""
    minutes = [[float(row[place] or 0) / 60 for place in facts.leading] for row in facts.seconds]
    names = [plain(total.name) for total in facts.episodes]
    return _matrix(np.array(minutes), names, _names(facts, len(facts.leading)), "Minutes in each episode", "{:.1f}")


def _draw_together(facts: Facts) -> "Figure":
    """Draw a field for each two characters, the darker the longer together."""
    names = _names(facts, len(facts.leading))
    minutes = [[float(facts.together.seconds[a][b]) / 60 for b in facts.leading] for a in facts.leading]
    table = np.array(minutes).reshape(len(names), len(names))
    np.fill_diagonal(table, 0)
    return _matrix(table, names, names, "Minutes together", "{:.1f}")


def _draw_trend(facts: Facts) -> "Figure":
    """Draw a panel a character: its share of each episode as columns, their mean of three as a line."""
    from matplotlib.figure import Figure

    count, columns = max(1, len(facts.leading)), 5
    rows = -(-count // columns)
    figure = Figure(figsize=(10, 0.6 + 1.25 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes in grid.ravel():
        axes.set_visible(False)
    at = np.arange(1, len(facts.season.episodes) + 1)
    for axes, place, colour in zip(grid.ravel(), facts.leading, _colours(facts), strict=False):
        trend = facts.trends[place]
        shares, smooth = (
            np.array([np.nan if share is None else 100 * float(share) for share in line])
            for line in (trend.shares, trend.smooth)
        )
        axes.set_visible(True)
        axes.bar(at, np.nan_to_num(shares), color=colour, alpha=0.4, width=0.8)
        axes.plot(at, smooth, color=colour, linewidth=1.5)
        axes.set_title(plain(facts.cast.names[place]), fontsize=8)
        axes.tick_params(labelsize=7)
    figure.supylabel("% of the episode", fontsize=8, color=_SOFT)
    figure.supxlabel("episode", fontsize=8, color=_SOFT)
    return figure


def _timeline_of(number: int) -> Callable[[Facts], "Figure"]:
    """Give what draws the lanes of one episode."""

    def draw(facts: Facts) -> "Figure":
        episode = facts.season.episodes[number]
        lanes = [
            (place, presence)
            for place in facts.ranking
            if (presence := presence_in(episode, facts.cast.ids[place])) is not None and presence.intervals
        ][:_MOST_LANES]
        axes = _axes(10, 1 + 0.25 * max(1, len(lanes)))
        for row, (place, presence) in enumerate(lanes):
            spans = [(float(interval.start) / 60, float(interval.duration) / 60) for interval in presence]
            axes.broken_barh(spans, (row - 0.36, 0.72), facecolors=_colour(facts, place))
        axes.set_yticks(range(len(lanes)), [plain(facts.cast.names[place]) for place, _ in lanes])
        axes.set(
            title=plain(episode.name),
            xlabel="minutes",
            xlim=(float(episode.timeline.start) / 60, float(episode.timeline.end) / 60),
            ylim=(max(1, len(lanes)) - 0.5, -0.5),
        )
        return _figure_of(axes)

    return draw


PLOTS: Mapping[str, Callable[[Facts], "Figure"]] = {
    "screen-time": _draw_screen_time,
    "episodes": _draw_episodes,
    "heat-map": _draw_heat_map,
    "trend": _draw_trend,
    "together": _draw_together,
}


def _matrix(table: Any, down: list[str], across: list[str], title: str, form: str) -> "Figure":
    """Draw a table as shaded fields with their figures; an empty one as nothing but its title."""
    axes = _axes(2.2 + 0.42 * max(1, len(across)), 1.6 + 0.3 * max(1, len(down)))
    axes.set_title(title)
    axes.spines[:].set_visible(False)
    if table.size:
        most = table.max() or 1
        axes.imshow(table, cmap="Blues", vmin=0, vmax=most, aspect="auto")
        for row, column in np.argwhere(table > 0):
            ink = "white" if table[row, column] > 0.6 * most else _INK
            text = form.format(table[row, column])
            axes.text(column, row, text, ha="center", va="center", fontsize=6.5, color=ink)
    axes.set_xticks(range(len(across)), across, rotation=90)
    axes.set_yticks(range(len(down)), down)
    axes.tick_params(length=0, labelcolor=_INK)
    return _figure_of(axes)


def _axes(width_inches: float, height_inches: float) -> "Axes":
    from matplotlib.figure import Figure  # no pyplot: it would keep every figure and may open windows

    return Figure(figsize=(width_inches, height_inches), layout="constrained").subplots()


def _figure_of(axes: "Axes") -> "Figure":
    from matplotlib.figure import Figure

    figure = axes.figure
    assert isinstance(figure, Figure)
    return figure


def _names(facts: Facts, most: int | None = None) -> list[str]:
    return [plain(facts.cast.names[place]) for place in facts.ranking[:most]]


def _colours(facts: Facts) -> list[str]:
    return [_colour(facts, place) for place in facts.ranking]


def _colour(facts: Facts, place: int) -> str:
    return hexadecimal(on_light(facts.cast.characters[place].colour))
