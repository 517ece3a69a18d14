"""What one episode changes in a catalogue's tables, inside a transaction of the caller's."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from vidtag.season.rows import Rows
from vidtag.season.schema import COMPANY, EPISODES, INTERVALS, SAMPLES, TOGETHER

_KEYED = (EPISODES, SAMPLES, INTERVALS, TOGETHER, COMPANY)

_SAMPLES = """
INSERT INTO samples
SELECT $season, $episode, ($characters)[position + 1], sample, time_s, score, present FROM fresh_samples
"""

_INTERVALS = """
INSERT INTO intervals
SELECT $season, $episode, ($characters)[position + 1], start_tick, end_tick,
    start_tick / $tick_rate, end_tick / $tick_rate
FROM fresh_intervals
"""

# Each character's intervals are apart, so those of two of them overlap in as many stretches as both share.
_TOGETHER = """
INSERT INTO together
WITH named AS (SELECT ($characters)[position + 1] AS character, start_tick, end_tick FROM fresh_intervals)
SELECT $season, $episode, character, other, start_tick, end_tick, start_tick / $tick_rate, end_tick / $tick_rate
FROM (
    SELECT a.character, b.character AS other, greatest(a.start_tick, b.start_tick) AS start_tick,
        least(a.end_tick, b.end_tick) AS end_tick
    FROM named AS a
    JOIN named AS b ON a.character < b.character AND a.start_tick < b.end_tick AND b.start_tick < a.end_tick)
ORDER BY character, other, start_tick
"""

# The episode is cut wherever somebody comes or goes, and at no other place.
_COMPANY = """
INSERT INTO company
WITH cuts AS (
    SELECT unnest([$start_tick, $end_tick]) AS cut
    UNION SELECT start_tick FROM fresh_intervals
    UNION SELECT end_tick FROM fresh_intervals),
stretches AS (SELECT cut AS start_tick, lead(cut) OVER (ORDER BY cut) AS end_tick FROM cuts)
SELECT $season, $episode, s.start_tick, s.end_tick, s.start_tick / $tick_rate, s.end_tick / $tick_rate,
    coalesce(list(($characters)[i.position + 1] ORDER BY i.position) FILTER (i.position IS NOT NULL), [])
FROM stretches AS s
LEFT JOIN fresh_intervals AS i ON i.start_tick < s.end_tick AND i.end_tick > s.start_tick
WHERE s.end_tick IS NOT NULL
GROUP BY s.start_tick, s.end_tick
ORDER BY s.start_tick
"""


@contextmanager
def shown(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Iterator[None]:
    """Let a connection see the arrays of an episode as tables; begin and end this outside of a transaction."""
    arrays = {"fresh_samples": rows.samples, "fresh_intervals": rows.intervals}
    for name, columns in arrays.items():
        connection.register(name, columns)
    try:
        yield
    finally:
        for name in arrays:
            connection.unregister(name)


def add(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    """Add the rows of an episode that is not there; its arrays are `shown`."""
    facts = rows.facts
    columns = ", ".join(column.name for column in EPISODES.columns)
    marks = ", ".join(f"${column.name}" for column in EPISODES.columns)
    connection.execute(f"INSERT INTO episodes ({columns}) VALUES ({marks})", facts)
    _name(connection, facts["characters"], rows.names)
    for statement in (_SAMPLES, _INTERVALS, _TOGETHER, _COMPANY):
        connection.execute(statement, {name: facts[name] for name in set(re.findall(r"\$(\w+)", statement))})


def remove(connection: duckdb.DuckDBPyConnection, season: str, episode: str) -> bool:
    """Take an episode out, and characters whom no other episode's model knows; say whether it was there."""
    key = (season, episode)
    if not connection.execute("SELECT 1 FROM episodes WHERE season = ? AND episode = ?", key).fetchall():
        return False
    for table in _KEYED:
        connection.execute(f"DELETE FROM {table.name} WHERE season = ? AND episode = ?", key)
    connection.execute("DELETE FROM characters WHERE character NOT IN (SELECT unnest(characters) FROM episodes)")
    return True


def _name(connection: duckdb.DuckDBPyConnection, characters: list[str], names: list[str]) -> None:
    """Enter the characters of an episode; those already there get the names that it has for them."""
    connection.execute("DELETE FROM characters WHERE character IN (SELECT unnest($1))", (characters,))
    connection.execute("INSERT INTO characters SELECT unnest($1), unnest($2)", (characters, names))
