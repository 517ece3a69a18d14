import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.analysis.resampling import intervals, resample
from vidtag.errors import OptionError

units = st.lists(st.integers(0, 5), min_size=1, max_size=30).map(
    lambda numbers: np.unique(numbers, return_inverse=True)[1]
)


@given(units, st.integers(1, 40))
def test_every_draw_takes_as_many_units_as_there_are(units, repeats):
    weights = np.concatenate(list(resample(units, repeats, seed=1)))
    assert weights.shape == (repeats, len(units))
    for unit in range(units.max() + 1):
        together = weights[:, units == unit]
        assert (together == together[:, :1]).all()
    firsts = np.unique(units, return_index=True)[1]
    assert (weights[:, firsts].sum(1) == units.max() + 1).all()


def test_the_same_seed_draws_the_same_however_it_is_cut(monkeypatch):
    units = np.arange(50)
    whole = np.concatenate(list(resample(units, 30, seed=4)))
    assert not np.array_equal(whole, np.concatenate(list(resample(units, 30, seed=5))))
    monkeypatch.setattr("vidtag.analysis.resampling._MOST_WEIGHTS", 500)
    parts = list(resample(units, 30, seed=4))
    assert len(parts) == 3
    assert np.array_equal(np.concatenate(parts), whole)


def test_the_interval_of_a_mean_is_as_wide_as_theory_says():
    random = np.random.default_rng(1)
    values = random.normal(0, 1, 400)
    ends = intervals(lambda w: {"mean": w @ values / w.sum(1)}, np.arange(400), repeats=2000)["mean"]
    assert ends == pytest.approx(values.mean() + np.array([-1.96, 1.96]) * values.std() / 20, abs=0.02)


def test_figures_that_a_draw_does_not_give_are_left_out():
    def figures(weights):
        return {"some": np.where(weights[:, :1] > 0, 1.0, np.nan), "none": np.full((len(weights), 2), np.nan)}

    found = intervals(figures, np.arange(3), repeats=50)
    assert found["some"].tolist() == [[1.0], [1.0]]
    assert found["none"].shape == (2, 2)
    assert np.isnan(found["none"]).all()


@pytest.mark.parametrize("repeats", [0, -1, 100_001])
def test_numbers_of_draws_out_of_range_are_refused(repeats):
    with pytest.raises(OptionError, match=f"1 to 100000 repeats, got {repeats}"):
        list(resample(np.arange(2), repeats, seed=1))
