import os
import signal

import pytest

from vidtag.training.interruption import stop_requests
from vidtag.training.pace import Stopwatch


@pytest.fixture(autouse=True)
def _signals_as_usual():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_noted_and_the_second_acts_as_usual(number):
    usual = signal.getsignal(number)
    with stop_requests(heeded=True) as request:
        assert not request.asked
        os.kill(os.getpid(), number)
        assert request.asked
        assert signal.getsignal(number) == usual
        if number == signal.SIGINT:
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), number)
    assert signal.getsignal(number) == usual


def test_signals_that_are_ignored_stay_so():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stop_requests(heeded=True) as request:
        os.kill(os.getpid(), signal.SIGHUP)
        assert not request.asked


def test_nothing_changes_where_nothing_could_be_saved():
    with stop_requests(heeded=False) as request, pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    assert not request.asked


def test_a_stopwatch_leaves_out_the_first_step():
    now = [100.0]
    watch = Stopwatch(8, clock=lambda: now[0])
    watch.tick()
    assert (watch.speed(), watch.seconds_for(3)) == (0.0, None)
    for _ in range(4):
        now[0] += 2.0
        watch.tick()
    assert watch.speed() == 4.0
    assert watch.seconds_for(3) == 6.0
