"""DuckDB's work off the main thread: there no handler of a signal can raise in the midst of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

import duckdb

Result = TypeVar("Result")


def interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]) -> Result:
    """Do work with a connection that may take long, and end it at once where a signal's handler raises.

    Args:
        connection: used by nobody else meanwhile.
        work: gives the result.
    """
    with ThreadPoolExecutor(1, "duckdb") as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except BaseException:
            while not future.done():  # an interrupt that comes before a statement has begun is lost on it
                connection.interrupt()
                wait([future], timeout=0.05)
            raise
