"""The page in a real browser: it opens in silence, sorts, zooms, tells times, saves CSV, and fits every screen."""

import csv
import io
import re
from fractions import Fraction

import pytest
from browser import DESK, PHONE, Visit, browsing
from media_recipes import ffmpeg
from season_recipes import make_episode, plausible_scores

from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, presence_rows, segment_rows, write_csv
from vidtag.season.episode import Episode
from vidtag.season.html import save_report

HOSTILE = "</script><b>\"E1\"</b>,\r\n日本 'x'"
COLOURS = ("red", "lime", "blue", "yellow")


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A minute that changes its colour every 15 s, with a key frame a second."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    inputs = [word for colour in COLOURS for word in ("-f", "lavfi", "-i", f"color={colour}:s=160x90:r=10:d=15")]
    ffmpeg(*inputs, "-filter_complex", "concat=n=4", "-c:v", "libx264", "-preset", "ultrafast", "-g", 10, path)
    return path


@pytest.fixture(scope="module")
def episodes(film):
    """Three episodes: known intervals with a film, a plausible random one, and one with a hostile name."""
    known = make_episode(
        "E2", {"anna": [("1.25", "10.5"), ("20", "40.75")], "ben": [("5", "8"), ("50", "60")]}, end="60"
    )
    scores = plausible_scores(0, seconds=300)
    return (
        Episode(name="E2", scores=known.scores, timeline=known.timeline, source=film),
        Episode(name="E10", scores=scores, timeline=scores.timeline()),
        make_episode(HOSTILE, {"anna": [("0.1", "0.2")], "ben": [("1/3", 2)]}),
    )


@pytest.fixture(scope="module")
def report(episodes, tmp_path_factory):
    return save_report(episodes, tmp_path_factory.mktemp("report") / "r.html", title="Season <1>", overwrite=False)


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture
def visit(browser, report):
    opened = Visit(browser, report)
    yield opened
    opened.close()


def text_of(columns, rows):
    stream = io.StringIO(newline="")
    write_csv(columns, rows, stream)
    return stream.getvalue()


def shown_values(table, column):
    return table.locator(f"tbody tr > :nth-child({column})").evaluate_all("cells => cells.map(c => c.dataset.v)")


def test_it_opens_in_silence_and_asks_for_nothing(visit, report):
    visit.page.mouse.wheel(0, 20_000)
    visit.page.get_by_role("button", name="Unfold all").click()
    for place in visit.page.locator("[data-lanes]").all():
        place.scroll_into_view_if_needed()
        place.locator("canvas").wait_for()
    assert visit.requests == [report.as_uri()]
    assert visit.page.title() == "Season <1>"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("viewport", [PHONE, DESK, {"width": 320, "height": 600}], ids=["phone", "desk", "small"])
def test_nothing_sticks_out_sideways(browser, report, viewport, dark):
    visit = Visit(browser, report, viewport=viewport, dark=dark)
    visit.page.locator(".fold summary").click()
    width = visit.page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]")
    assert max(width) == viewport["width"]
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(245, 246, 248)") != dark
    visit.close()


def test_tables_are_sorted_by_click_and_key(visit):
    table = visit.page.locator("#characters")
    heads = table.locator("thead th")
    before = shown_values(table, 3)
    assert before == sorted(before, key=float, reverse=True)
    heads.nth(2).locator("button").click()
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    heads.nth(2).locator("button").press("Enter")
    assert heads.nth(2).get_attribute("aria-sort") == "ascending"
    assert shown_values(table, 3) == sorted(before, key=float)
    heads.nth(0).locator("button").press("Space")
    names = shown_values(table, 1)
    assert names == sorted(names)
    assert heads.nth(2).get_attribute("aria-sort") is None
    assert heads.nth(0).get_attribute("aria-sort") == "ascending"


def test_names_with_numbers_sort_as_people_count_and_empty_cells_come_last(visit):
    table = visit.page.locator("#episodes")
    table.locator("thead button").first.click()
    assert shown_values(table, 1)[-2:] == ["E2", "E10"]
    table = visit.page.locator("#presence")
    visit.page.locator(".fold summary").click()
    first = table.locator("thead th[data-field=first_s]")
    for _ in range(2):
        first.locator("button").click()
        found = shown_values(table, 6)
        assert "" in found
        assert "" not in found[: found.index("")]
        assert set(found[found.index("") :]) == {""}


def test_saved_tables_are_those_of_vidtag(visit, episodes):
    figures = visit.page.locator("#figures")
    rows = [row for each in episodes for row in presence_rows(each.name, each.timeline)]
    saved = visit.saved(figures.get_by_role("button", name="Figures of every character"))
    assert saved.decode() == text_of(PRESENCE_COLUMNS, rows)
    rows = [row for each in episodes for row in segment_rows(each.name, each.timeline)]
    saved = visit.saved(figures.get_by_role("button", name="Intervals as CSV"))
    assert saved.decode() == text_of(SEGMENT_COLUMNS, rows)


