"""A catalogue keeps what is put into it, whole or not at all, and nothing else can be made to come out of it."""

import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from catalogue_recipes import make_episode_of_scores, sample_season

from vidtag.errors import InputError, LockedError, OutputError, ShapeError, UsageError
from vidtag.season.catalogue import Catalogue
from vidtag.season.episode import Episode
from vidtag.season.schema import TABLES, VIEWS

HERE = Path(__file__).parent
OWNER = "import sys; from pathlib import Path; from vidtag.season.catalogue import Catalogue\n"


def everything(path):
    """Give all rows of all tables, in order."""
    with Catalogue.open(path, read_only=True) as catalogue:
        return {table.name: catalogue.ask(f"FROM {table.name} ORDER BY {table.order}").rows for table in TABLES}


def fill(path, episodes):
    with Catalogue.open(path) as catalogue:
        for season, episode in episodes:
            catalogue.put(season, episode)
    return path


@pytest.fixture
def made(tmp_path):
    return fill(tmp_path / "made.duckdb", [("S1", make_episode_of_scores("E1")), ("S1", make_episode_of_scores("E2"))])


def test_adding_a_season_adds(made):
    before = everything(made)
    fill(made, [("S2", make_episode_of_scores("E1", seed=3))])
    after = everything(made)
    assert [row for row in after["samples"] if row[0] == "S1"] == before["samples"]
    assert [(row[0], row[1]) for row in after["episodes"]] == [("S1", "E1"), ("S1", "E2"), ("S2", "E1")]


def test_redoing_an_episode_replaces_it_and_nothing_else(made, tmp_path):
    other = make_episode_of_scores("E1", seed=9, end="31", ids=("anna", "zoe"))
    fill(made, [("S1", other)])
    assert everything(made) == everything(
        fill(tmp_path / "clean.duckdb", [("S1", make_episode_of_scores("E2")), ("S1", other)])
    )


def test_done_again_and_again_it_opens_and_grows_to_twice_its_size_at_most(tmp_path):
    ids = tuple(f"character_{k}" for k in range(19))
    episodes = [("S1", make_episode_of_scores(f"E{k}", seed=k, end="900", ids=ids)) for k in range(4)]
    size = fill(tmp_path / "again.duckdb", episodes).stat().st_size
    for _ in range(4):
        fill(tmp_path / "again.duckdb", episodes)
    assert (tmp_path / "again.duckdb").stat().st_size <= 2 * size
    assert everything(tmp_path / "again.duckdb") == everything(fill(tmp_path / "clean.duckdb", episodes))


def test_an_episode_taken_out_leaves_no_trace(made, tmp_path):
    with Catalogue.open(made) as catalogue:
        assert catalogue.remove("S1", "E2")
        assert not catalogue.remove("S1", "E2")
        assert not catalogue.remove("S9", "E1")
    assert everything(made) == everything(fill(tmp_path / "clean.duckdb", [("S1", make_episode_of_scores("E1"))]))


def test_names_may_hold_anything(tmp_path):
    names = ["it's", 'a "quote"', "line\nbreak", "日本 🦊", "%s $season", "\udcff bad byte"]
    path = fill(tmp_path / "it's.duckdb", [(name, make_episode_of_scores(name, end="3")) for name in names])
    with Catalogue.open(path) as catalogue:
        told = set(catalogue.ask("SELECT season, episode FROM episodes").rows)
        assert told == {(name.replace("\udcff", "\ufffd"),) * 2 for name in names}
        assert all(catalogue.remove(name, name) for name in names)


def test_what_does_not_belong_together_is_refused_and_changes_nothing(made):
    before = everything(made)
    one, other = make_episode_of_scores("E3"), make_episode_of_scores("E3", end="39")
    with Catalogue.open(made) as catalogue:
        with pytest.raises(ShapeError, match="one cast and one part"):
            catalogue.put("S1", Episode(name="E3", scores=one.scores, timeline=other.timeline))
        with pytest.raises(ShapeError, match="needs names"):
            catalogue.put("", one)
    assert everything(made) == before


