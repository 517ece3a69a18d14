"""Names are drawn in any script, and made to fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.overlay.lettering import draw_text, fit_names, initials, shorten, text_width

names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=20)


@given(names, st.integers(0, 120), st.integers(9, 40))
def test_a_shortened_name_fits_and_keeps_its_beginning(name, width_px, text_px):
    short = shorten(name, width_px, text_px)
    assert text_width(short, text_px) <= width_px
    assert short == name or short == "" or (short.endswith("…") and name.startswith(short[:-1]))


@given(st.lists(names, min_size=1, max_size=5), st.integers(20, 200), st.integers(9, 40))
def test_names_keep_their_order_and_one_size(words, width_px, text_px):
    fitted, size = fit_names(words, width_px, text_px, smallest_px=9)
    assert len(fitted) == len(words)
    assert 9 <= size <= text_px
    assert all(text_width(name, size) <= width_px for name in fitted)


def test_letters_shrink_together_before_a_name_is_cut():
    wanted = text_width("Comic Book Guy", 20)
    assert fit_names(["Moe", "Comic Book Guy"], wanted, 20, 9) == (("Moe", "Comic Book Guy"), 20)
    shrunk, size = fit_names(["Moe", "Comic Book Guy"], text_width("Comic Book Guy", 18), 20, 9)
    assert (shrunk, size) == (("Moe", "Comic Book Guy"), 18)
    cut, size = fit_names(["Moe", "Comic Book Guy"], wanted // 2, 20, 9)
    assert cut[0] == "Moe"
    assert cut[1].startswith("Comic")
    assert cut[1].endswith("…")
    assert size == 17


@pytest.mark.parametrize("text", ["é", "Ł", "Ω", "Ж", "日", "한"])
def test_letters_beyond_ascii_are_not_replaced(text):
    assert not np.array_equal(draw_text(text, 24, 40, 40), draw_text("?", 24, 40, 40))


def test_text_is_drawn_in_the_middle_of_its_box():
    rows, columns = np.nonzero(draw_text("HHH", 20, 101, 41) > 128)
    assert abs(columns.min() + columns.max() - 100) <= 3
    assert abs(rows.min() + rows.max() - 40) <= 3


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mr. Burns", "MB"), ("moe", "M"), ("Zoé de l'Étoile", "ZL"), ("…", "?"), ("日本 太郎", "日太")],
)
def test_initials(name, letters):
    assert initials(name) == letters