def test_every_table_is_saved_with_all_its_rows(visit):
    for table in visit.page.locator("table").all():
        name = table.locator("caption").text_content()
        saved = visit.saved(visit.page.get_by_role("button", name=f'Save "{name}" as CSV', exact=True))
        rows = list(csv.reader(io.StringIO(saved.decode(), newline="")))
        assert len(rows) - 1 == table.locator("tbody tr").count() > 0
        assert len({len(row) for row in rows}) == 1
        assert "" not in rows[0]


def test_the_matrix_shows_time_scenes_and_episodes(visit, episodes):
    cell = visit.page.locator("#together tbody tr", has_text="Anna").locator("td").nth(0)
    names = shown_values(visit.page.locator("#together"), 1)
    column = names.index("ben") + 2
    cell = visit.page.locator(f"#together tbody tr:nth-child({names.index('anna') + 1}) > :nth-child({column})")
    pairs = [each.timeline["anna"] & each.timeline["ben"] for each in episodes if "anna" in each.timeline.cast.ids]
    assert cell.get_attribute("data-v") == f"{float(sum(pair.duration for pair in pairs)):.3f}"
    visit.page.get_by_text("Scenes", exact=True).first.click()
    cell.filter(has_text=re.compile(r"^1$")).wait_for()  # a click may be back before the page has answered it
    assert cell.get_attribute("data-v") == str(sum(len(pair) for pair in pairs)) == "1"
    visit.page.locator("[data-matrix] label", has_text="Episodes").click()
    assert cell.text_content() == "1"


# --- timelines


class Lanes:
    """The timeline of the episode E2: a minute with anna and ben."""

    def __init__(self, visit):
        self.visit, self.page = visit, visit.page
        self.canvas = self.page.locator('[data-lanes="0"] canvas')
        self.page.locator('[data-lanes="0"]').scroll_into_view_if_needed()  # it is drawn only then
        self.canvas.scroll_into_view_if_needed()
        self.page.wait_for_function("document.querySelector('[data-lanes=\"0\"] canvas').dataset.top > 50")  # with film
        self.hint = self.page.locator(".hint")

    def span(self):
        return [float(self.canvas.get_attribute(f"data-{end}")) / 1000 for end in ("from", "to")]

    def place(self, seconds, lane):
        box, (start, end) = self.canvas.bounding_box(), self.span()
        top = float(self.canvas.get_attribute("data-top"))
        return box["x"] + box["width"] * (seconds - start) / (end - start), box["y"] + top + 26 * lane + 13

    def point(self, seconds, lane):
        self.page.mouse.move(*self.place(seconds, lane))
        return self.hint.inner_text().split("\n") if self.hint.is_visible() else None


@pytest.fixture
def lanes(visit):
    return Lanes(visit)


def test_pointing_tells_who_and_from_when_to_when(lanes):
    assert lanes.point(6, 0) == ["Anna", "0:00:01.25 – 0:00:10.50", "9.25 s"]
    assert lanes.point(6, 1) == ["Ben", "0:00:05.00 – 0:00:08.00", "3.00 s"]
    assert lanes.point(55, 1)[1] == "0:00:50.00 – 0:01:00.00"
    assert lanes.point(15, 0) is None


def test_pointing_is_as_right_when_zoomed_and_moved(lanes):
    lanes.canvas.focus()
    for key in ("+", "+", "ArrowRight", "+"):
        lanes.page.keyboard.press(key)
    start, end = lanes.span()
    assert end - start == pytest.approx(60 / 8)
    assert lanes.point((start + end) / 2, 0) == ["Anna", "0:00:20.00 – 0:00:40.75", "20.75 s"]


def test_the_wheel_zooms_at_the_pointer_once_the_timeline_was_clicked(lanes):
    x, y = lanes.place(20, 0)
    lanes.page.mouse.move(x, y)
    lanes.page.mouse.wheel(0, -200)
    assert lanes.span() == [0, 60]  # the page scrolls instead
    lanes.canvas.scroll_into_view_if_needed()
    lanes.page.wait_for_timeout(300)
    x, y = lanes.place(20, 0)
    lanes.page.mouse.click(x, y)
    lanes.page.mouse.wheel(0, -200)
    lanes.page.wait_for_function("document.querySelector('[data-lanes=\"0\"] canvas').dataset.from > 0")
    start, end = lanes.span()
    assert end - start == pytest.approx(60 * 1.0025**-200, rel=1e-3)
    assert lanes.place(20, 0)[0] == pytest.approx(x, abs=1.5)


