"""What a catalogue holds: tables and views with the meaning of every column, written into the database as comments.

Tables are filled by the writer; views are questions that others build on. All are keyed by readable names, season and
episode, so that no answer needs a join to be understood, and so that the order in which episodes came does not show.
"""

from dataclasses import dataclass

FORMAT = 1  # of this schema; a catalogue with a higher one is refused


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type in DuckDB, and what it means."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, what a row is, its columns, and the columns that its rows are in order of."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    order: str


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, what a row is, its columns, and the query behind it."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    query: str


_EPISODE = (
    Column("season", "VARCHAR", "name of the season"),
    Column("episode", "VARCHAR", "name of the episode, unique in its season, such as S1/E01"),
)
_STRETCH = (
    Column("start_tick", "BIGINT", "begin, exact: ticks of the episode's clock from its first frame"),
    Column("end_tick", "BIGINT", "end, exact and half-open, in ticks"),
    Column("start_s", "DOUBLE", "begin in seconds from the episode's first frame: start_tick / tick_rate, rounded"),
    Column("end_s", "DOUBLE", "end in seconds: end_tick / tick_rate, rounded"),
)
_CHARACTER = Column("character", "VARCHAR", "id of the character")

CATALOGUE = Table(
    "catalogue",
    "One row: what wrote this file.",
    (
        Column("format", "INTEGER", "of tables and columns"),
        Column("made_by", "VARCHAR", "version of vidtag that made the file"),
    ),
    "format",
)

EPISODES = Table(
    "episodes",
    "A row an episode.",
    (
        *_EPISODE,
        Column("sort_key", "VARCHAR", "the name with its numbers padded, so that E2 comes before E10"),
        Column("tick_rate", "BIGINT", "ticks a second of the clock on which all times of the episode are whole"),
        *_STRETCH,
        Column("rate", "VARCHAR", "samples a second, exact: a whole number or a fraction"),
        Column("samples", "INTEGER", "samples, each of all its characters"),
        Column("frames", "BIGINT", "frames that were decoded"),
        Column("characters", "VARCHAR[]", "ids of those whom the model knows, in its order"),
        Column("thresholds", "FLOAT[]", "of the model, one a character"),
        Column("source", "VARCHAR", "file name of the video"),
        Column("size", "BIGINT", "of that file in bytes"),
        Column("fingerprint", "VARCHAR", "of its content"),
        Column("model", "VARCHAR", "name of the model"),
        Column("digest", "VARCHAR", "SHA-256 of the model's weights"),
        Column("backend", "VARCHAR", "what ran the network"),
        Column("version", "VARCHAR", "of vidtag that scored the episode"),
    ),
    "season, sort_key, episode",
)

CHARACTERS = Table(
    "characters",
    "A row a character of the models that scored the episodes.",
    (_CHARACTER, Column("name", "VARCHAR", "for people")),
    "character",
)

SAMPLES = Table(
    "samples",
    "A row a sample and character.",
    (
        *_EPISODE,
        _CHARACTER,
        Column("sample", "INTEGER", "number in the episode, from 0"),
        Column("time_s", "DOUBLE", "middle of the sample's slot, in seconds from the episode's first frame"),
        Column("score", "FLOAT", "of the network, 0 to 1"),
        Column("present", "BOOLEAN", "whether the character counts as on screen: by its threshold, and smoothed"),
    ),
    "season, episode, character, sample",
)

INTERVALS = Table(
    "intervals",
    "A row an appearance: a stretch in which a character is on screen, as long as it lasts.",
    (*_EPISODE, _CHARACTER, *_STRETCH),
    "season, episode, character, start_tick",
)

TOGETHER = Table(
    "together",
    "A row a meeting: a stretch in which two characters are both on screen, as long as it lasts.",
    (
        *_EPISODE,
        Column("character", "VARCHAR", "id of the one that comes first in the alphabet"),
        Column("other", "VARCHAR", "id of the other one"),
        *_STRETCH,
    ),
    "season, episode, character, other, start_tick",
)

COMPANY = Table(
    "company",
    "A row a stretch with the same characters on screen, perhaps none; the rows of an episode fill it without gaps.",
    (*_EPISODE, *_STRETCH, Column("characters", "VARCHAR[]", "ids of those on screen, in the model's order")),
    "season, episode, start_tick",
)

