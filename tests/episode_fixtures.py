"""Fixtures of the tests of the doors; a test module takes them with `pytest_plugins = "episode_fixtures"`."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from episode_recipes import SCENES, make_episode, save_colour_model
from known_presence import NumberReader

from vidtag.cli import main


@dataclass(frozen=True)
class Result:
    """What a run of the command line ended with."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder of installed models: `colours`, and the same as `simpsons`, the default."""
    folder = tmp_path_factory.mktemp("models")
    save_colour_model(folder / "colours")
    save_colour_model(folder / "simpsons")
    return folder


@pytest.fixture
def installed(models, tmp_path_factory, monkeypatch):
    """Nothing but `models` is installed, whatever the machine has."""
    monkeypatch.setenv("VIDTAG_MODELS", str(models))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    monkeypatch.delenv("VIDTAG_DEBUG", raising=False)
    return models


@pytest.fixture(scope="session")
def made_episode(tmp_path_factory):
    """A clip of 6.4 s at 25 frames a second that shows `SCENES`, with sound. Not to be changed."""
    return make_episode(tmp_path_factory.mktemp("made") / "episode.mp4", SCENES)


@pytest.fixture
def episode(installed, made_episode, tmp_path):
    """The made episode in a folder of its own."""
    copy = tmp_path / "episode.mp4"
    copy.write_bytes(made_episode.read_bytes())
    return copy


@pytest.fixture
def vidtag(installed, capfd, monkeypatch) -> Callable[..., Result]:
    """Run the command line in this process, as from a shell whose output goes into files."""

    def run(*arguments: object) -> Result:
        capfd.readouterr()
        code = main._run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def network(installed, monkeypatch):
    """Let every bundle be run by a `NumberReader`; gives the list of those that were loaded."""
    loaded = []

    def load(bundle, *_):
        loaded.append(NumberReader(bundle))
        return loaded[-1]

    monkeypatch.setattr("vidtag.pipeline.load_predictor", load)
    return loaded
