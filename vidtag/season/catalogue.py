"""A catalogue: all that is known of whole seasons in one DuckDB file, to be asked in SQL.

    with Catalogue.open(path) as catalogue:
        catalogue.put("season 1", episode)

One process writes at a time. Whatever `put` and `remove` do is done whole or not at all, also if the process is killed.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from vidtag.errors import OutputError, UsageError
from vidtag.records.reports import readable
from vidtag.season import writing
from vidtag.season.cataloguefile import connect, explained, first_line, is_damage
from vidtag.season.episode import Episode
from vidtag.season.interrupting import interruptible
from vidtag.season.rows import rows_of
from vidtag.season.schema import TABLES, quoted
from vidtag.signals import signals_held
from vidtag.wholefile import whole_file

# What DuckDB raises where the disk is full or gone, in the middle of a transaction or at its end.
_REFUSED = (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: names of the columns, and rows of as many values."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Catalogue:
    """An open catalogue; use it as a context manager, or close it."""

    def __init__(self, path: Path, read_only: bool) -> None:
        self._path, self._read_only = path, read_only
        self._connection = connect(path, read_only=read_only)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Catalogue":
        """Open a catalogue; for writing, a new one is made where there is none.

        Raises:
            InputError: not there, no catalogue, damaged, or made by a newer vidtag.
            LockedError: another process is at work on it.
            OutputError: it cannot be made.
        """
        return cls(path, read_only)

    @signals_held()
    def put(self, season: str, episode: Episode) -> None:
        """Add an episode to a season, or replace it there.

        Raises:
            ShapeError: scores and timeline do not belong together, or a name is empty.
            LimitError: its times are too fine to be stored.
            OutputError: the disk is full.
        """
        rows = rows_of(season, episode)
        with writing.shown(self._connection, rows), self._transaction() as connection:
            writing.remove(connection, rows.facts["season"], rows.facts["episode"])
            writing.add(connection, rows)

    @signals_held()
    def remove(self, season: str, name: str) -> bool:
        """Take an episode out; say whether it was there.

        Raises:
            OutputError: the disk is full.
        """
        with self._transaction() as connection:
            return writing.remove(connection, readable(season), readable(name))

    def ask(self, sql: str) -> Answer:
        """Answer a question in SQL; a catalogue that was opened for reading cannot be changed by it.

        Raises:
            InputError: the file turns out to be damaged.
            UsageError: DuckDB does not understand it, or does not allow it; or it gives no table.
        """
        try:
            described, rows = interruptible(self._connection, lambda: _fetched(self._connection, sql))
        except duckdb.Error as error:
            if is_damage(error):
                raise explained(error, self._path, self._read_only) from error
            raise UsageError(f"the question cannot be answered: {first_line(error)}") from error
        if not described:
            raise UsageError("the question gives no table; ask something that begins with SELECT or FROM")
        return Answer(tuple(str(column[0]) for column in described), rows)

    def export(self, folder: Path) -> list[Path]:
        """Write every table as Parquet, `episodes.parquet` and so on, and give the paths.

        Rows are in an order of their own, so the same episodes give the same bytes, in whatever order they came.

        Args:
            folder: made if need be; files of the same names are replaced.

        Raises:
            OutputError: the folder cannot be written.
            LockedError: another process took the catalogue, which is closed and opened again for this.
        """
        folder = folder.absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{folder} cannot be made ({error.strerror}); choose another folder") from error
        self.close()
        try:
            with connect(self._path, read_only=True, writes_to=folder) as connection:
                return [_export(connection, table.name, table.order, folder) for table in TABLES]
        finally:
            self._connection = connect(self._path, read_only=self._read_only)

    @signals_held()
    def close(self) -> None:
        """Close the file; what was put is in it."""
        self._connection.close()

    def __enter__(self) -> "Catalogue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._read_only:
            raise UsageError(f"{self._path} was opened for reading; open it for writing to change it")
        try:
            self._connection.begin()
            yield self._connection
            self._connection.commit()
        except BaseException as error:
            with contextlib.suppress(duckdb.Error):
                self._connection.rollback()
            if isinstance(error, _REFUSED):
                raise OutputError(f"{self._path} cannot be written ({first_line(error)})") from error
            raise


def _fetched(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    connection.execute(sql)
    described = connection.description or []
    return described, connection.fetchall() if described else []


def _export(connection: duckdb.DuckDBPyConnection, table: str, order: str, folder: Path) -> Path:
    target = folder / f"{table}.parquet"
    with whole_file(target) as temporary:
        try:
            copy = (
                f"COPY (SELECT * FROM {table} ORDER BY {order}) TO {quoted(str(temporary))} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )
            interruptible(connection, lambda: connection.execute(copy))
        except duckdb.Error as error:
            raise OutputError(f"{target} cannot be written ({first_line(error)}); choose another folder") from error
    return target
