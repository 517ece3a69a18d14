"""A bar shows exactly who is lit, and draws every state once."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.cast import Cast, Character
from vidtag.errors import OptionError, ShapeError
from vidtag.overlay import bar as bar_module
from vidtag.overlay.bar import Bar
from vidtag.overlay.layout import lay_out_bar
from vidtag.overlay.styles import BAR_STYLES
from vidtag.overlay.tiles import GROUND, icon_tiles

CAST = Cast(tuple(Character(f"c{k}", f"Zoé {k}", (250 - 40 * k, 40 * k, 120)) for k in range(6)))
BARS = {style: Bar(CAST, 640, 360, style) for style in BAR_STYLES}


@given(arrays(bool, len(CAST)), st.sampled_from(sorted(BAR_STYLES)))
def test_each_character_looks_as_its_flag_says(present, style):
    layout = lay_out_bar(640, 360, len(CAST), BAR_STYLES[style])
    drawn = BARS[style].draw(present)
    assert drawn.shape == (layout.height_px, 640, 3)
    assert drawn.dtype == np.uint8
    for character, there, (left, top) in zip(CAST, present, layout.icons, strict=True):
        seen = drawn[top : top + layout.icon_px, left : left + layout.icon_px]
        assert np.array_equal(seen, icon_tiles(character, layout.icon_px)[int(there)])


@pytest.mark.parametrize("style", sorted(BAR_STYLES))
def test_one_flag_changes_one_cell_and_nothing_else(style):
    layout = lay_out_bar(640, 360, len(CAST), BAR_STYLES[style])
    present = np.zeros(len(CAST), bool)
    before = BARS[style].draw(present)
    present[2] = True
    changed = np.nonzero((BARS[style].draw(present) != before).any(axis=(0, 2)))[0]
    left = layout.icons[2][0]
    caption = layout.captions[2].width if layout.captions else 0
    margin = max(0, (caption - layout.icon_px + 1) // 2)
    assert left - margin <= changed.min() <= left
    assert left + layout.icon_px - 1 <= changed.max() < left + layout.icon_px + margin


def test_between_the_icons_lies_calm_ground_under_one_line():
    drawn = BARS["icons"].draw(np.ones(len(CAST), bool))
    assert (drawn[2:, :40] == GROUND).all()
    assert (drawn[0] == drawn[0, 0]).all()
    assert (drawn[0, 0] > GROUND).all()


def test_names_are_drawn_under_the_icons():
    layout = lay_out_bar(640, 360, len(CAST), BAR_STYLES["icons+names"])
    box = layout.captions[0]
    drawn = BARS["icons+names"].draw(np.ones(len(CAST), bool))
    assert drawn[box.top : box.top + box.height, box.left : box.left + box.width].max() > 200


def test_a_state_is_drawn_once_shared_and_read_only():
    fresh = Bar(CAST, 640, 360)
    present = np.array([True, False, True, False, False, True])
    first = fresh.draw(present)
    assert fresh.draw(present.copy()) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 0
    assert np.array_equal(Bar(CAST, 640, 360).draw(present), first)


def test_states_used_longest_ago_are_forgotten(monkeypatch):
    fresh = Bar(CAST, 640, 360)
    states = np.eye(len(CAST), dtype=bool)
    first, second = fresh.draw(states[0]), fresh.draw(states[1])
    monkeypatch.setattr(bar_module, "CACHE_BYTES", 2 * first.nbytes)
    fresh.draw(states[0])
    fresh.draw(states[2])
    assert fresh.draw(states[0]) is first
    again = fresh.draw(states[1])
    assert again is not second
    assert np.array_equal(again, second)


@pytest.mark.parametrize(
    ("width", "aspect", "shown"), [(320, Fraction(2), 640), (720, Fraction(8, 9), 640), (640, Fraction(1), 640)]
)
def test_a_bar_is_laid_out_as_shown_and_squeezed_to_the_stored_width(width, aspect, shown):
    squeezed, plain = Bar(CAST, width, 360, sample_aspect=aspect), Bar(CAST, shown, 360)
    present = np.ones(len(CAST), bool)
    assert squeezed.size == (width, plain.size[1])
    assert squeezed.draw(present).shape == (plain.size[1], width, 3)
    assert squeezed.draw(present).mean() == pytest.approx(plain.draw(present).mean(), abs=0.5)


def test_odd_widths_are_kept_and_the_height_is_even():
    width, height = Bar(CAST, 641, 361).size
    assert (width, height % 2) == (641, 0)


@pytest.mark.parametrize("present", [np.ones(5, bool), np.ones((1, 6), bool), np.ones(6, np.uint8)])
def test_other_arrays_are_refused(present):
    with pytest.raises(ShapeError, match=r"\(6,\) bool"):
        BARS["icons"].draw(present)


def test_unknown_style_is_refused_with_the_choices():
    with pytest.raises(OptionError, match=r"'neon'.*icons, icons\+names"):
        Bar(CAST, 640, 360, "neon")


def test_impossible_aspect_is_refused():
    with pytest.raises(OptionError, match="above 0"):
        Bar(CAST, 640, 360, sample_aspect=Fraction(0))
