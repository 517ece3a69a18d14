from pathlib import Path

import pytest

from vidtag.errors import InputError, OptionError
from vidtag.records.settings import KEYS, MAX_BYTES, NAME, find_settings, read_settings


def settings(folder, text):
    (folder / NAME).write_text(text, encoding="utf-8")
    return folder / NAME


def test_the_nearest_file_above_the_episode_is_found(tmp_path):
    deep = tmp_path / "show" / "season 1"
    deep.mkdir(parents=True)
    above = settings(tmp_path, "")
    assert find_settings(deep / "pilot.mp4") == above
    nearer = settings(tmp_path / "show", "")
    assert find_settings(deep / "pilot.mp4") == nearer
    own = settings(deep, "")
    assert find_settings(deep / "pilot.mp4") == own


def test_a_name_without_folder_is_looked_up_from_here(tmp_path, monkeypatch):
    own = settings(tmp_path, "")
    monkeypatch.chdir(tmp_path)

    assert find_settings(Path("pilot.mp4")) == own


def test_a_folder_of_that_name_is_no_settings_file(tmp_path):
    (tmp_path / "a" / NAME).mkdir(parents=True)
    above = settings(tmp_path, "")
    assert find_settings(tmp_path / "a" / "pilot.mp4") == above


def test_values_are_read_as_on_the_command_line(tmp_path):
    path = settings(tmp_path, 'model = "simpsons"\ncrf = 16\nrate = 2.5\nsmooth = "off"\nencoder = "libx265"\n')
    expected = {"model": "simpsons", "crf": "16", "rate": "2.5", "smooth": "off", "encoder": "libx265"}
    assert dict(read_settings(path)) == expected


def test_smoothing_can_be_switched_off_by_false(tmp_path):
    assert dict(read_settings(settings(tmp_path, "smooth = false"))) == {"smooth": "off"}


@pytest.mark.parametrize("model", ["./mine", "models/mine", "../models/mine"])
def test_a_path_of_a_model_counts_from_the_file(tmp_path, model):
    path = settings(tmp_path, f'model = "{model}"')
    assert read_settings(path)["model"] == str(tmp_path / model)


def test_an_absolute_path_of_a_model_stays(tmp_path):
    assert read_settings(settings(tmp_path, 'model = "/models/mine"'))["model"] == "/models/mine"


@pytest.mark.parametrize(("key", "near"), [("modell", "model"), ("batchsize", "batch-size"), ("encoders", "encoder")])
def test_an_unknown_key_names_the_near_match(tmp_path, key, near):
    with pytest.raises(OptionError, match=f"unknown key '{key}'; did you mean '{near}'"):
        read_settings(settings(tmp_path, f"{key} = 1"))


def test_a_key_that_is_like_none_gets_the_list(tmp_path):
    with pytest.raises(OptionError, match=", ".join(KEYS)):
        read_settings(settings(tmp_path, "qqqq = 1"))


@pytest.mark.parametrize("value", ["[1, 2]", "{ a = 1 }", "true", "1979-05-27"])
def test_values_of_other_kinds_are_refused(tmp_path, value):
    with pytest.raises(OptionError, match="crf must be a text or a number"):
        read_settings(settings(tmp_path, f"crf = {value}"))


def test_files_that_are_no_settings(tmp_path):
    with pytest.raises(InputError, match="is not a TOML file"):
        read_settings(settings(tmp_path, "model simpsons"))
    with pytest.raises(InputError, match="is not a TOML file"):
        read_settings(settings(tmp_path, "a = " + "[" * 20_000))
    with pytest.raises(InputError, match="is larger than"):
        read_settings(settings(tmp_path, "#" * (MAX_BYTES + 1)))
    (tmp_path / NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not a TOML file"):
        read_settings(tmp_path / NAME)
    with pytest.raises(InputError):
        read_settings(tmp_path / "gone.toml")
