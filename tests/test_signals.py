"""Signals are held back while a library works, and then handled as ever."""

import os
import signal
import threading
import zipfile

import pytest
from signal_recipes import EndedError

from vidtag.signals import signals_held

pytest_plugins = "signal_fixtures"


def send(number):
    """Send this process a signal and return once its handler has run."""
    os.kill(os.getpid(), number)


def work(number, done, error=None):
    """Be met by a signal in the midst of something."""
    send(number)
    done.append("all")
    if error is not None:
        raise error


def test_what_is_at_work_is_not_cut_in_two(number):
    done = []
    with pytest.raises(EndedError), signals_held():
        work(number, done)
    assert done == ["all"]


def test_an_error_of_the_work_gives_way(number):
    with pytest.raises(EndedError) as caught, signals_held():
        work(number, [], RuntimeError("interrupted"))
    assert isinstance(caught.value.__context__, RuntimeError)


def test_within_each_other_the_outer_one_holds_to_its_end(number):
    done = []
    held = signals_held()(lambda: work(number, done))
    with pytest.raises(EndedError), signals_held():
        work(number, done, held())
    assert done == ["all", "all"]


def test_other_errors_stay_as_they_are(number):
    with pytest.raises(ValueError, match="as it is") as caught, signals_held():
        raise ValueError("as it is")
    assert caught.value.__context__ is None


def test_a_handler_that_does_not_raise_is_run_once_and_the_rest_goes_on():
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    try:
        with signals_held():
            send(signal.SIGTERM)
            assert heard == []
        assert heard == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_held():
            send(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_nothing_changes():
    found = []

    def look():
        before = signal.getsignal(signal.SIGTERM)
        with signals_held():
            found.append(signal.getsignal(signal.SIGTERM) is before)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [True]


def test_an_archive_that_a_signal_meets_half_made_says_nothing_of_its_own(number, tmp_path, monkeypatch):
    """Without holding, ZipFile's `__del__` fails on what its `__init__` has not set: pytest makes an error of that."""
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "b")
    checked = zipfile._check_compression
    monkeypatch.setattr(zipfile, "_check_compression", lambda kind: (send(number), checked(kind)))
    with pytest.raises(EndedError), signals_held(), zipfile.ZipFile(path) as archive:
        assert archive.read("a") == b"b"
