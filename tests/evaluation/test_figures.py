import json
import re

import numpy as np
import pytest
from evaluation_recipes import scored_set
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_hex

from vidtag.cast import Cast, Character
from vidtag.evaluation.figures import measure_set
from vidtag.evaluation.mistakes import worst_mistakes
from vidtag.evaluation.plots import PLOTS, draw_png, draw_svg

LABELS = [[1, 0], [1, 0], [0, 1], [0, 1], [0, 0], [-1, 1]]
SCORES = [[0.9, 0.2], [0.4, 0.6], [0.1, 0.8], [0.7, 0.9], [0.65, 0.1], [0.9, 0.7]]

cases = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        arrays(np.float32, (n, 3), elements=st.sampled_from((-1.0, 0.0, 1.0))),
        arrays(np.float32, (n, 3), elements=st.floats(0, 1, width=32)),
    )
)


def test_figures_of_a_small_set():
    figures = measure_set(scored_set(LABELS, SCORES), repeats=50)
    values = figures.values
    assert values["precision"] == pytest.approx([1 / 3, 3 / 4])
    assert values["recall"] == pytest.approx([1 / 2, 1])
    assert figures.number("micro_precision") == pytest.approx(4 / 7)
    assert figures.number("macro_precision") == pytest.approx((1 / 3 + 3 / 4) / 2)
    assert values["top1"] == pytest.approx([1 / 2, 2 / 3])
    assert figures.number("top1_share") == pytest.approx(3 / 5)
    assert figures.number("nobody_lit") == 1
    assert (figures.present.tolist(), figures.absent.tolist()) == ([2, 3], [3, 3])
    assert figures.confusion.tolist() == [[1, 1], [1, 2]]


def test_whoever_is_never_there_counts_in_no_macro_precision():
    figures = measure_set(scored_set([[1, 0], [1, 0], [0, 0]], [[0.9, 0.7], [0.4, 0.1], [0.2, 0.1]]), repeats=50)
    assert figures.values["precision"].tolist() == [1, 0]
    macros = [figures.number(f"macro_{name}") for name in ("precision", "recall", "f1")]
    assert macros == pytest.approx([1, 1 / 2, 2 / 3])
    assert figures.intervals["macro_precision"].tolist() == [1, 1]
    assert figures.number("micro_precision") == 1 / 2


@given(cases)
def test_whatever_the_data_figures_are_shares_within_their_intervals(case):
    figures = measure_set(scored_set(*case), repeats=20)
    for name, value in figures.values.items():
        known = np.isfinite(value)
        assert ((np.asarray(value)[known] >= 0) & (np.asarray(value)[known] <= 1 + 1e-9)).all(), name
    for name, ends in figures.intervals.items():
        low, high = ends
        assert not (low > high).any(), name
        assert ends.shape[1:] == figures.values[name].shape


def test_samples_of_a_unit_stand_for_one():
    labels, scores = np.tile(LABELS[:5], (8, 1)), np.tile(SCORES[:5], (8, 1))
    apart = measure_set(scored_set(labels, scores), repeats=400).intervals["micro_f1"]
    units = np.repeat(np.arange(4), 10)
    together = measure_set(scored_set(labels, scores, units=units), repeats=400).intervals["micro_f1"]
    assert together[1] - together[0] != apart[1] - apart[0]
    one = measure_set(scored_set(labels, scores, units=np.zeros(40, int)), repeats=50).intervals["micro_f1"]
    assert one[0] == one[1]


def test_the_worst_mistakes_come_first():
    mistakes = worst_mistakes(scored_set(LABELS, SCORES))
    assert [(one.sample, one.character) for one in mistakes["missed"]] == [(1, 0)]
    assert [(one.sample, one.character) for one in mistakes["false"]] == [(3, 0), (4, 0), (1, 1)]
    assert [(one.sample, one.character, one.other) for one in mistakes["mixed up"]] == [(1, 0, 1), (5, 1, 0)]


def test_neighbours_show_the_same_mistake_once():
    scored = scored_set(LABELS[:2] * 3, [[0.1, 0.2], [0.2, 0.6]] * 3, units=np.zeros(6, int))
    mistakes = worst_mistakes(scored)
    assert [(one.sample, one.character) for one in mistakes["missed"]] == [(0, 0)]
    assert len(worst_mistakes(scored_set([[1]] * 9, [[0.1]] * 9), most=4)["missed"]) == 4


@pytest.mark.parametrize("plot", PLOTS)
def test_plots_need_no_other_file(plot):
    svg = draw_svg(plot, scored_set(LABELS, SCORES))
    assert svg.startswith("<svg")
    assert not re.search(r'(href|src)="(?!#|data:)', svg.replace("http://www.w3.org", ""))
    assert svg == draw_svg(plot, scored_set(LABELS, SCORES))


OWN = Cast((Character("a", "Ada", (200, 0, 0)), Character("b", "Bob", (0, 0, 200))))


@pytest.mark.parametrize("cast", [Cast.of("a", "b"), OWN])
def test_curves_say_whose_they_are(cast):
    scored = scored_set(LABELS, SCORES, cast=cast)
    figure = PLOTS["curves"](scored)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["all together", *cast.names]
    for axes in figure.axes:
        drawn = [to_hex(line.get_color()) for line in axes.lines]
        assert drawn == [to_hex(line.get_color()) for line in legend.get_lines()]
        assert len(set(drawn)) == 3
    if cast is OWN:
        assert drawn[1:] == ["#c80000", "#0000c8"]


def test_no_precision_is_drawn_where_nothing_is_lit():
    axes = PLOTS["thresholds"](scored_set(LABELS, SCORES)).axes[1]
    thresholds, precision = axes.lines[0].get_data()
    assert np.isfinite(precision[thresholds < 0.9]).all()
    assert np.isnan(precision[thresholds > 0.9]).all()


@pytest.mark.parametrize("plot", PLOTS)
def test_plots_of_hardly_anything_are_drawn(plot):
    assert draw_png(plot, scored_set([[1]], [[0.5]])).startswith(b"\x89PNG")


def test_figures_can_be_json():
    json.dumps(
        {name: np.asarray(value).tolist() for name, value in measure_set(scored_set(LABELS, SCORES), 5).values.items()}
    )
