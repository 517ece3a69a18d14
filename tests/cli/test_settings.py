"""`vidtag.toml` gives the defaults of its folder and those below; the command line wins."""

import json

import pytest
from media_recipes import stream_kinds

from vidtag.records.settings import KEYS

pytest_plugins = "episode_fixtures"


@pytest.fixture
def below(episode):
    """The episode two folders below `episode.parent`."""
    folder = episode.parent / "show/season 1"
    folder.mkdir(parents=True)
    return episode.rename(folder / "episode.mp4")


def told(vidtag, *arguments):
    result = vidtag(*arguments, "--json")
    assert (result.code, result.err) == (0, ""), result
    return json.loads(result.out)


def test_settings_beside_the_episode_count(vidtag, episode, tmp_path):
    (tmp_path / "vidtag.toml").write_text('model = "colours"\nrate = 2\nsmooth = "off"\n')
    assert told(vidtag, "annotate", episode)["model"] == "colours"
    assert told(vidtag, "analyze", episode)["samples"] == 13


def test_settings_above_count_and_the_nearest_alone(vidtag, below, tmp_path):
    (tmp_path / "vidtag.toml").write_text('model = "colours"\nrate = 2\n')
    assert told(vidtag, "analyze", below)["samples"] == 13
    (below.parent.parent / "vidtag.toml").write_text("rate = 1\n")
    assert told(vidtag, "annotate", below, "--scores", tmp_path / "s.npz")["model"] == "simpsons"
    assert told(vidtag, "analyze", below, "--overwrite")["samples"] == 7


def test_the_command_line_wins(vidtag, episode, tmp_path):
    (tmp_path / "vidtag.toml").write_text('model = "colours"\nrate = 2\nstyle = "icons+names"\n')
    assert told(vidtag, "analyze", episode, "--rate", "4")["samples"] == 26
    assert told(vidtag, "annotate", episode, "--model", "simpsons")["model"] == "simpsons"


def test_every_setting_has_its_effect_or_is_refused_like_its_option(vidtag, episode, tmp_path):
    for key in KEYS:
        (tmp_path / "vidtag.toml").write_text(f'{key} = "-"\n')
        result = vidtag("annotate", episode)
        assert result.code in (2, 3), key
        assert result.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["episode.mp4", "vidtag.toml"]


def test_render_settings_reach_the_film(vidtag, episode, tmp_path):
    (tmp_path / "vidtag.toml").write_text('encoder = "libx265"\npreset = "ultrafast"\ncrf = 30\nsmooth = false\n')
    result = told(vidtag, "annotate", episode)
    assert len(result["characters"][1]["intervals_s"]) == 2  # not smoothed
    assert stream_kinds(tmp_path / "episode.tagged.mp4")[0] == "video hevc"


def test_pieces_can_be_set(vidtag, episode, tmp_path, monkeypatch):
    monkeypatch.setattr("vidtag.media.cutting.SHORTEST_PIECE", 1)
    seen = []
    monkeypatch.setattr("vidtag.media.pieces.fit_together", lambda pieces, frames: seen.append(len(pieces)))
    (tmp_path / "vidtag.toml").write_text("parallel = 2\n")
    told(vidtag, "annotate", episode, "-q")
    told(vidtag, "annotate", episode, "-q", "--parallel", 3, "--overwrite")
    told(vidtag, "annotate", episode, "-q", "--parallel", 1, "--overwrite")
    assert seen == [2, 3]


def test_a_model_path_counts_from_the_file(vidtag, below, models, tmp_path, monkeypatch):
    (tmp_path / "mine").symlink_to(models)
    (tmp_path / "vidtag.toml").write_text('model = "mine/colours"\n')
    monkeypatch.chdir(tmp_path / "show")
    assert told(vidtag, "annotate", below)["model"] == "colours"


def test_a_model_path_may_start_at_home(vidtag, episode, models, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(models))
    (tmp_path / "vidtag.toml").write_text('model = "~/colours"\n')
    assert told(vidtag, "annotate", episode)["model"] == "colours"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('stile = "icons"', 2, "unknown key 'stile'; did you mean 'style'?"),
        ("batch_size = 4", 2, "unknown key 'batch_size'; did you mean 'batch-size'?"),
        ("zzz = 4", 2, "unknown key 'zzz'; there are model, "),
        ('rate = "fast"', 2, "rate: expected a rate like 4"),
        ("crf = 18.5", 2, "crf: '18.5' is not a valid integer"),
        ("model = [1]", 2, "model must be a text or a number, got [1]"),
        ("model = true", 2, "model must be a text or a number, got True"),
        ('model = "simpson"', 3, "did you mean 'simpsons'?"),
        ("model = ", 3, "is not a TOML file"),
        ("# " + "x" * 70_000, 3, "is larger than"),
    ],
)
def test_what_is_wrong_with_a_settings_file(vidtag, episode, tmp_path, text, code, words):
    (tmp_path / "vidtag.toml").write_text(text)
    result = vidtag("annotate", episode)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert words in result.err
    if code == 2:
        assert str(tmp_path / "vidtag.toml") in result.err
    assert len(list(tmp_path.iterdir())) == 2


def test_report_checks_the_names_of_settings_that_it_has_no_use_for(vidtag, episode, tmp_path):
    (tmp_path / "vidtag.toml").write_text('crf = "any"\n')
    assert vidtag("report", episode).code == 0
    (tmp_path / "vidtag.toml").write_text('crff = "any"\n')
    assert vidtag("report", episode).code == 2


def test_report_takes_the_settings_of_each_source(vidtag, episode, tmp_path):
    (tmp_path / "vidtag.toml").write_text("smooth = false\n")
    assert vidtag("report", episode).out.splitlines()[2].split(",")[4] == "2"
    assert vidtag("report", episode, "--smooth", "5").out.splitlines()[2].split(",")[4] == "1"
