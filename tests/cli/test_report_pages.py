"""`vidtag report` makes pages, Markdown and plots from score files, folders and episodes; and CSV as before."""

import re

import cv2
import pytest
from season_recipes import CAST, plausible_scores

from vidtag.records.scorefiles import save_scores

pytest_plugins = "episode_fixtures"


@pytest.fixture
def season(tmp_path):
    """A folder of two seasons of two episodes each, of one name in both."""
    folder = tmp_path / "my season"
    for number, name in enumerate(("S1/E1", "S1/E2", "S2/E1", "S2/E2")):
        path = folder / f"{name}.scores.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_scores(plausible_scores(number, seconds=240, source=f"{name[3:]}.mp4"), path)
    return folder


def test_a_folder_becomes_a_page(vidtag, season, tmp_path):
    result = vidtag("report", season, "--html", tmp_path / "r.html")
    assert (result.code, result.out, result.err) == (0, f"{tmp_path / 'r.html'}\n", "")
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "<h1>my season</h1>" in text
    assert text.count('<details class="episode"') == 4
    assert "S2/E1" in text


def test_score_files_of_one_name_get_their_folders(vidtag, season):
    paths = sorted(season.rglob("*.npz"))
    lines = vidtag("report", *paths).out.splitlines()[1:]
    assert list(dict.fromkeys(line.split(",")[0] for line in lines)) == ["S1/E1", "S1/E2", "S2/E1", "S2/E2"]
    assert vidtag("report", season).out.splitlines()[1:] == lines


def test_everything_at_once(vidtag, season, tmp_path):
    targets = ("-o", tmp_path / "t.csv", "--html", tmp_path / "r.html", "--markdown", tmp_path / "r.md")
    result = vidtag("report", season, *targets, "--plots", tmp_path / "plots", "--title", "Mine", "-q")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert len((tmp_path / "t.csv").read_text().splitlines()) == 1 + 4 * len(CAST)
    assert (tmp_path / "r.md").read_text().startswith("# Mine\n")
    assert "<title>Mine</title>" in (tmp_path / "r.html").read_text()
    names = {"screen-time", "episodes", "heat-map", "trend", "together"} | {f"timeline-{n:02d}" for n in range(1, 5)}
    plots = {path.stem: cv2.imread(str(path)) for path in (tmp_path / "plots").iterdir()}
    assert set(plots) == names
    assert all(min(plot.shape[:2]) > 150 and 0 < (plot != 255).mean() < 0.9 for plot in plots.values())


def test_an_episode_is_analysed_and_shown_with_its_pictures(vidtag, episode, tmp_path):
    assert vidtag("report", episode, "--html", tmp_path / "r.html").code == 0
    assert 'id="sheet-0"' in (tmp_path / "r.html").read_text()


def test_films_are_found_beside_the_scores_and_in_folders(vidtag, episode, tmp_path):
    assert vidtag("analyze", episode, "-q").code == 0
    scores = episode.with_name("episode.scores.npz")
    (tmp_path / "elsewhere/deep").mkdir(parents=True)
    assert vidtag("report", scores, "--html", tmp_path / "beside.html").code == 0
    episode.rename(tmp_path / "elsewhere/deep/renamed.mp4")
    assert vidtag("report", scores, "--html", tmp_path / "none.html").code == 0
    assert vidtag("report", scores, "--html", tmp_path / "far.html", "--sources", tmp_path / "elsewhere").code == 0
    found = [name for name in ("beside", "none", "far") if 'id="sheet-0"' in (tmp_path / f"{name}.html").read_text()]
    assert found == ["beside", "far"]


def test_icons_and_names_come_from_the_installed_model(vidtag, episode, tmp_path):
    assert vidtag("report", episode, "--model", "lantern-lane", "--html", tmp_path / "r.html").code == 0
    text = (tmp_path / "r.html").read_text()
    assert "Madame Oolong" in text
    assert len(re.findall(r"\.face\{background-image:url\(data:image/webp;base64,", text)) == 6


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--html", "there.html"), 6, "exists already"),
        (("--html", "a.html", "--markdown", "a.html"), 2, "another output"),
        (("--sources", "."), 2, "give --html"),
        (("--title", "x"), 2, "give --html or --markdown"),
        (("--html", "no/such/folder.html"), 6, "does not exist"),
        (("--plots", "there.html"), 6, "there.html"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(vidtag, season, tmp_path, monkeypatch, arguments, code, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.html").write_text("mine")
    result = vidtag("report", season, *arguments)
    assert result.code == code
    assert message in result.err
    assert result.err.count("\n") == 1
    assert (tmp_path / "there.html").read_text() == "mine"


def test_a_folder_without_scores_is_refused(vidtag, tmp_path):
    result = vidtag("report", tmp_path, "--html", tmp_path / "r.html")
    assert result.code == 3
    assert "holds no score file" in result.err


def test_a_file_given_twice_is_refused_as_its_times_would_count_twice(vidtag, season, tmp_path):
    path = season / "S1/E1.scores.npz"
    result = vidtag("report", season, path, "--html", tmp_path / "r.html")
    assert (result.code, result.err) == (2, f"vidtag: {path} is given twice; a page counts every episode once\n")
    assert not (tmp_path / "r.html").exists()
    assert vidtag("report", path, path).code == 0  # as CSV there may be whatever is asked for


def test_existing_plots_are_kept_and_none_is_written(vidtag, season, tmp_path):
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots/trend.png").write_text("mine")
    assert vidtag("report", season, "--plots", tmp_path / "plots").code == 6
    assert [path.name for path in (tmp_path / "plots").iterdir()] == ["trend.png"]
    assert vidtag("report", season, "--plots", tmp_path / "plots", "--overwrite").code == 0
