"""Fixtures of the tests of signals; a test module takes them with `pytest_plugins`."""

import signal

import pytest
from signal_recipes import EndedError


@pytest.fixture(params=["SIGINT", "SIGTERM", "SIGHUP"])
def number(request):
    """A signal whose handler raises an EndedError, and is there afterwards as before."""

    def handler(number, _frame):
        raise EndedError(number)

    number = signal.Signals[request.param]
    before = signal.signal(number, handler)
    yield number
    assert signal.getsignal(number) is handler
    signal.signal(number, before)
