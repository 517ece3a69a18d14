import pytest

from vidtag.errors import OptionError
from vidtag.limits import VARIABLE, Limits, current_limits, how_to_raise, parse_limits


def test_nothing_said_means_the_usual_limits(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert current_limits() == Limits() == parse_limits("")


def test_some_are_moved_and_the_others_stay(monkeypatch):
    monkeypatch.setenv(VARIABLE, " hours = 48, memory=0.5,,pixels=100 ")
    limits = current_limits()
    assert (limits.hours, limits.memory_bytes, limits.pixels) == (48, 500_000_000, 100)
    assert limits.seconds == 48 * 3600
    assert limits.streams == Limits().streams


def test_what_is_shown_can_be_given_again():
    limits = Limits(hours=1.5, frames=123_456_789)
    assert parse_limits(str(limits)) == limits


def test_an_8k_film_lies_within_and_a_square_of_8192_does_not():
    assert 7680 * 4320 < 8192 * 4320 <= Limits().pixels < 8192 * 8192


@pytest.mark.parametrize(
    "text",
    ["hour=4", "hours", "hours=", "hours=soon", "hours=0", "hours=-1", "hours=nan", "hours=inf", "pixels=1e3", "=4"],
)
def test_what_is_no_limit_is_refused_by_name(text):
    with pytest.raises(OptionError, match=VARIABLE):
        parse_limits(text)


def test_a_message_says_how_to_raise_it(monkeypatch):
    monkeypatch.setenv(VARIABLE, "streams=9")
    assert how_to_raise("streams") == "the limit is 9, VIDTAG_LIMITS=streams=… raises it"
