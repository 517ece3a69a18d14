"""Long work of DuckDB that ends when the process is told to: in the main thread it would not notice before its end."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

import duckdb

Result = TypeVar("Result")

_PATIENCE_S = 0.05  # between two requests to stop: one that comes before a query has begun is lost


def interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]) -> Result:
    """Do work with a connection in another thread, so that signals reach this one, and give its result.

    Args:
        connection: what the work is done with; nobody else uses it meanwhile.
        work: called once; what it raises is raised here.

    Raises:
        KeyboardInterrupt: or whatever else a signal raises here, once the work has stopped.
    """
    outcome: Future[Result] = Future()

    def settle() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)

    worker = Thread(target=settle, daemon=True)  # a signal may come before the thread is known to run
    try:
        worker.start()
        return outcome.result()
    finally:
        while worker.is_alive() and not outcome.done():
            connection.interrupt()
            wait([outcome], timeout=_PATIENCE_S)
