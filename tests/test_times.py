from fractions import Fraction

import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st

from vidtag.errors import OptionError
from vidtag.times import MAX_RATE, check_rate, format_time, parse_fraction, parse_rate, parse_time


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("1:30", 90),
        ("0:01:30.5", Fraction(181, 2)),
        ("0", 0),
        ("00:00:00", 0),
        ("1:00:00", 3600),
        (".5", Fraction(1, 2)),
        ("2.", 2),
        (" 7 ", 7),
        ("100:00:00", 360_000),
        ("90:00", 5400),
        ("0.001", Fraction(1, 1000)),
    ],
)
def test_times_as_people_write_them(text, seconds):
    assert parse_time(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "abc", "-1", "1:60", "1:60:00", "1:2:3:4", "1:", ":30", "1e3", "nan", "1,5", "+5", "1 30", "0x10", "1h"],
)
def test_other_texts_are_refused_with_what_was_given(text):
    with pytest.raises(OptionError, match=r"got '"):
        parse_time(text)


@THOROUGH
@given(st.integers(0, 10**7))
def test_tenths_come_back(tenths):
    assert parse_time(format_time(Fraction(tenths, 10))) == Fraction(tenths, 10)


@THOROUGH
@given(st.fractions(0, 10**5))
def test_written_times_are_off_by_half_a_tenth_at_most(seconds):
    assert abs(parse_time(format_time(seconds)) - seconds) <= Fraction(1, 20)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.0"), (59.96, "1:00.0"), (3599.96, "1:00:00.0"), (90.5, "1:30.5"), (36000, "10:00:00.0")],
)
def test_written_times(seconds, text):
    assert format_time(seconds) == text


@pytest.mark.parametrize(
    ("text", "rate"),
    [("4", 4), ("2.5", Fraction(5, 2)), ("24000/1001", Fraction(24000, 1001)), (" 1/3 ", Fraction(1, 3))],
)
def test_rates(text, rate):
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-4",
        "1/0",
        "fast",
        "",
        "inf",
        "nan",
        str(MAX_RATE + 1),
        "1/1000001",
        "1e-9",
        "1e999999999",
        "0." + "3" * 16,
        "9" * 100_000,
        "1/",
        "٣",
    ],
)
def test_other_rates_are_refused(text):
    with pytest.raises(OptionError, match=r"got '"):
        parse_rate(text)


@pytest.mark.parametrize(("text", "number"), [("1e3", 1000), ("-.5", Fraction(-1, 2)), ("1e-05", Fraction(1, 100_000))])
def test_numbers_as_programs_write_them(text, number):
    assert parse_fraction(text) == number


@pytest.mark.parametrize("text", ["", "-", ".", "1e9999", "1/2e3", "1_000", "--1", "1e", " 1", "nan"])
def test_other_numbers_are_refused(text):
    with pytest.raises(OptionError, match="expected a number"):
        parse_fraction(text)


@THOROUGH
@given(st.fractions())
def test_a_number_is_read_as_python_writes_it(number):
    assert parse_fraction(str(number)) == number


@pytest.mark.parametrize("rate", [Fraction(0), Fraction(10**5000), Fraction(1, 10**5000)])
def test_a_rate_that_cannot_be_used_is_one_short_line(rate):
    with pytest.raises(OptionError, match="expected a rate") as caught:
        check_rate(rate)
    assert len(str(caught.value)) < 200
