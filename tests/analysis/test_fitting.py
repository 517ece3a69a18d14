from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.analysis.fitting import fit_inside
from vidtag.errors import ShapeError

sides = st.integers(1, 4000)
inputs = st.integers(8, 400)
aspects = st.fractions(Fraction(1, 3), 3, max_denominator=50)


@given(sides, sides, inputs, inputs, aspects)
def test_picture_lies_inside_centred_and_touches_two_edges(width, height, input_width, input_height, aspect):
    place = fit_inside(width, height, input_width, input_height, aspect)
    assert 1 <= place.width <= input_width
    assert 1 <= place.height <= input_height
    assert place.width == input_width or place.height == input_height
    assert 0 <= input_width - place.width - 2 * place.left <= 1
    assert 0 <= input_height - place.height - 2 * place.top <= 1


@given(sides, sides, inputs, inputs, aspects)
def test_picture_is_not_distorted_by_more_than_half_a_pixel(width, height, input_width, input_height, aspect):
    place = fit_inside(width, height, input_width, input_height, aspect)
    scale = min(input_width / (width * aspect), Fraction(input_height, height))
    assert place.width == 1 or abs(place.width - width * aspect * scale) <= Fraction(1, 2)
    assert place.height == 1 or abs(place.height - height * scale) <= Fraction(1, 2)


def test_wide_pixels_make_a_wide_picture():
    assert fit_inside(720, 576, 192, 144, Fraction(64, 45)).height == 108


@pytest.mark.parametrize("arguments", [(0, 1, 1, 1), (1, 1, 1, 0), (1, 1, 1, 1, Fraction(0))])
def test_nothing_is_not_fitted(arguments):
    with pytest.raises(ShapeError):
        fit_inside(*arguments)
