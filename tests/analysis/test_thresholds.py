import numpy as np
import pytest

from vidtag.analysis.thresholds import apply_thresholds
from vidtag.errors import ShapeError


def test_every_character_has_a_threshold_of_its_own():
    values = np.array([[0.4, 0.4], [0.6, 0.6]], np.float32)
    flags = apply_thresholds(values, np.array([0.3, 0.5], np.float32))
    assert flags.tolist() == [[True, False], [True, True]]
    assert flags.dtype == bool


def test_a_score_equal_to_its_threshold_is_away():
    assert not apply_thresholds(np.full((1, 1), 0.5, np.float32), np.array([0.5], np.float32)).any()


@pytest.mark.parametrize(("values", "thresholds"), [((4, 2), (3,)), ((4,), (4,)), ((4, 2), (1,)), ((4, 2), ())])
def test_shapes_that_do_not_fit_are_refused(values, thresholds):
    with pytest.raises(ShapeError, match="do not fit"):
        apply_thresholds(np.zeros(values, np.float32), np.zeros(thresholds, np.float32))
