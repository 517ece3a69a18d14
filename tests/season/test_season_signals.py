"""A signal ends what DuckDB does as it ends anything else: with what its handler raises."""

import os
import signal
import threading

import pytest
from season_recipes import make_episode

from vidtag.season.catalogue import Catalogue
from vidtag.season.signals import signals_heard

LONG = "SELECT count(*) FROM range(200000) a, range(200000) b WHERE hash(a.range + b.range) % 7 = 3"


class EndedError(BaseException):
    """What the handler raises."""


@pytest.fixture(params=["SIGINT", "SIGTERM", "SIGHUP"])
def number(request):
    """A signal whose handler raises."""

    def handler(number, _frame):
        raise EndedError(number)

    number = signal.Signals[request.param]
    before = signal.signal(number, handler)
    yield number
    assert signal.getsignal(number) is handler
    signal.signal(number, before)


def test_a_question_that_takes_long_ends_by_a_signal(number, tmp_path):
    with Catalogue.open(tmp_path / "season.duckdb") as catalogue:
        catalogue.put("S1", make_episode("E1"))
        sender = threading.Timer(0.1, os.kill, (os.getpid(), number))
        sender.start()
        with pytest.raises(EndedError):
            catalogue.ask(LONG)
        sender.join()
        assert catalogue.ask("SELECT episode FROM episodes").rows == [("E1",)]


def swallow(number, error):
    try:
        os.kill(os.getpid(), number)
        signal.pause()
    except EndedError:
        if error is not None:
            raise error from None


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), None])
def test_what_a_handler_raises_is_not_lost(number, error):
    with pytest.raises(EndedError) as caught, signals_heard(), signals_heard():
        swallow(number, error)
    assert caught.value.__cause__ is error


def test_other_errors_stay_as_they_are(number):
    with pytest.raises(ValueError, match="as it is") as caught, signals_heard():
        raise ValueError("as it is")
    assert caught.value.__cause__ is None


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_heard():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_nothing_changes():
    found = []

    def look():
        before = signal.getsignal(signal.SIGTERM)
        with signals_heard():
            found.append(signal.getsignal(signal.SIGTERM) is before)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [True]
