from fractions import Fraction

import pytest

from vidtag.errors import OptionError
from vidtag.options import AnalysisOptions, RenderOptions


@pytest.mark.parametrize(
    "options",
    [
        {"rate": Fraction(0)},
        {"rate": Fraction(241)},
        {"rate": Fraction(1, 100_001)},
        {"batch_size": 0},
        {"batch_size": 5000},
        {"start": Fraction(-1)},
        {"start": Fraction(5), "end": Fraction(5)},
        {"end": Fraction(0)},
    ],
)
def test_analysis_options_out_of_range(options):
    with pytest.raises(OptionError):
        AnalysisOptions(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"smooth": 2},
        {"crf": -1},
        {"crf": 64},
        {"encoder": "libx264 -y"},
        {"encoder": ""},
        {"parallel": 0},
        {"parallel": 65},
        {"preset": "a;b"},
    ],
)
def test_render_options_out_of_range(options):
    with pytest.raises(OptionError):
        RenderOptions(**options)


def test_options_cannot_be_changed():
    with pytest.raises(AttributeError):
        RenderOptions().crf = 3
