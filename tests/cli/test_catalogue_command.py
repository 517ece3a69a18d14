"""`vidtag catalogue`: score files go in, answers come out, and nothing goes in by mistake."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from score_recipes import make_scores

from vidtag.records.scorefiles import save_scores
from vidtag.season.questions import QUESTIONS

pytest_plugins = "episode_fixtures"

SEASON = Path(__file__).parents[2] / "samples" / "season"


@pytest.fixture
def filled(vidtag, tmp_path):
    """A catalogue of the sample season."""
    assert vidtag("catalogue", SEASON, "-o", tmp_path / "season.duckdb", "-q").code == 0
    return tmp_path / "season.duckdb"


def names(vidtag, path):
    result = vidtag("catalogue", path, "--csv", "--sql", "SELECT season, episode FROM episodes ORDER BY ALL")
    return [tuple(row) for row in csv.reader(io.StringIO(result.out))][1:]


def test_a_season_is_the_folder_that_holds_an_episode(vidtag, tmp_path):
    path = tmp_path / "season.duckdb"
    told = vidtag("catalogue", SEASON, "-o", path)
    assert (told.code, told.out) == (0, "")
    assert told.err.splitlines()[0] == "S1: S1/E01"
    assert names(vidtag, path) == [(f"S{s}", f"S{s}/E{e:02d}") for s in (1, 2) for e in (1, 2, 3)]
    files = [SEASON / "S1" / "E01.scores.npz", SEASON / "S2" / "E01.scores.npz"]
    assert vidtag("catalogue", *files, "-o", path, "-q").err == ""
    assert {("S1", "E01"), ("S2", "E01")} <= set(names(vidtag, path))
    assert vidtag("catalogue", files[0], "-o", path, "--season", "Lantern Lane").code == 0
    assert names(vidtag, path)[0] == ("Lantern Lane", "E01")
    assert len(names(vidtag, path)) == 9


def test_smoothing_counts_and_an_episode_done_again_is_replaced(vidtag, tmp_path):
    values = [[0.9, 0.1]] * 5 + [[0.1, 0.1]] + [[0.9, 0.1]] * 6
    save_scores(make_scores(values), tmp_path / "E1.scores.npz")
    count = ["catalogue", tmp_path / "c.duckdb", "--csv", "--sql", "SELECT count(*) FROM intervals"]
    for smooth, appearances in (("5", 1), ("off", 2)):
        assert vidtag("catalogue", tmp_path, "-o", tmp_path / "c.duckdb", "--smooth", smooth).code == 0
        assert vidtag(*count).out.split() == ["count_star()", str(appearances)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_in_every_form(vidtag, filled, name):
    table = vidtag("catalogue", filled, "--ask", name)
    assert (table.code, table.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(vidtag("catalogue", filled, "--ask", name, "--csv").out)))
    objects = json.loads(vidtag("catalogue", filled, "--ask", name, "--json").out)
    assert table.out.splitlines()[0].split() == list(rows[0]) == list(objects[0])
    assert len(table.out.splitlines()) - 1 == len(rows) == len(objects) > 0


def test_values_of_all_kinds_are_shown(vidtag, filled):
    sql = "SELECT NULL AS n, 0.12345::DOUBLE AS f, [1, 2] AS l, []::INT[] AS e, true AS b, 'a\nb' AS t"
    sql += ", DATE '2030-01-02' AS d"
    shown = vidtag("catalogue", filled, "--sql", sql).out.splitlines()[1]
    assert shown.split() == ["-", "0.123", "1", "2", "-", "True", "a", "b", "2030-01-02"]
    objects = json.loads(vidtag("catalogue", filled, "--sql", sql, "--json").out)
    assert objects == [{"n": None, "f": 0.12345, "l": [1, 2], "e": [], "b": True, "t": "a\nb", "d": "2030-01-02"}]
    assert vidtag("catalogue", filled, "--sql", "SELECT 1 AS a WHERE false", "--json").out == "[]\n"


def test_what_is_no_number_and_what_would_steer_a_terminal_is_not_printed(vidtag, filled):
    sql = "SELECT 'nan'::DOUBLE AS n, ['inf'::FLOAT, 1] AS l, {'a': 'nan'::DOUBLE} AS s, MAP {2: 3} AS m"
    objects = json.loads(vidtag("catalogue", filled, "--sql", sql, "--json").out)
    assert objects == [{"n": None, "l": [None, 1], "s": {"a": None}, "m": {"2": 3}}]
    shown = vidtag("catalogue", filled, "--sql", """SELECT chr(27) || '[31mred' AS "a\x1b[1mb" """).out
    assert shown.splitlines() == ["a\ufffd[1mb  ", "\ufffd[31mred"]


@pytest.mark.parametrize("sql", ["DELETE FROM episodes", "SELECT 1; DELETE FROM samples", "DROP TABLE intervals"])
def test_a_question_changes_nothing_not_even_where_the_catalogue_is_filled(vidtag, filled, sql):
    before = filled.read_bytes()
    assert vidtag("catalogue", filled, "--sql", sql).code == 2
    assert filled.read_bytes() == before
    result = vidtag("catalogue", SEASON, "-o", filled, "-q", "--sql", sql)
    assert (result.code, result.err.count("\n")) == (2, 1)
    counts = "SELECT (SELECT count(*) FROM episodes), (SELECT count(*) > 0 FROM samples)"
    assert vidtag("catalogue", filled, "--csv", "--sql", counts).out.splitlines()[1] == "6,True"


def test_alone_it_tells_its_seasons_and_questions(vidtag, filled):
    told = vidtag("catalogue", filled).out
    assert told.splitlines()[1].split() == ["S1", "3", "1.465"]
    assert all(f"--ask {name} " in told for name in QUESTIONS)


def test_tables_are_written_as_parquet(vidtag, filled, tmp_path):
    told = vidtag("catalogue", filled, "--parquet", tmp_path / "tables")
    assert [Path(line) for line in told.out.split()] == [
        tmp_path / "tables" / f"{table}.parquet"
        for table in ("episodes", "characters", "samples", "intervals", "together", "company")
    ]
    assert all(Path(line).read_bytes()[:4] == b"PAR1" for line in told.out.split())


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["{made}", "--ask", "nothing"], 2, "no such question: nothing; choose from screen-time"),
        (["{made}", "--ask", "pairs", "--sql", "SELECT 1"], 2, "are two questions"),
        (["{made}", "--ask", "pairs", "--csv", "--json"], 2, "choose one"),
        (["{made}", "--sql", "SELECT x FROM episodes"], 2, 'column "x" not found'),
        (["{made}", "--sql", "FROM read_csv('{scores}')"], 2, "Cannot access file"),
        (["{made}", "--json", "--sql", "SELECT 1 AS a, 2 AS a"], 2, "two columns are called 'a'"),
        (["{made}", "{made}"], 2, "name it with -o"),
        (["{made}", "--season", "S1"], 2, "--season is for filling"),
        (["{made}", "--smooth", "off"], 2, "--smooth is for filling"),
        (["{season}"], 2, "name it with -o"),
        (["{season}", "{season}", "-o", "{folder}/n.duckdb"], 2, "two score files are 'S1/E01' of 'S1'"),
        (["{folder}/none.duckdb"], 3, "does not exist; expected a catalogue"),
        (["{folder}/none.npz", "-o", "{folder}/n.duckdb"], 3, "does not exist; expected a score file"),
        (["{folder}/empty", "-o", "{folder}/n.duckdb"], 3, "holds no score file"),
        (["{made}", "-o", "{folder}/n.duckdb"], 3, "is not a score file"),
        (["{season}", "-o", "{scores}"], 3, "not a DuckDB database"),
        (["{season}", "-o", "{folder}/no/n.duckdb"], 6, "does not exist; make it first"),
    ],
)
def test_mistakes_are_one_line_and_change_nothing(vidtag, filled, tmp_path, arguments, code, message):
    (tmp_path / "empty").mkdir()
    scores = shutil.copy(SEASON / "S1" / "E01.scores.npz", tmp_path)
    before = filled.read_bytes()
    places = {"made": filled, "season": SEASON, "folder": tmp_path, "scores": scores}
    result = vidtag("catalogue", *(argument.format(**places) for argument in arguments))
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1), result.err
    assert message in result.err
    assert filled.read_bytes() == before
    assert not (tmp_path / "n.duckdb").exists()
