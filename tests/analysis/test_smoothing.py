import numpy as np
import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.rules import check_window
from vidtag.analysis.smoothing import remove_single_outliers, smooth_stream
from vidtag.errors import OptionError, ShapeError

flags = arrays(bool, st.tuples(st.integers(0, 40), st.integers(1, 3)))
windows = st.sampled_from([0, 3, 4, 5, 6, 7, 9, 15])


def slow_definition(samples, window):
    """Flip sample i if some window has i inside but not at an edge, and i is the only one of it that differs."""
    smoothed = list(samples)
    for i in range(len(samples)):
        for first in range(len(samples) - window + 1):
            inside = first < i < first + window - 1
            others = [samples[j] for j in range(first, first + window) if j != i]
            if inside and all(other != samples[i] for other in others):
                smoothed[i] = not samples[i]
    return smoothed


def smooth_text(text, window=5):
    column = np.array([[mark == "1"] for mark in text], dtype=bool)
    return "".join("01"[value] for value in remove_single_outliers(column, window).ravel().astype(int))


@pytest.mark.parametrize(
    ("raw", "smoothed"),
    [
        ("01000", "00000"),
        ("11101", "11111"),
        ("01010", "01010"),
        ("00100", "00000"),
        ("10000", "10000"),  # at the edge of every window
        ("00001", "00001"),
        ("0100", "0100"),  # no window fits
        ("01100", "01100"),
        ("0001000100", "0000000000"),
        ("110111011", "111111111"),
    ],
)
def test_examples(raw, smoothed):
    assert smooth_text(raw) == smoothed


@THOROUGH
@given(flags, windows.filter(bool))
def test_equals_the_definition(present, window):
    expected = [slow_definition(column.tolist(), window) for column in present.T]
    assert remove_single_outliers(present, window).T.tolist() == expected


@THOROUGH
@given(flags, windows)
def test_backwards_gives_the_same_backwards(present, window):
    assert np.array_equal(remove_single_outliers(present[::-1], window), remove_single_outliers(present, window)[::-1])


@THOROUGH
@given(flags, windows)
def test_on_and_off_are_treated_alike(present, window):
    assert np.array_equal(remove_single_outliers(~present, window), ~remove_single_outliers(present, window))


@THOROUGH
@given(flags, windows, st.data())
def test_stream_gives_the_same_for_any_batches(present, window, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(present)), max_size=8)))
    batches = list(smooth_stream(np.split(present, cuts), window))
    joined = np.concatenate(batches) if batches else present[:0]
    assert np.array_equal(joined, remove_single_outliers(present, window))


@THOROUGH
@given(st.lists(st.booleans(), min_size=1, max_size=40), windows)
def test_stream_decides_as_soon_as_it_can(samples, window):
    """A sample comes out once the n - 2 after it are known, and not later."""
    reach, taken, given_out = max(0, window - 2), 0, 0

    def batches():
        nonlocal taken
        for sample in samples:
            taken += 1
            yield np.array([[sample]])

    for batch in smooth_stream(batches(), window):
        given_out += len(batch)
        assert given_out == taken - reach or taken == len(samples)
    assert given_out == len(samples)


@THOROUGH
@given(flags, windows)
def test_input_is_left_as_it_was(present, window):
    before = present.copy()
    smoothed = remove_single_outliers(present, window)
    assert np.array_equal(present, before)
    assert not np.shares_memory(smoothed, present)


def test_flat_array_is_refused_with_its_shape():
    with pytest.raises(ShapeError, match=r"got shape \(4,\)"):
        remove_single_outliers(np.ones(4, bool))


@pytest.mark.parametrize("window", [-1, 1, 2, 100])
def test_windows_that_cannot_be_used_are_refused(window):
    with pytest.raises(OptionError, match=f"got {window}"):
        check_window(window)
    with pytest.raises(OptionError):
        list(smooth_stream([np.ones((2, 1), bool)], window))