def test_buttons_zoom_and_dragging_moves_and_all_shows_all(lanes):
    tools = lanes.page.locator('[data-lanes="0"]')
    tools.get_by_role("button", name="Zoom in").click()
    assert lanes.span() == [15, 45]
    box = lanes.canvas.bounding_box()
    lanes.page.mouse.move(box["x"] + 200, box["y"] + 100)
    lanes.page.mouse.down()
    lanes.page.mouse.move(box["x"] + 200 + box["width"] / 3, box["y"] + 100, steps=4)
    lanes.page.mouse.up()
    assert lanes.span() == pytest.approx([5, 35], abs=0.1)
    assert tools.locator("output").text_content() == "0:00:05 – 0:00:35"
    tools.get_by_role("button", name="Zoom out").click()
    assert lanes.span() == [0, 60]
    for _ in range(9):
        tools.get_by_role("button", name="Zoom in").click()
    start, end = lanes.span()
    assert end - start == pytest.approx(2)
    lanes.canvas.press("Home")
    assert lanes.span() == [0, 60]


def test_keys_go_from_lane_to_lane_and_from_appearance_to_appearance(lanes):
    def told(key):
        lanes.page.keyboard.press(key)
        return lanes.hint.inner_text().split("\n")[:2]

    lanes.canvas.focus()
    assert told("ArrowDown") == ["Anna", "0:00:01.25 – 0:00:10.50"]
    assert told(".") == ["Anna", "0:00:20.00 – 0:00:40.75"]
    assert told(".") == ["Anna", "0:00:20.00 – 0:00:40.75"]  # the last one
    assert told(",") == ["Anna", "0:00:01.25 – 0:00:10.50"]
    assert told("ArrowDown") == ["Ben", "0:00:05.00 – 0:00:08.00"]
    for _ in range(3):
        lanes.page.keyboard.press("+")
    assert told(".") == ["Ben", "0:00:50.00 – 0:01:00.00"]
    start, end = lanes.span()
    assert start <= 50 < end <= 60
    assert end - start == pytest.approx(60 / 8)
    assert told("ArrowUp") == ["Anna", "0:00:20.00 – 0:00:40.75"]
    lanes.canvas.blur()
    assert not lanes.hint.is_visible()


@pytest.mark.parametrize(("seconds", "lane", "colour"), [(6, 0, 0), (39, 0, 2), (55, 1, 3)])
def test_thumbnails_show_the_film_at_the_interval(lanes, seconds, lane, colour):
    lanes.page.wait_for_timeout(200)
    lanes.point(seconds, lane)
    red, green, blue = lanes.hint.locator("canvas").evaluate(
        "c => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data].slice(0, 3)"
    )
    wanted = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)][colour]
    assert max(abs(a - b) for a, b in zip((red, green, blue), wanted, strict=True)) < 40


def test_a_phone_is_told_by_a_tap(browser, report):
    visit = Visit(browser, report, viewport=PHONE, has_touch=True)
    lanes = Lanes(visit)
    visit.page.touchscreen.tap(*lanes.place(30, 0))
    lanes.hint.wait_for()
    assert "0:00:20.00 – 0:00:40.75" in lanes.hint.inner_text()
    visit.close()


def test_what_is_folded_is_drawn_when_it_is_unfolded(visit):
    season = visit.page.locator("details.episode")
    assert season.count() == 3
    visit.page.get_by_role("button", name="Fold all", exact=True).click()
    assert visit.page.locator("details.episode[open]").count() == 0
    season.nth(1).locator("summary").click()
    canvas = season.nth(1).locator("canvas")
    canvas.wait_for()
    assert float(canvas.get_attribute("data-to")) == float(Fraction(300) * 1000)


def test_it_prints_with_everything_unfolded(visit):
    visit.page.get_by_role("button", name="Fold all", exact=True).click()
    pdf = visit.page.pdf()
    assert pdf.startswith(b"%PDF")
    assert visit.page.locator("details:not([open])").count() == 0
    assert visit.page.locator("[data-lanes] canvas").count() == 3


def test_paper_is_light_whatever_the_screen_is(browser, report):
    visit = Visit(browser, report, dark=True)
    lanes = Lanes(visit)

    def ground():
        """Read a point of the first lane at which anna is away, off a copy: the browser warns of repeated reading."""
        return lanes.canvas.evaluate("""canvas => {
            const pen = new OffscreenCanvas(1, 1).getContext("2d");
            pen.drawImage(canvas, 4 - canvas.width, 49 - canvas.height);
            return pen.getImageData(0, 0, 1, 1).data[0];
        }""")

    assert ground() < 80
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert ground() > 200
    visit.page.emulate_media(media="print", color_scheme="dark")
    assert visit.page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 32, 39)"
    visit.page.emulate_media(media="screen", color_scheme="dark")
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert ground() < 80
    visit.close()


def test_it_can_be_read_without_seeing_or_scripts(browser, report):
    visit = Visit(browser, report, java_script_enabled=False)
    assert visit.page.locator("table caption").count() == visit.page.locator("table").count() > 5
    assert visit.page.locator("thead th:not([scope=col])").count() == 0
    assert visit.page.locator("tbody tr > :first-child:not(th[scope=row])").count() == 0
    assert visit.page.locator("svg:not([aria-hidden]):not([role=img][aria-label])").count() == 0
    assert "Anna 0:00:30 in 2 appearances" in visit.page.locator("#timelines").text_content()
    visit.close()
