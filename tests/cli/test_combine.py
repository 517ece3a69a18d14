import json
import shutil
from pathlib import Path

pytest_plugins = "episode_fixtures"

MODEL = Path(__file__).parents[2] / "models/lantern-lane"


def test_an_ensemble_is_written_listed_and_refused_twice(vidtag, tmp_path, monkeypatch):
    monkeypatch.setenv("VIDTAG_MODELS", str(tmp_path))
    shutil.copytree(MODEL, tmp_path / "other")
    done = vidtag("combine", MODEL, tmp_path / "other", "-o", tmp_path / "both")
    assert done.code == 0, done.err
    assert done.out == ""
    assert done.err.endswith(f"wrote {tmp_path / 'both'}\n")
    listed = json.loads(vidtag("models", "--json").out)["models"]
    assert next(model for model in listed if model["name"] == "both")["network"] == "ensemble"
    again = vidtag("combine", MODEL, tmp_path / "other", "-o", tmp_path / "both", "-q")
    assert again.code == 6
    assert "exists" in again.err
    assert vidtag("combine", MODEL, tmp_path / "other", "-o", tmp_path / "both", "-q", "--overwrite").err == ""


def test_one_model_is_not_enough(vidtag, tmp_path):
    refused = vidtag("combine", MODEL, "-o", tmp_path / "one")
    assert refused.code == 2
    assert "2 to 32 models, got 1" in refused.err
    assert not (tmp_path / "one").exists()
