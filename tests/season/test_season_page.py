"""The page says what the figures say, needs nothing else, and shows names as what they are: text."""

import json
import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from season_recipes import CAST, make_episode, plausible_scores, seasons, timelines

from vidtag.cast import Cast, Character
from vidtag.errors import OutputError, UsageError
from vidtag.records.reports import presence_rows
from vidtag.season.episode import Episode
from vidtag.season.facts import gather
from vidtag.season.html import facts_of, report_page, save_report
from vidtag.season.page.data import deltas, milliseconds, season_data, to_script
from vidtag.season.page.markup import attribute, plain
from vidtag.season.palette import DARK, LEAST_CONTRAST, WHITE, colours_of, contrast, on_dark, on_light, spread_colours

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"' onload='alert(1)' x=\"",
    "two\nlines\r\tand a tab",
    "日本 👩‍🚀 é \u202egnp.exe",
    "<!--<script>",
    "]]> &amp; &lt;b&gt; \u2028",
    "caf\udce9",
]


class Reader(HTMLParser):
    """Collects elements, attributes, and the values of table cells."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes, self.values, self.identities = [], [], {}, []
        self._table = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements.append(tag)
        self.attributes += attrs.items()
        if "id" in attrs:
            self.identities.append(attrs["id"])
        if tag == "table":
            self._table = self.values.setdefault(attrs["id"], [])
        if tag == "tr":
            self._row = []
        if "data-v" in attrs:
            self._row.append(attrs["data-v"])

    def handle_endtag(self, tag):
        if tag == "tr" and self._row:
            self._table.append(self._row)


def page_of(*episodes, title="Season"):
    return report_page(facts_of(episodes), title)


def plain_page():
    return page_of(make_episode("E1", {"anna": [(0, 1)], "ben": [("0.5", 2)]}))


def test_hostile_names_add_no_element_and_no_handler():
    usual = [make_episode(f"E{number}", {"anna": [(0, 1)], "ben": [("0.5", 2)]}) for number in range(len(HOSTILE))]
    hostile = [make_episode(name, {"anna": [(0, 1)], "ben": [("0.5", 2)]}) for name in HOSTILE]
    before, after = Reader(page_of(*usual)), Reader(page_of(*hostile, title="<b>" + HOSTILE[0]))
    assert before.elements == after.elements
    assert [name for name, _ in before.attributes] == [name for name, _ in after.attributes]
    assert not [name for name, _ in after.attributes if name.startswith("on")]


def test_names_are_kept_to_the_letter_in_what_becomes_csv():
    found = Reader(page_of(*(make_episode(name, {"anna": [(0, 1)]}) for name in HOSTILE)))
    assert [row[0] for row in found.values["episodes"]] == [*HOSTILE[:-1], "caf\ufffd"]


def test_figures_are_those_of_the_csv():
    episodes = [make_episode(f"E{k}", {"anna": [("1/3", "1.75")], "ben": [(k, k + 1)]}) for k in range(3)]
    found = Reader(page_of(*episodes)).values["presence"]
    wanted = [list(map(str, row)) for each in episodes for row in presence_rows(each.name, each.timeline)]
    assert found == wanted


def test_every_identity_is_given_once_and_every_link_leads_to_one():
    episodes = [make_episode(f"E{k}", {"anna": [(0, 1)], "ben": [("0.5", k + 1)]}) for k in range(2)]
    found = Reader(page_of(*episodes))
    assert len(set(found.identities)) == len(found.identities)
    links = [value[1:] for name, value in found.attributes if name == "href"]
    assert links
    assert set(links) <= set(found.identities)


def test_the_page_names_no_other_place():
    text = plain_page()
    assert not re.search(r"https?:|//[a-z]|@import|@font-face", text)
    policy = re.search(r'Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not [name for name, _ in Reader(text).attributes if name in ("style", "src", "srcset")]


@pytest.mark.parametrize("intervals", [{}, {"anna": [(0, 3)]}, {"anna": [(0, 1)], "ben": [(2, 3)]}])
def test_seasons_in_which_little_happens_have_a_page(intervals):
    text = page_of(make_episode("quiet", intervals), make_episode("quieter"))
    assert "NaN" not in text
    assert Reader(text).elements.count("h1") == 1


@given(timelines())
def test_deltas_give_the_edges_back_as_the_csv_has_them(timeline):
    for presence in timeline.presences:
        at, edges = milliseconds(presence.start), []
        for delta in deltas(presence):
            at += delta
            edges.append(at)
        assert [f"{edge / 1000:.3f}" for edge in edges] == [
            f"{float(edge):.3f}" for interval in presence for edge in (interval.start, interval.end)
        ]


@given(seasons())
def test_the_data_hold_every_interval(season):
    facts = gather(season, season.cast)
    data = json.loads(to_script(season_data(facts, [None] * len(season.episodes))))
    assert [each["name"] for each in data["episodes"]] == [each.name for each in season.episodes]
    for told, episode in zip(data["episodes"], season.episodes, strict=True):
        lanes = {data["characters"][place][0]: len(found) // 2 for place, found in told["lanes"]}
        pairs = zip(episode.timeline.cast.ids, episode.timeline.presences, strict=True)
        assert lanes == {identity: len(presence) for identity, presence in pairs if presence.intervals}


@given(st.text())
def test_nothing_ends_the_script_element(text):
    written = to_script({"name": text.encode("utf-8", "replace").decode()})
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written)["name"] == text.encode("utf-8", "replace").decode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_attributes_come_back_and_names_stay_on_one_line(text):
    parser = Reader(f'<table id="t"><tr><td data-v="{attribute(text)}">{"</tr></table>"}')
    assert parser.values["t"] == [[text]]
    assert len(plain(text).splitlines()) <= 1


def test_a_large_season_stays_small(tmp_path):
    episodes = []
    for number in range(24):
        scores = plausible_scores(number)
        episodes.append(Episode(name=f"E{number + 1:02d}", scores=scores, timeline=scores.timeline()))
    page = save_report(episodes, tmp_path / "report.html", title="Season", overwrite=False)
    assert page.stat().st_size < 1_500_000
    found = Reader(page.read_text("utf-8"))
    assert len(found.values["presence"]) == 24 * 19
    assert {row[0] for row in found.values["characters"]} <= set(CAST)


def test_it_is_written_whole_or_not_at_all(tmp_path):
    (tmp_path / "report.html").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        save_report([make_episode("E1")], tmp_path / "report.html", title="x", overwrite=False)
    with pytest.raises(UsageError, match="at least one episode"):
        save_report([], tmp_path / "report.html", title="x", overwrite=True)
    assert (tmp_path / "report.html").read_text() == "mine"
    save_report([make_episode("E1")], tmp_path / "report.html", title="x", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_source_that_cannot_be_read_is_told_and_costs_its_thumbnails_only(tmp_path):
    (tmp_path / "film.mp4").write_text("no film")
    made = make_episode("E1", {"anna": [(0, 1)]})
    episode = Episode(name=made.name, scores=made.scores, timeline=made.timeline, source=tmp_path / "film.mp4")
    notes = []
    save_report([episode], tmp_path / "report.html", title="x", overwrite=False, tell=notes.append)
    assert len(notes) == 1
    assert notes[0].startswith("no thumbnails of E1: ")


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_colours_stand_out_from_either_ground(colour):
    assert contrast(on_light(colour), WHITE) >= LEAST_CONTRAST
    assert contrast(on_dark(colour), DARK) >= LEAST_CONTRAST


def test_colours_are_the_casts_own_where_they_differ():
    own = Cast((Character("a", "A", (1, 2, 3)), Character("b", "B", (4, 5, 6))))
    assert colours_of(own) == ((1, 2, 3), (4, 5, 6))
    assert len(set(colours_of(Cast.of(*CAST)))) == len(CAST)
    assert len(set(spread_colours(60))) == 60


def test_shares_are_of_the_part_that_was_looked_at():
    facts = facts_of([make_episode("E1", {"anna": [(1, 2)]}, start="1", end="3")])
    assert facts.characters[0].share == Fraction(1, 2)
