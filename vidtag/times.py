"""Times and rates as people write them, and as text at the edge. Inside vidtag both are Fractions."""

import re
from fractions import Fraction

from vidtag.errors import OptionError

_CLOCK = re.compile(r"(?:(?:(?P<hours>\d{1,4}):)?(?P<minutes>\d{1,4}):)?(?P<seconds>\d{1,7}(?:\.\d{0,9})?|\.\d{1,9})")
_NUMBER = re.compile(
    r"-?(?:\d{1,400}/\d{1,400}|(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,3})?)", re.ASCII
)

MAX_RATE = 240  # samples a second
MAX_RATE_DENOMINATOR = 100_000  # of the reduced fraction: ffmpeg computes with these numbers


def parse_time(text: str) -> Fraction:
    """Read a time such as `90`, `1:30` or `0:01:30.5` as seconds.

    Raises:
        OptionError: the text is none of these, or minutes or seconds behind a colon are 60 or more.

    >>> parse_time("0:01:30.5")
    Fraction(181, 2)
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise OptionError(f"expected a time like 90, 1:30 or 0:01:30.5, got {text!r}")
    hours, minutes, seconds = (Fraction(match[part] or 0) for part in ("hours", "minutes", "seconds"))
    if (match["minutes"] and seconds >= 60) or (match["hours"] and minutes >= 60):
        raise OptionError(f"minutes and seconds behind a colon go up to 59, got {text!r}")
    return hours * 3600 + minutes * 60 + seconds


def format_time(seconds: Fraction | float) -> str:
    """Write seconds as `m:ss.s`, or `h:mm:ss.s` from an hour on; tenths are rounded half to even.

    >>> format_time(90.5), format_time(3661)
    ('1:30.5', '1:01:01.0')
    """
    tenths = round(Fraction(seconds) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def parse_fraction(text: str, what: str = "number") -> Fraction:
    """Read a number such as `-4`, `2.5` or `24000/1001`, of 400 digits a part at most and with a short exponent.

    So no text takes long to read, as `1e999999999` would.

    Args:
        text: the number.
        what: it is, for the message.

    Raises:
        OptionError: the text is none of these, or is divided by 0.

    >>> parse_fraction("2.5")
    Fraction(5, 2)
    """
    if not _NUMBER.fullmatch(text):
        raise OptionError(f"expected a {what} like 4, 2.5 or 24000/1001, got {text[:80]!r}")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise OptionError(f"expected a {what} that is not divided by 0, got {text[:80]!r}") from None


def check_rate(rate: Fraction) -> Fraction:
    """Give a rate per second back if it can be used.

    Raises:
        OptionError: not above 0 and at most `MAX_RATE`, or finer than `MAX_RATE_DENOMINATOR`.
    """
    if not 0 < rate <= MAX_RATE or rate.denominator > MAX_RATE_DENOMINATOR:
        short = rate.numerator.bit_length() + rate.denominator.bit_length() < 200
        raise OptionError(
            f"expected a rate above 0 and at most {MAX_RATE} a second, with a denominator up to "
            f"{MAX_RATE_DENOMINATOR}, got {str(rate) if short else 'a number of many digits'!r}"
        )
    return rate


def parse_rate(text: str) -> Fraction:
    """Read a rate per second such as `4`, `2.5` or `24000/1001`.

    Raises:
        OptionError: not a number, or one that `check_rate` refuses.

    >>> parse_rate("24000/1001")
    Fraction(24000, 1001)
    """
    return check_rate(parse_fraction(text.strip(), "rate"))


def format_clock(seconds: Fraction | float) -> str:
    """Write seconds as `h:mm:ss`; halves are rounded to the even second.

    >>> format_clock(754.25), format_clock(36_000)
    ('0:12:34', '10:00:00')
    """
    minutes, rest = divmod(round(Fraction(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