def test_export_depends_on_the_episodes_alone(tmp_path):
    episodes = [("S1", make_episode_of_scores(f"E{k}", seed=k)) for k in range(1, 12)]
    shuffled = random.Random(1).sample(episodes, len(episodes))
    paths = [fill(tmp_path / "one.duckdb", episodes), fill(tmp_path / "two.duckdb", [*shuffled, shuffled[0]])]
    written = []
    for path in paths:
        with Catalogue.open(path) as catalogue:
            files = catalogue.export(tmp_path / path.stem)
            catalogue.put("S1", episodes[0][1])  # it goes on after the export
        written.append({file.name: file.read_bytes() for file in files})
    assert written[0] == written[1]
    assert set(written[0]) == {f"{table.name}.parquet" for table in TABLES}
    assert sorted(file.name for file in (tmp_path / "one").iterdir()) == sorted(written[0])
    read = duckdb.sql(f"SELECT episode FROM '{tmp_path}/one/episodes.parquet'").fetchall()
    assert read == [(f"E{k}",) for k in range(1, 12)]


def test_an_export_into_a_file_is_refused(made):
    with Catalogue.open(made, read_only=True) as catalogue, pytest.raises(OutputError, match="cannot be made"):
        catalogue.export(made / "below")


def test_every_table_and_column_says_what_it_is(made):
    with Catalogue.open(made, read_only=True) as catalogue:
        relations = dict(
            catalogue.ask(
                "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
                "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
            ).rows
        )
        columns = catalogue.ask("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal").rows
    assert all(relations.values())
    assert [(table, column) for table, column, comment in columns if not comment] == []
    for relation in (*TABLES, *VIEWS):
        assert relations[relation.name] == relation.meaning
        told = [(column, comment) for table, column, comment in columns if table == relation.name]
        assert told == [(column.name, column.meaning) for column in relation.columns]


def other_database(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE episodes (season VARCHAR)")


def newer_catalogue(path):
    fill(path, [])
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE catalogue SET format = 2, made_by = '9.9'")


def changed_catalogue(path):
    fill(path, [])
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE samples")
        connection.execute("CREATE VIEW samples AS SELECT * FROM intervals")


def damaged_catalogue(path):
    content = bytearray(fill(path, [("S1", make_episode_of_scores("E1"))]).read_bytes())
    content[3 * 4096 : 3 * 4096 + 64] = bytes(64)
    path.write_bytes(content)


def short_catalogue(path):
    content = fill(path, [("S1", make_episode_of_scores("E1"))]).read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "does not exist"),
        (Path.mkdir, "is a folder"),
        (Path.touch, "not a DuckDB database"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" * 2000), "not a DuckDB database"),
        (other_database, "no catalogue of vidtag"),
        (newer_catalogue, r"of format 2, made by vidtag 9\.9; .* update it"),
        (changed_catalogue, "its table samples is missing"),
        (damaged_catalogue, "cannot be read as a catalogue"),
        (short_catalogue, "cannot be read as a catalogue"),
    ],
)
def test_what_is_no_catalogue_is_refused(tmp_path, make, message):
    path = tmp_path / "some.duckdb"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(InputError, match=message):
        Catalogue.open(path, read_only=True)
    if before is not None:
        with pytest.raises(InputError, match=message):
            Catalogue.open(path)
        assert path.read_bytes() == before


def test_a_folder_that_takes_no_file_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        Catalogue.open(tmp_path / "no" / "season.duckdb")


def test_a_new_catalogue_leaves_nothing_beside_it(tmp_path):
    fill(tmp_path / "season.duckdb", [("S1", make_episode_of_scores("E1"))])
    assert [path.name for path in tmp_path.iterdir()] == ["season.duckdb"]


