"""docs/catalogue.md tells the truth: its tables are the schema's, its answers what its SQL gives."""

import re
from pathlib import Path

import pytest
from catalogue_recipes import sample_season

from vidtag.cli.catalogue import as_table
from vidtag.season.catalogue import Catalogue
from vidtag.season.questions import QUESTIONS
from vidtag.season.schema import TABLES, VIEWS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text(encoding="utf-8")
SHOWN = re.compile(
    r"^### ([^\n]+) \(`([a-z-]+)`\)\n\n```sql\n(.*?)\n```\n\n```text\n(.*?)\n```$", re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    with Catalogue.open(tmp_path_factory.mktemp("document") / "season.duckdb") as catalogue:
        for episode in sample_season():
            catalogue.put("season", episode)
        yield catalogue


def test_ten_questions_are_shown_and_they_are_those_of_the_command():
    shown = [(name, words, sql) for words, name, sql, _ in SHOWN.findall(DOCUMENT)]
    assert shown == [(name, question.words, question.sql.strip()) for name, question in QUESTIONS.items()]
    assert len(shown) == 10


@pytest.mark.parametrize("shown", SHOWN.findall(DOCUMENT), ids=lambda shown: shown[1])
def test_every_answer_is_what_the_sql_gives(season, shown):
    _, _, sql, answer = shown
    assert [line.rstrip() for line in as_table(season.ask(sql))] == answer.splitlines()


@pytest.mark.parametrize("relation", [*TABLES, *VIEWS], ids=lambda relation: relation.name)
def test_every_table_is_shown_with_its_columns(relation):
    title = f"### {relation.name}" + (" (a view)" if relation in VIEWS else "")
    section = DOCUMENT.split(f"{title}\n", 1)[1].split("\n#", 1)[0]
    rows = [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in relation.columns]
    assert section.strip() == "\n".join([relation.meaning, "", "| column | type | meaning |", "|---|---|---|", *rows])
