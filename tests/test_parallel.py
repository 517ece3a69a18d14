"""Threads side by side: all done, or all ended with the error that came first."""

import signal
import threading
import time

import pytest

from vidtag.parallel import Sum, side_by_side


class Waiting:
    """A work that goes on until it is stopped, and then fails."""

    def __init__(self):
        self._stopped = threading.Event()
        self.ended = False

    def work(self):
        assert self._stopped.wait(60)
        self.ended = True
        raise ValueError("stopped")

    def stop(self):
        self._stopped.set()


def nothing():
    pass


def test_all_are_done_at_once():
    meeting = threading.Barrier(3, timeout=60)
    side_by_side([meeting.wait] * 3, [nothing] * 3)


def test_the_first_failure_counts_and_ends_the_others():
    waiting = [Waiting(), Waiting()]

    def fail():
        raise KeyError("first")

    works, stops = [waiting[0].work, fail, waiting[1].work], [waiting[0].stop, nothing, waiting[1].stop]
    with pytest.raises(KeyError, match="first"):
        side_by_side(works, stops)
    assert [one.ended for one in waiting] == [True, True]


def test_ctrl_c_ends_all():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    waiting = [Waiting(), Waiting()]

    def interrupt():
        time.sleep(0.2)
        signal.raise_signal(signal.SIGINT)

    try:
        with pytest.raises(KeyboardInterrupt):
            side_by_side([*(one.work for one in waiting), interrupt], [*(one.stop for one in waiting), nothing])
    finally:
        signal.signal(signal.SIGINT, before)
    assert [one.ended for one in waiting] == [True, True]


def test_a_sum_grows():
    calls = []
    total = Sum(calls.append)
    first, second = total.part(0), total.part(1)
    for add, done in ((first, 1), (second, 2), (first, 3), (second, 2.5)):
        add(done)
    assert calls == [1, 3, 5, 5.5]