def test_what_a_killed_writer_left_of_a_file_that_is_gone_is_not_taken_for_a_new_one(tmp_path):
    path = tmp_path / "season.duckdb"
    code = "import os, sys; from pathlib import Path; sys.path[:0] = sys.argv[2:]\n"
    code += "from catalogue_recipes import make_episode_of_scores; from vidtag.season.catalogue import Catalogue\n"
    code += "c = Catalogue.open(Path(sys.argv[1])); c.put('S1', make_episode_of_scores('E1')); os._exit(0)"
    subprocess.run([sys.executable, "-c", code, path, HERE, HERE.parent], check=True)
    path.unlink()
    assert [left.name for left in tmp_path.iterdir()] == ["season.duckdb.wal"]
    fill(path, [("S2", make_episode_of_scores("E2"))])
    assert [row[:2] for row in everything(path)["episodes"]] == [("S2", "E2")]
    assert [left.name for left in tmp_path.iterdir()] == ["season.duckdb"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{secret}')",
        "SELECT content FROM read_text('{secret}')",
        "SELECT * FROM glob('{folder}/*')",
        "ATTACH '{folder}/other.duckdb'",
        "COPY episodes TO '{folder}/out.csv'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FROM hidden_in_the_file",
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_no_question_reaches_another_file(made, tmp_path, sql, read_only):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    with duckdb.connect(str(made)) as connection:
        connection.execute(f"CREATE VIEW hidden_in_the_file AS SELECT * FROM read_csv('{tmp_path}/secret.csv')")
    before = sorted(path.name for path in tmp_path.iterdir())
    with Catalogue.open(made, read_only=read_only) as catalogue, pytest.raises(UsageError, match="cannot be answered"):
        catalogue.ask(sql.format(secret=tmp_path / "secret.csv", folder=tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC", "Parser Error"),
        ("SELECT * FROM nothing", "nothing does not exist"),
        ("DELETE FROM episodes", "read-only"),
        ("", "gives no table"),
    ],
)
def test_a_bad_question_is_one_line(made, sql, message):
    with Catalogue.open(made, read_only=True) as catalogue, pytest.raises(UsageError, match=message) as caught:
        catalogue.ask(sql)
    assert "\n" not in str(caught.value)
    assert len(everything(made)["episodes"]) == 2


def test_a_catalogue_opened_for_reading_is_not_changed(made):
    with Catalogue.open(made, read_only=True) as catalogue:
        with pytest.raises(UsageError, match="opened for reading"):
            catalogue.put("S1", make_episode_of_scores("E3"))
        with pytest.raises(UsageError, match="opened for reading"):
            catalogue.remove("S1", "E1")


def run_owner(path, *, read_only):
    """Start a process that holds the catalogue until its input ends."""
    code = (
        f"{OWNER}c = Catalogue.open(Path(sys.argv[1]), read_only={read_only}); print(1, flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    owner = subprocess.Popen([sys.executable, "-c", code, path], **pipes)
    assert owner.stdout.readline() == "1\n"
    return owner


@pytest.mark.parametrize(("theirs", "mine"), [(False, False), (False, True), (True, False)])
def test_a_catalogue_that_another_process_holds_is_locked(made, theirs, mine):
    owner = run_owner(made, read_only=theirs)
    try:
        with pytest.raises(LockedError, match="is in use") as caught:
            Catalogue.open(made, read_only=mine)
        assert caught.value.exit_code == 7
    finally:
        owner.communicate("")
    with Catalogue.open(made, read_only=mine) as catalogue:
        assert catalogue.ask("SELECT count(*) FROM episodes").rows == [(2,)]


def test_several_may_read_at_once(made):
    owner = run_owner(made, read_only=True)
    with Catalogue.open(made, read_only=True) as catalogue:
        assert catalogue.ask("SELECT count(*) FROM episodes").rows == [(2,)]
    owner.communicate("")


WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from catalogue_recipes import make_episode_of_scores
from vidtag.season.catalogue import Catalogue

episodes = [make_episode_of_scores(f"E{k}", seed=k, end="400") for k in range(30)]
with Catalogue.open(Path(sys.argv[1])) as catalogue:
    for turn in range(9):
        for episode in episodes:
            catalogue.put("S1", episode)
            print(episode.name, flush=True)
"""


@pytest.mark.parametrize("seed", range(6))
def test_a_killed_writer_leaves_what_it_had_put_and_no_half_episode(tmp_path, seed):
    path, chance = tmp_path / "season.duckdb", random.Random(seed)
    command = [sys.executable, "-c", WRITER, path, HERE, HERE.parent]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = [writer.stdout.readline().strip() for _ in range(chance.choice([1, 5, 29, 45]))]
    time.sleep(chance.uniform(0, 0.1))
    writer.kill()
    told += writer.communicate()[0].split()
    expected = {f"E{k}": make_episode_of_scores(f"E{k}", seed=k, end="400") for k in range(30)}
    found = everything(path)
    names = [row[1] for row in found["episodes"]]
    assert set(told) <= set(names) <= set(expected)
    assert found == everything(fill(tmp_path / "clean.duckdb", [("S1", expected[name]) for name in names]))


def test_the_sample_season_fits(tmp_path):
    path = fill(tmp_path / "season.duckdb", [("season", episode) for episode in sample_season()])
    names = [row[1] for row in everything(path)["episodes"]]
    assert names == ["S1/E01", "S1/E02", "S1/E03", "S2/E01", "S2/E02", "S2/E03"]
