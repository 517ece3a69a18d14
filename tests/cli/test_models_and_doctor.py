"""`vidtag models` and `vidtag doctor`: what is here, and what is missing."""

import json
import shutil

import pytest
from episode_recipes import CAST, run_vidtag

pytest_plugins = "episode_fixtures"


@pytest.fixture
def bare(installed, tmp_path, monkeypatch):
    """A machine without a model: none shipped, none of the user's own."""
    monkeypatch.setenv("VIDTAG_MODELS", str(tmp_path / "own"))
    monkeypatch.setattr("vidtag.records.bundles.model_folders", lambda: [tmp_path / "own"])
    return tmp_path / "own"


def test_models_tell_what_they_know_and_are_worth(vidtag):
    result = vidtag("models")
    assert (result.code, result.err) == (0, "")
    text = result.out[result.out.index("colours\n") :]
    for line in ("cast      3: Rufus, Azura, Vera", "input     64x48 px", "origin    set by hand", "licence   MIT"):
        assert f"  {line}" in text
    assert "  accuracy  made up 0.5" in text


def test_models_as_json(vidtag, models):
    entries = {entry["name"]: entry for entry in json.loads(vidtag("models", "--json").out)["models"]}
    entry = entries["colours"]
    assert entry["characters"] == list(CAST)
    assert entry["input_size"] == [48, 64]
    assert entry["folder"] == str(models / "colours")
    assert (entry["licence"], entry["accuracy"]) == ("MIT", {"made up": 0.5})


def test_models_are_found_in_the_users_folder(vidtag, models, tmp_path, monkeypatch):
    monkeypatch.setenv("VIDTAG_MODELS", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    shutil.copytree(models / "colours", tmp_path / "vidtag/models/colours")
    entries = json.loads(vidtag("models", "--json").out)["models"]
    assert str(tmp_path / "vidtag/models/colours") in [entry["folder"] for entry in entries]


def test_no_model_at_all_is_said(vidtag, bare):
    result = vidtag("models")
    assert (result.code, result.out) == (0, "")
    assert result.err == f"note: no model is installed in {bare}\n"


def test_a_damaged_model_is_named(vidtag, bare, models):
    shutil.copytree(models / "colours", bare / "broken")
    (bare / "broken/weights.safetensors").write_bytes(b"")
    result = vidtag("models")
    assert (result.code, result.out, result.err.count("\n")) == (0, "", 1)
    assert "broken is damaged" in result.err


CHECKS = ("versions", "ffmpeg", "fixes", "limits", "backends", "gpu", "models", "disk")


def test_a_sound_machine(vidtag):
    result = vidtag("doctor")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", name] for name in CHECKS]
    assert "colours, " in lines[CHECKS.index("models")]


def missing_lines(out):
    return [line for line in out.splitlines() if line.startswith("MISSING")]


def test_doctor_misses_ffmpeg(installed, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    result = run_vidtag("doctor")
    assert (result.returncode, result.stderr) == (1, "")
    assert len(result.stdout.splitlines()) == len(CHECKS)
    assert [line.split()[1] for line in missing_lines(result.stdout)] == ["ffmpeg", "fixes"]


def test_doctor_misses_a_model(vidtag, bare):
    result = vidtag("doctor")
    assert (result.code, result.err) == (1, "")
    assert len(result.out.splitlines()) == len(CHECKS)
    assert [line.split()[1] for line in missing_lines(result.out)] == ["models"]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("vidtag.cli.doctor.PACKAGES", "versions"),
        ("vidtag.cli.doctor.ENCODERS", "ffmpeg"),
        ("vidtag.cli.doctor.LEAST_FREE_BYTES", "disk"),
    ],
)
def test_doctor_misses_other_things(vidtag, monkeypatch, place, line):
    monkeypatch.setattr(place, 1 << 80 if line == "disk" else ("no-such-thing",))
    result = vidtag("doctor")
    assert (result.code, len(result.out.splitlines())) == (1, len(CHECKS))
    assert [found.split()[1] for found in missing_lines(result.out)] == [line]


def test_doctor_misses_tensorflow(vidtag, monkeypatch):
    def fail():
        raise ImportError("libtensorflow.so.2:\ncannot open shared object file")

    monkeypatch.setattr("vidtag.predictors.tensorflow.prepare_tensorflow", fail)
    result = vidtag("doctor")
    assert (result.code, len(result.out.splitlines())) == (1, len(CHECKS))
    assert [line.split()[1] for line in missing_lines(result.out)] == ["gpu"]


@pytest.mark.parametrize(
    ("place", "version", "words"),
    [
        ("vidtag.media.ffmpeg.ffmpeg_version", lambda: "ffmpeg version 7.1-static", "imageio-ffmpeg has a hole"),
        ("av.ffmpeg_version_info", "8.0.1", "av has a hole"),
        ("vidtag.cli.doctor.version", lambda package: "4.11.0.86", "opencv-python has a hole"),
    ],
)
def test_doctor_refuses_versions_with_known_holes(vidtag, monkeypatch, place, version, words):
    monkeypatch.setattr(place, version)
    result = vidtag("doctor")
    assert result.code == 1
    (line,) = missing_lines(result.out)
    assert line.split()[1] == "fixes"
    assert words in line
    assert "CVE-" in line


def test_doctor_shows_limits_that_were_moved_and_refuses_what_are_none(vidtag, monkeypatch):
    monkeypatch.setenv("VIDTAG_LIMITS", "hours=7")
    assert "hours=7," in vidtag("doctor").out
    monkeypatch.setenv("VIDTAG_LIMITS", "horses=7")
    result = vidtag("doctor")
    assert (result.code, [line.split()[1] for line in missing_lines(result.out)]) == (1, ["limits"])
