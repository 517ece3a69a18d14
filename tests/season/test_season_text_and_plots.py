"""Markdown and PNG of a season, whatever it holds."""

import re
import warnings

import pytest
from season_recipes import make_episode, make_season

from vidtag.season.facts import gather
from vidtag.season.html import facts_of
from vidtag.season.markdown import escaped, to_markdown
from vidtag.season.plots import PLOTS, save_plots

ODD = ["a|b `c` *d* <i>e</i>\nf", "$x^2$ 日本 \u202e 👩‍🚀"]


def odd_facts():
    return facts_of([make_episode(name, {"anna": [(0, 1)], "ben": [("0.5", 2)]}) for name in ODD])


def test_tables_keep_their_columns_whatever_the_names():
    text = to_markdown(odd_facts(), "T|tle")
    assert text.startswith("# T\\|tle\n")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    tables = [block.splitlines() for block in re.split(r"\n\n", text) if block.startswith("|")]
    assert sum(map(len, tables)) == len(rows)
    for lines in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
    assert "<i>" not in text.replace("\\<", "")


def test_figures_of_a_small_season():
    text = to_markdown(facts_of([make_episode("E1", {"anna": [(0, 1)], "ben": [("0.5", 2)]})]), "Season")
    assert "| Ben | 0:00:02 | 1.500 | 50.0 % | 1 | 1 | 0:00:02 |" in text
    assert "| Ben | Anna | 0:00:00 | 0.500 | 1 | 1 |" in text
    assert "1 episode, 0:00:03 of film, 2 characters on screen." in text


def test_nothing_is_taken_for_markup():
    assert escaped("a_b*c`<d>[e](f)|#") == r"a\_b\*c\`\<d\>\[e\](f)\|\#"


@pytest.mark.parametrize("facts", [odd_facts(), facts_of([make_episode("quiet")])], ids=["odd", "quiet"])
def test_every_plot_can_be_drawn(facts, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paths = save_plots(facts, tmp_path / "plots", overwrite=False)
    assert len(paths) == len(PLOTS) + len(facts.season.episodes)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


def test_characters_that_some_episodes_do_not_know_are_drawn():
    season = make_season(make_episode("a", {"anna": [(0, 1)]}), make_episode("b", {"cleo": [(0, 1)]}, ids=("cleo",)))
    facts = gather(season, season.cast)
    assert facts.seconds == ((1, 0, None), (None, None, 1))
    assert "| b | – | – |" not in to_markdown(facts, "x")
    assert PLOTS["trend"](facts) is not None