SCHEDULE = View(
    "schedule",
    "A row an episode: where it stands in its season, whose clock counts what was looked at of every episode.",
    (
        *_EPISODE,
        Column("number", "BIGINT", "in the season, from 1"),
        Column("episodes", "BIGINT", "of the season"),
        Column("third", "BIGINT", "of the season, 1 to 3, by the number"),
        Column("duration_s", "DOUBLE", "length that was looked at, in seconds"),
        Column(
            "season_start_s",
            "DOUBLE",
            "to be added to a time of the episode for that on the season's clock, in seconds",
        ),
    ),
    """
    SELECT season, episode, number, episodes, ceil(3 * number / episodes)::BIGINT AS third, duration_s,
        sum(duration_s) OVER (PARTITION BY season ORDER BY number) - duration_s - start_s AS season_start_s
    FROM (
        SELECT season, episode, start_s, (end_tick - start_tick) / tick_rate AS duration_s,
            row_number() OVER (PARTITION BY season ORDER BY sort_key, episode) AS number,
            count(*) OVER (PARTITION BY season) AS episodes
        FROM episodes)
    """,
)

SCREEN_TIMES = View(
    "screen_times",
    "A row an episode and character of its model, also for one who never appears.",
    (
        *_EPISODE,
        _CHARACTER,
        Column("screen_time_s", "DOUBLE", "sum of the appearances in seconds"),
        Column("share", "DOUBLE", "of the length that was looked at, 0 to 1"),
        Column("appearances", "BIGINT", "number of intervals"),
        Column("first_s", "DOUBLE", "begin of the first appearance in seconds, or null"),
        Column("last_s", "DOUBLE", "end of the last appearance in seconds, or null"),
        Column("longest_s", "DOUBLE", "longest appearance in seconds, 0 if there is none"),
    ),
    """
    SELECT season, episode, character, coalesce(sum(i.end_tick - i.start_tick), 0) / any_value(tick_rate)
            AS screen_time_s,
        coalesce(sum(i.end_tick - i.start_tick), 0) / any_value(whole) AS share, count(i.start_tick) AS appearances,
        min(i.start_s) AS first_s, max(i.end_s) AS last_s,
        coalesce(max(i.end_tick - i.start_tick), 0) / any_value(tick_rate) AS longest_s
    FROM (
        SELECT season, episode, unnest(characters) AS character, tick_rate, end_tick - start_tick AS whole
        FROM episodes)
    LEFT JOIN intervals AS i USING (season, episode, character)
    GROUP BY season, episode, character
    """,
)

ALONE = View(
    "alone",
    "A row a stretch in which a character is on screen and nobody else of the cast.",
    (*_EPISODE, _CHARACTER, *_STRETCH),
    """
    SELECT season, episode, characters[1] AS character, start_tick, end_tick, start_s, end_s
    FROM company WHERE len(characters) = 1
    """,
)

ABSENCES = View(
    "absences",
    "A row a stretch of an episode without a character of its model, as long as it lasts.",
    (*_EPISODE, _CHARACTER, *_STRETCH),
    """
    SELECT season, episode, character, gap_start AS start_tick, gap_end AS end_tick,
        gap_start / tick_rate AS start_s, gap_end / tick_rate AS end_s
    FROM (
        SELECT e.season, e.episode, character, tick_rate, coalesce(i.end_tick, e.start_tick) AS gap_start,
            lead(i.start_tick, 1, e.end_tick) OVER (
                PARTITION BY e.season, e.episode, character ORDER BY i.start_tick NULLS FIRST) AS gap_end
        FROM (SELECT *, unnest(characters) AS character FROM episodes) AS e
        LEFT JOIN (
            SELECT season, episode, character, start_tick, end_tick FROM intervals
            UNION ALL
            SELECT season, episode, unnest(characters), NULL, NULL FROM episodes) AS i
        USING (season, episode, character))
    WHERE gap_start < gap_end
    """,
)

TABLES = (EPISODES, CHARACTERS, SAMPLES, INTERVALS, TOGETHER, COMPANY)
VIEWS = (SCHEDULE, SCREEN_TIMES, ALONE, ABSENCES)


def statements() -> list[str]:
    """Give the SQL that makes an empty catalogue."""
    made = []
    for table in (CATALOGUE, *TABLES):
        columns = ", ".join(f"{column.name} {column.kind}" for column in table.columns)
        made += [f"CREATE TABLE {table.name} ({columns})", *_comments("TABLE", table)]
    for view in VIEWS:
        made += [f"CREATE VIEW {view.name} AS {view.query}", *_comments("VIEW", view)]
    return made


def _comments(kind: str, relation: Table | View) -> list[str]:
    told = [f"COMMENT ON {kind} {relation.name} IS {quoted(relation.meaning)}"]
    return told + [
        f"COMMENT ON COLUMN {relation.name}.{column.name} IS {quoted(column.meaning)}" for column in relation.columns
    ]


def quoted(text: str) -> str:
    """Give a text as SQL writes it.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
