"""A signal ends what takes long in DuckDB, whenever it comes, and leaves the catalogue usable."""

import os
import threading

import pytest
from season_recipes import make_episode
from signal_recipes import EndedError

from vidtag.season.catalogue import Catalogue
from vidtag.season.interrupting import interruptible

pytest_plugins = "signal_fixtures"

LONG = "SELECT count(*) FROM range(200000) a, range(200000) b WHERE hash(a.range + b.range) % 7 = 3"


@pytest.fixture
def catalogue(tmp_path):
    """A catalogue of one episode."""
    with Catalogue.open(tmp_path / "season.duckdb") as opened:
        opened.put("S1", make_episode("E1"))
        yield opened


def test_a_question_that_takes_long_ends_by_a_signal(number, catalogue):
    sender = threading.Timer(0.1, os.kill, (os.getpid(), number))
    sender.start()
    with pytest.raises(EndedError):
        catalogue.ask(LONG)
    sender.join()
    assert catalogue.ask("SELECT episode FROM episodes").rows == [("E1",)]


def test_a_signal_before_a_statement_has_begun_ends_it_as_well(number, catalogue):
    connection = catalogue._connection

    def work():
        os.kill(os.getpid(), number)
        threading.Event().wait(0.2)  # the handler has raised in the main thread and the first interrupt is spent
        connection.execute(LONG)

    with pytest.raises(EndedError):
        interruptible(connection, work)
    assert catalogue.ask("SELECT episode FROM episodes").rows == [("E1",)]


def test_errors_and_results_come_through(catalogue):
    connection = catalogue._connection
    assert interruptible(connection, lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        interruptible(connection, lambda: 1 / 0)
