"""The log of decoded frames: what it counts, and that nobody waits for ever where it breaks."""

import io
import os
from fractions import Fraction
from pathlib import Path

import pytest

from vidtag.errors import DamagedError
from vidtag.limits import VARIABLE
from vidtag.media.framelog import FrameLog

HEAD = "#software: test\n#tb 0: 1/25\n"
LINES = "".join(f"0, {tick}, {tick}, 1, 100, 0x00000000\n" for tick in range(5))


def read(text, end=None):
    log = FrameLog(Path("film.mp4"), io.StringIO(text), end)
    log.start()
    return log


def test_frames_count_up_to_the_end():
    log = read(HEAD + LINES, Fraction(3, 25))
    assert log.first() == (0, Fraction(1, 25))
    assert (log.span().last, log.span().frames, log.beyond()) == (2, 3, True)


def test_a_log_without_frames_has_no_first():
    log = read(HEAD)
    assert (log.first(), log.span(), log.beyond()) == (None, None, False)


@pytest.mark.parametrize("call", ["first", "span", "beyond"])
@pytest.mark.parametrize("text", [HEAD + "0, nonsense\n", "#tb 0: 1/0\n", HEAD + LINES + "0, 5, x, 1\n"])
def test_an_error_in_the_log_reaches_whoever_waits(text, call):
    log = read(text)
    log.join()
    with pytest.raises((ValueError, IndexError, ZeroDivisionError)):
        getattr(log, call)()


@pytest.mark.parametrize(("text", "calls"), [(HEAD, ["first", "span", "beyond"]), (HEAD + LINES, ["span", "beyond"])])
def test_nobody_waits_for_ever_for_a_decoder_that_stands_still(monkeypatch, text, calls):
    monkeypatch.setenv(VARIABLE, "stall=0.5")
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="ascii") as stream:
        log = FrameLog(Path("film.mp4"), stream, None)
        log.start()
        os.write(writing, text.encode())
        for call in calls:
            with pytest.raises(DamagedError, match=r"film.mp4 .* no progress"):
                getattr(log, call)()
        os.close(writing)
        log.join()
