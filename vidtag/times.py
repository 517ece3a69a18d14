"""Times and rates as people write them, and as text at the edge. Inside vidtag both are Fractions."""

import re
from fractions import Fraction

from vidtag.errors import OptionError

_CLOCK = re.compile(r"(?:(?:(?P<hours>\d{1,4}):)?(?P<minutes>\d{1,4}):)?(?P<seconds>\d{1,7}(?:\.\d{0,9})?|\.\d{1,9})")

MAX_RATE = 240


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


def parse_rate(text: str) -> Fraction:
    """Read a rate per second such as `4`, `2.5` or `24000/1001`.

    Raises:
        OptionError: not a number, or not above 0 and at most `MAX_RATE`.

    >>> parse_rate("24000/1001")
    Fraction(24000, 1001)
    """
    try:
        rate = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise OptionError(f"expected a rate like 4, 2.5 or 24000/1001, got {text!r}") from None
    if not 0 < rate <= MAX_RATE or rate.denominator > 100_000:
        raise OptionError(f"expected a rate above 0 and at most {MAX_RATE} a second, got {text!r}")
    return rate
