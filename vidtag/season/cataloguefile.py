"""Opening a catalogue's file: ours or not, free or locked, and so that no question reaches another file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from vidtag.errors import InputError, LockedError, OutputError, VidtagError
from vidtag.season.schema import CATALOGUE, FORMAT, TABLES, quoted, statements
from vidtag.signals import signals_held
from vidtag.version import __version__
from vidtag.wholefile import check_target, hidden_file

_LOCKED = "Could not set lock"
_HEADER = 3 * 4096  # bytes before the first block
_MAGIC = slice(8, 12)  # of the file's first bytes: what DuckDB knows its files by
# What DuckDB does not find in itself it would fetch from the network, as to open an SQLite file.
_ALONE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@signals_held()
def connect(path: Path, *, read_only: bool, writes_to: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a catalogue; for writing, a new one is made where there is none.

    Whatever is asked of it, or hidden in it, can neither read nor write any other file, load an extension, nor reach
    a network.

    Args:
        path: the file.
        read_only: for questions; several may read at once, but not while one writes.
        writes_to: a folder that may be written to after all, for the export.

    Raises:
        InputError: not there, no catalogue, damaged, or made by a newer vidtag.
        LockedError: another process writes to it, or reads it while this one wants to write.
        OutputError: it cannot be made.
    """
    if path.is_dir() or (read_only and not path.exists()):
        raise InputError(
            f"{path} {'is a folder' if path.is_dir() else 'does not exist'}; expected a catalogue (.duckdb)"
        )
    if not path.exists():
        _make(path)
    _check_kind(path)
    with _as_our_errors(path, read_only):
        # An absolute path is never taken for an address, as `md:name` would be.
        connection = duckdb.connect(str(path.absolute()), read_only=read_only, config=_ALONE)
    try:
        with _as_our_errors(path, read_only):
            _shut_out(connection, writes_to)
            _check_length(connection, path)
            _check_tables(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_kind(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            begin = stream.read(_MAGIC.stop)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); expected a catalogue (.duckdb)") from error
    if begin[_MAGIC] != b"DUCK":
        raise InputError(f"{path} is no catalogue: it is not a DuckDB database; choose another file")


def _make(path: Path) -> None:
    """Make an empty catalogue under a hidden name and rename it, so that no file is ever half a catalogue."""
    path = check_target(path, overwrite=False)
    with hidden_file(path, ".duckdb") as temporary:
        temporary.unlink()  # DuckDB wants to make it itself
        try:
            with duckdb.connect(str(temporary), config=_ALONE) as connection:
                for statement in statements():
                    connection.execute(statement)
                connection.execute(f"INSERT INTO {CATALOGUE.name} VALUES (?, ?)", (FORMAT, __version__))
        except duckdb.Error as error:
            raise OutputError(f"{path} cannot be written ({first_line(error)}); choose another folder") from error
        _put_in_place(temporary, path)


def _put_in_place(temporary: Path, path: Path) -> None:
    """Give a new catalogue its name, unless another process was quicker: then its file is as good."""
    if not path.exists():
        # What a killed writer had not yet moved into a file that was deleted since: it belongs to nothing now, but
        # would be taken for the new file's.
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
        temporary.rename(path)


def _shut_out(connection: duckdb.DuckDBPyConnection, writes_to: Path | None) -> None:
    if writes_to is not None:
        connection.execute(f"SET allowed_directories = [{quoted(f'{writes_to}/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _check_length(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a file shorter than the blocks in use: DuckDB notices only once it reads what is missing.

    Free blocks do not count, as those at the end of a file are given back.

    Raises:
        InputError: it was.
    """
    rows = connection.execute("SELECT block_size * used_blocks FROM pragma_database_size()").fetchall()
    promised, size = rows[0][0] + _HEADER, path.stat().st_size
    if size < promised:
        raise InputError(
            f"{path} cannot be read as a catalogue: it has {size} bytes of {promised} or more; write a new one"
        )


def _check_tables(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a database whose tables are not ours; one that calls itself newer is told so.

    Raises:
        InputError: it is not.
    """
    found = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() JOIN duckdb_tables() "
        "USING (database_name, schema_name, table_name) WHERE NOT temporary AND schema_name = 'main' GROUP BY 1"
    ).fetchall()
    columns = {name: tuple(names) for name, names in found}
    if columns.get(CATALOGUE.name) != tuple(column.name for column in CATALOGUE.columns):
        raise InputError(f"{path} is a database, but no catalogue of vidtag; choose another file")
    rows = connection.execute(f"SELECT max(format), max(made_by) FROM {CATALOGUE.name}").fetchall()
    number, made_by = rows[0]
    if number is None or number > FORMAT:
        raise InputError(
            f"{path} is a catalogue of format {number}, made by vidtag {made_by}; this vidtag, {__version__}, "
            f"knows formats up to {FORMAT}: update it, or write a new catalogue"
        )
    for table in TABLES:
        if columns.get(table.name) != tuple(column.name for column in table.columns):
            raise InputError(f"{path}: its table {table.name} is missing or not as vidtag made it; write a new one")


def is_damage(error: duckdb.Error) -> bool:
    """Say whether the file is at fault, not the question; a damaged block has no class of its own."""
    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
    return isinstance(error, kinds) or type(error) is duckdb.Error


@contextlib.contextmanager
def _as_our_errors(path: Path, read_only: bool) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise explained(error, path, read_only) from error


def explained(error: duckdb.Error, path: Path, read_only: bool) -> VidtagError:
    """Say what DuckDB found wrong with a catalogue's file, and what to do."""
    told = first_line(error)
    if _LOCKED in told:
        doing = "writing to it" if read_only else "reading it or writing to it"
        return LockedError(f"{path} is in use, another process is {doing}; wait until that has ended")
    if "No space left" in told or "Permission denied" in told or "Read-only file system" in told:
        return OutputError(f"{path} cannot be opened or written ({told}); make room or choose another folder")
    return InputError(f"{path} cannot be read as a catalogue ({told}); write a new one from the score files")


def first_line(error: duckdb.Error) -> str:
    """Give the first line of what DuckDB says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
