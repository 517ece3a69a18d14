"""The built wheel works by itself: outside the repository, with the models and icons that it carries."""

import csv
import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from episode_recipes import make_episode

from vidtag.version import __version__

ROOT = Path(__file__).parent.parent
MODELS = ("lantern-lane", "simpsons")
PARTS = ("bundle.toml", "weights.safetensors", "MODEL_CARD.md")


def run(*command: object, **options: object) -> str:
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this repository."""
    folder = tmp_path_factory.mktemp("dist")
    isolation = ("--no-isolation",) if find_spec("hatchling") else ()
    run(sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", folder, ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def outside(wheel, tmp_path_factory):
    """A folder outside the repository, and the environment in which nothing but the wheel's vidtag is found."""
    target, home = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("home")
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VIDTAG_")}
    environment |= {"PYTHONPATH": str(target), "HOME": str(home), "XDG_DATA_HOME": str(home)}
    folder = tmp_path_factory.mktemp("elsewhere")
    return {"cwd": folder, "env": environment | {"PATH": f"{target / 'bin'}{os.pathsep}{environment['PATH']}"}}


def test_it_carries_code_models_and_icons_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for model in MODELS:
        assert {f"vidtag/shipped_models/{model}/{part}" for part in PARTS} <= names
        pictures = {path.name for path in (ROOT / "models" / model / "icons").glob("*.png")}
        assert len(pictures) >= 6
        assert {f"vidtag/shipped_models/{model}/icons/{picture}" for picture in pictures} <= names
    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "vidtag").rglob("*.py")}
    assert sources == {name for name in names if name.endswith(".py")}
    assert {
        f"vidtag/season/page/{part}" for part in ("style.css", "tables.js", "drawing.js", "lanes.js", "page.js")
    } <= names
    assert {name.split("/")[0] for name in names} == {"vidtag", f"vidtag-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or "/." in name]


def test_what_runs_is_the_wheel(outside):
    place = run(sys.executable, "-c", "import vidtag; print(vidtag.__file__)", **outside).strip()
    assert Path(place).is_relative_to(outside["env"]["PYTHONPATH"])


def test_models_are_found_in_the_wheel(outside):
    listed = run("vidtag", "models", **outside)
    for model in MODELS:
        assert f"{outside['env']['PYTHONPATH']}/vidtag/shipped_models/{model}\n" in listed


def test_an_episode_is_annotated_with_a_model_of_the_wheel(outside):
    make_episode(outside["cwd"] / "second.mp4", (("green", 25),))
    told = run("vidtag", "annotate", "second.mp4", "--model", "lantern-lane", **outside)
    assert f"{outside['cwd'] / 'second.tagged.mp4'}" in told
    with (outside["cwd"] / "second.tagged.csv").open(newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 6
