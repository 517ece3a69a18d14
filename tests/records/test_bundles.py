import dataclasses
import hashlib
import json
import os
import re
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from vidtag.analysis.calibration import UNCALIBRATED, Calibration
from vidtag.cast import Cast, Character
from vidtag.errors import BundleError, OptionError, OutputError
from vidtag.records.bundles import (
    find_bundle,
    installed_bundles,
    installed_folders,
    load_bundle,
    read_weights,
)
from vidtag.records.bundlewriter import check_bundle_folder, rewrite_table, save_bundle
from vidtag.records.calibrations import ThresholdChoice

ARRAYS = {"conv/kernel": np.arange(6, dtype=np.float16).reshape(2, 3), "conv/bias": np.ones(3, np.float32)}

TEMPERATURE = Calibration(method="temperature", temperature=1.5)
ISOTONIC = Calibration(method="isotonic", curves=(((0.0, 0.1), (0.5, 0.5), (1.0, 1.0)), ((0.0, 0.0), (0.125, 1.0))))
EARLIER = ThresholdChoice(chosen='with "training"', thresholds=np.array([0.5, 0.25], np.float32), calibration=ISOTONIC)


def save(folder, **changes):
    icon = folder.parent / "icon.png"
    folder.parent.mkdir(parents=True, exist_ok=True)
    icon.write_bytes(b"\x89PNG")
    cast = Cast((Character("ada", 'Ada "the first" Lovelace', (1, 2, 3), icon), Character("bob", "Bob")))
    given = {
        "cast": cast,
        "network": "mobilenet-detectors",
        "arguments": {"blocks": 3, "alpha": 0.25, "fast": True, "kind": "small"},
        "input_size": (48, 64),
        "thresholds": np.array([0.3, 0.71], np.float32),
        "licence": "MIT",
        "origin": 'drawn by us \\ with "quotes" and Ünï',
        "accuracy": {"top1": 0.98},
        "arrays": ARRAYS,
        "card": "# card\n",
        "preprocessing": "box-crop",
        "calibration": TEMPERATURE,
        "chosen": "by f1 on 200 pictures",
        "before": (EARLIER,),
    }
    return save_bundle(folder, **given | changes)


@pytest.fixture
def folder(tmp_path):
    return save(tmp_path / "models/show").folder


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A folder of bundles that $VIDTAG_MODELS names, and nothing in the user's data folder."""
    monkeypatch.setenv("VIDTAG_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_what_is_saved_is_loaded(folder):
    bundle = load_bundle(folder)
    assert bundle.name == "show"
    assert bundle.cast.ids == ("ada", "bob")
    assert bundle.cast.characters[0] == Character(
        "ada", 'Ada "the first" Lovelace', (1, 2, 3), folder / "icons/ada.png"
    )
    assert bundle.arguments == {"blocks": 3, "alpha": 0.25, "fast": True, "kind": "small"}
    assert bundle.input_size == (48, 64)
    assert bundle.thresholds.dtype == np.float32
    assert np.array_equal(bundle.thresholds, np.array([0.3, 0.71], np.float32))
    assert (bundle.licence, bundle.origin) == ("MIT", 'drawn by us \\ with "quotes" and Ünï')
    assert bundle.accuracy == {"top1": 0.98}
    assert (bundle.preprocessing, bundle.calibration, bundle.chosen) == (
        "box-crop",
        TEMPERATURE,
        "by f1 on 200 pictures",
    )
    (before,) = bundle.before
    assert (before.chosen, before.calibration, before.thresholds.tolist()) == (
        'with "training"',
        ISOTONIC,
        [0.5, 0.25],
    )
    loaded = read_weights(bundle)
    assert loaded.keys() == ARRAYS.keys()
    assert all(
        np.array_equal(loaded[name], array) and loaded[name].dtype == array.dtype for name, array in ARRAYS.items()
    )
    assert (folder / "MODEL_CARD.md").read_text() == "# card\n"


def test_bundle_is_frozen(folder):
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_bundle(folder).name = "other"


def test_changed_weights_are_refused_with_both_digests(folder):
    expected = load_bundle(folder).sha256
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(BundleError, match=rf"SHA-256 is [0-9a-f]{{16}}…, .* expects {expected[:16]}…; install"):
        load_bundle(folder)


def test_missing_parts_are_named(folder):
    (folder / "weights.safetensors").unlink()
    with pytest.raises(BundleError, match=r"weights\.safetensors cannot be read \(No such file"):
        load_bundle(folder)
    (folder / "bundle.toml").unlink()
    with pytest.raises(BundleError, match=r"holds no bundle\.toml"):
        load_bundle(folder)


HOSTILE = {
    "no toml": (r"(?s).*", "[[["),
    "not utf-8": (r"(?s).*", "\udcff"),
    "newer format": (r"format = 2", "format = 3"),
    "name missing": (r"name = \"show\"\n", ""),
    "name climbs": (r"name = \"show\"", 'name = "../../show"'),
    "name is a number": (r"name = \"show\"", "name = 3"),
    "icon climbs": (r"icons/ada\.png", "../../icon.png"),
    "icon is a list": (r"icon = .*", "icon = [1]"),
    "icon missing": (r"icons/ada\.png", "icons/eve.png"),
    "icon holds a null": (r"icons/ada\.png", r"icons/\\u0000.png"),
    "threshold is no number": (r"threshold = 0\.3", "threshold = nan"),
    "threshold is endless": (r"threshold = 0\.3", "threshold = inf"),
    "threshold is 0": (r"threshold = 0\.3", "threshold = 0"),
    "threshold is 1": (r"threshold = 0\.3", "threshold = 1.0"),
    "threshold is true": (r"threshold = 0\.3", "threshold = true"),
    "threshold missing": (r"threshold = 0\.3", ""),
    "size below": (r"input_size = .*", "input_size = [-48, 64]"),
    "size above": (r"input_size = .*", "input_size = [100000, 100000]"),
    "size is endless": (r"input_size = .*", "input_size = [48, inf]"),
    "size of three": (r"input_size = .*", "input_size = [48, 64, 3]"),
    "size is text": (r"input_size = .*", 'input_size = "48x64"'),
    "nobody": (r"(?s)\[\[character\]\].*", ""),
    "characters are numbers": (r"(?s)\[arguments\].*", "character = [1, 2]\n[arguments]\n[accuracy]"),
    "same id twice": (r"id = \"bob\"", 'id = "ada"'),
    "id climbs": (r"id = \"bob\"", 'id = "../bob"'),
    "colour out of range": (r"colour = \[1, 2, 3\]", "colour = [1, 2, 300]"),
    "colour is text": (r"colour = \[1, 2, 3\]", 'colour = "red"'),
    "name of nobody": (r"name = \"Bob\"", 'name = ""'),
    "digest is short": (r"sha256 = .*", 'sha256 = "abc"'),
    "digest is a number": (r"sha256 = .*", "sha256 = 12"),
    "arguments are a list": (r"(?s)\[arguments\].*?\[accuracy\]", "arguments = []\n[accuracy]"),
    "argument is a table": (r"\"blocks\" = 3", '"blocks" = {a = 1}'),
    "accuracy is text": (r"\"top1\" = .*", '"top1" = "good"'),
    "accuracy is no number": (r"\"top1\" = .*", '"top1" = nan'),
    "threshold is above all": (r"threshold = 0\.3", "threshold = 1" + "0" * 400),
    "threshold has too many digits": (r"threshold = 0\.3", "threshold = 0x" + "f" * 9000),
    "accuracy is above all": (r"\"top1\" = .*", '"top1" = 1' + "0" * 400),
    "accuracy is true": (r"\"top1\" = .*", '"top1" = true'),
    "accuracy is called in colour": (r"\"top1\" = .*", r'"\\u001b[31mtop1" = 1'),
    "argument is above all": (r"\"blocks\" = .*", '"blocks" = 0x' + "f" * 9000),
    "argument is no word": (r"\"blocks\" = .*", r'"a\\nb" = 1'),
    "argument is several lines": (r"\"kind\" = .*", r'"kind" = "a\\nb"'),
    "licence is several lines": (r"licence = .*", r'licence = "MIT\\nnote: all is well"'),
    "licence is empty": (r"licence = .*", 'licence = ""'),
    "origin holds escapes": (r"origin = .*", r'origin = "\\u001b[2Jours"'),
    "origin is endless": (r"origin = .*", f'origin = "{"x" * 5000}"'),
    "id is endless": (r"id = \"bob\"", f'id = "{"x" * 5000}"'),
    "network is a path": (r"network = .*", 'network = "../evil"'),
    "preprocessing is a path": (r"preprocessing = .*", 'preprocessing = "../evil"'),
    "preprocessing is a number": (r"preprocessing = .*", "preprocessing = 3"),
    "chosen is several lines": (r"chosen = .*", r'chosen = "a\\nb"'),
    "calibration is a number": (
        r"(?s)\[arguments\](.*)\[calibration\].*?\[\[char",
        r"calibration = 3\n[arguments]\1[[char",
    ),
    "method is unknown": (r'method = "temperature"', 'method = "magic"'),
    "method is a number": (r'method = "temperature"', "method = 3"),
    "method has other figures": (r'method = "temperature"', 'method = "none"'),
    "curves are missing": (r'method = "temperature"\ntemperature = .*', 'method = "isotonic"'),
    "temperature is no number": (r"temperature = 1.5", "temperature = nan"),
    "temperature is 0": (r"temperature = 1.5", "temperature = 0"),
    "temperature is below": (r"temperature = 1.5", "temperature = -1.0"),
    "temperature is above all": (r"temperature = 1.5", "temperature = 1" + "0" * 400),
    "temperature is true": (r"temperature = 1.5", "temperature = true"),
    "a curve too few": (r"  \[\[0.0, 0.1\], .*\n", ""),
    "knot is a number": (r"\[0.0, 0.1\]", "0.1"),
    "knot of three": (r"\[0.0, 0.1\]", "[0.0, 0.1, 0.2]"),
    "knot is no number": (r"\[0.0, 0.1\]", "[0.0, nan]"),
    "knot is true": (r"\[0.0, 0.1\]", "[0.0, true]"),
    "knot is outside": (r"\[0.0, 0.1\]", "[-0.5, 0.1]"),
    "curve falls": (r"\[0.0, 0.1\]", "[0.0, 0.6]"),
    "curve goes back": (r"\[0.0, 0.1\]", "[0.5, 0.1]"),
    "curve has one knot": (r"\[\[0.0, 0.1\], .*", "[[0.0, 0.1]],"),
    "curve has too many knots": (r"\[\[0.0, 0.1\], .*", f"{[[k / 2000, 0.5] for k in range(1001)]},"),
    "before is a table": (r"(?s)\[\[before\]\].*", "[before]\n"),
    "before are numbers": (r"(?s)\A(.*)\[\[before\]\].*", r"before = [1, 2]\n\1"),
    "before without thresholds": (r"thresholds = .*", ""),
    "before is of others": (r"thresholds = .*", "thresholds = [0.5]"),
    "before is no number": (r"thresholds = .*", "thresholds = [0.5, nan]"),
    "before is text": (r"thresholds = .*", 'thresholds = [0.5, "x"]'),
    "before is often": (r"(?s)\Z", '[[before]]\nchosen = "x"\nthresholds = [0.5, 0.5]\n' * 20),
    "deep": (r"(?s).*", "x = " + "[" * 100_000),
    "long": (r"(?s)\Z", "#" * 5_000_000),
}


@pytest.mark.parametrize(("pattern", "replacement"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_table_is_one_clear_line(folder, pattern, replacement):
    table = folder / "bundle.toml"
    changed = re.sub(pattern, replacement, table.read_text("utf-8"), count=1)
    assert changed != table.read_text("utf-8")
    table.write_text(changed, "utf-8", errors="surrogateescape")
    with pytest.raises(BundleError) as caught:
        load_bundle(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_plain_table_needs_no_new_vidtag_and_an_old_table_is_read_as_before(tmp_path):
    facts = {"preprocessing": "pad", "calibration": UNCALIBRATED, "before": ()}
    folder = save(tmp_path / "models/show", **facts).folder
    table = folder / "bundle.toml"
    assert table.read_text("utf-8").startswith("format = 1\n")
    old = re.sub(r"(?m)^(preprocessing|chosen) = .*\n", "", table.read_text("utf-8"))
    table.write_text(old, "utf-8")
    bundle = load_bundle(folder)
    assert (bundle.preprocessing, bundle.calibration, bundle.before) == ("pad", UNCALIBRATED, ())


@pytest.mark.parametrize("changes", [{"preprocessing": "pad"}, {"calibration": UNCALIBRATED}])
def test_a_vidtag_that_would_score_otherwise_refuses_the_table(tmp_path, changes):
    folder = save(tmp_path / "models/show", **changes).folder
    assert (folder / "bundle.toml").read_text("utf-8").startswith("format = 2\n")


def test_a_rewritten_table_keeps_everything_else(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "bundle.toml"}
    bundle = load_bundle(folder)
    thresholds = np.array([0.125, 0.5], np.float32)
    written = rewrite_table(dataclasses.replace(bundle, thresholds=thresholds, calibration=ISOTONIC, before=()))
    assert (written.thresholds.tolist(), written.calibration, written.before) == ([0.125, 0.5], ISOTONIC, ())
    assert (written.sha256, written.origin, written.cast) == (bundle.sha256, bundle.origin, bundle.cast)
    assert {path: path.read_bytes() for path in before} == before
    assert {path.name for path in folder.iterdir()} == {*(path.name for path in before if path.parent == folder)} | {
        "bundle.toml",
        "icons",
    }


def test_a_table_that_cannot_be_written_stays(folder, monkeypatch):
    old = (folder / "bundle.toml").read_bytes()
    monkeypatch.setattr("vidtag.renaming.os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OutputError, match=r"bundle\.toml cannot be written \(full\)"):
        rewrite_table(dataclasses.replace(load_bundle(folder), origin="elsewhere"))
    assert (folder / "bundle.toml").read_bytes() == old


def with_weights(folder, data):
    """Give the bundle with other weights, whose digest it states."""
    bundle = load_bundle(folder)
    bundle.weights.write_bytes(data)
    return dataclasses.replace(bundle, sha256=hashlib.sha256(data).hexdigest())


def test_weights_that_change_behind_the_check_are_refused(folder):
    bundle = load_bundle(folder)
    changed = bytearray(bundle.weights.read_bytes())
    changed[-1] ^= 1
    bundle.weights.write_bytes(changed)
    with pytest.raises(BundleError, match="was changed"):
        read_weights(bundle)


def test_weights_that_are_no_safetensors_are_refused(folder):
    bundle = with_weights(folder, b"\x80\x04pickle")
    with pytest.raises(BundleError, match="not a safetensors file"):
        read_weights(bundle)


def safetensors_of(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


@pytest.mark.parametrize("kind", ["BF16", "F8_E4M3", "F8_E5M2", "F4", "nonsense\n"])
def test_weights_of_types_that_numpy_lacks_are_refused(folder, kind):
    data = safetensors_of({"a": {"dtype": kind, "shape": [4], "data_offsets": [0, 8]}}, bytes(8))
    bundle = with_weights(folder, data)
    with pytest.raises(BundleError, match="not a safetensors file of float16 or float32") as caught:
        read_weights(bundle)
    assert "\n" not in str(caught.value)


def test_weights_with_names_that_cannot_be_shown_are_refused(folder):
    entry = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    bundle = with_weights(folder, safetensors_of({"\x1b[31m": entry}, bytes(4)))
    with pytest.raises(BundleError, match="expected printable names"):
        read_weights(bundle)


def test_a_pipe_in_the_place_of_the_weights_is_refused(folder):
    (folder / "weights.safetensors").unlink()
    os.mkfifo(folder / "weights.safetensors")
    with pytest.raises(BundleError, match="is not a file"):
        load_bundle(folder)


def test_an_icon_that_links_to_itself_is_refused(folder):
    (folder / "icons/ada.png").unlink()
    (folder / "icons/ada.png").symlink_to(folder / "icons/ada.png")
    with pytest.raises(BundleError):
        load_bundle(folder)


def test_an_existing_bundle_is_kept_unless_told(folder):
    before = (folder / "bundle.toml").read_bytes()
    with pytest.raises(OutputError, match="--overwrite"):
        save(folder)
    assert (folder / "bundle.toml").read_bytes() == before
    save(folder, licence="CC0", overwrite=True)
    assert load_bundle(folder).licence == "CC0"
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == ["show"]


def test_a_bundle_can_replace_itself_and_keeps_its_icons(folder):
    save(folder, cast=load_bundle(folder).cast, overwrite=True)
    assert (folder / "icons/ada.png").read_bytes() == b"\x89PNG"


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_bundle_that_was_being_replaced_by_a_killed_run_is_the_old_or_the_new_one(folder, renames, monkeypatch):
    class KilledError(BaseException):
        pass

    real, left, before = Path.rename, [renames], load_bundle(folder).licence

    def rename(self, target):
        if not left[0]:
            raise KilledError
        left[0] -= 1
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        patch.setattr("shutil.rmtree", lambda *_, **__: None)
        if renames < 2:
            with pytest.raises(KilledError):
                save(folder, licence="CC0", overwrite=True)
        else:
            save(folder, licence="CC0", overwrite=True)
    check_bundle_folder(folder, overwrite=True)
    assert load_bundle(folder).licence == ("CC0" if renames == 2 else before)
    save(folder, licence="MIT", overwrite=True)
    assert load_bundle(folder).licence == "MIT"
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_replacing_a_bundle_keeps_what_others_put_there(folder):
    (folder / "icons/notes.txt").write_text("mine")
    save(folder, overwrite=True)
    assert (folder / "icons/notes.txt").read_text() == "mine"
    load_bundle(folder)


def test_a_folder_that_holds_only_icons_becomes_a_bundle(tmp_path):
    (tmp_path / "show/icons").mkdir(parents=True)
    (tmp_path / "show/icons/ada.png").write_bytes(b"old")
    assert (save(tmp_path / "show", overwrite=True).folder / "icons/ada.png").read_bytes() == b"\x89PNG"


def test_a_folder_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/1.jpg").touch()
    with pytest.raises(OutputError, match="not a model bundle"):
        save(tmp_path / "photos", overwrite=True)
    assert (tmp_path / "photos/1.jpg").exists()


def test_a_failed_save_leaves_nothing(tmp_path):
    cast = Cast((Character("ada", "Ada", icon=tmp_path / "gone.png"), Character("bob", "Bob")))
    with pytest.raises(OutputError, match=r"gone\.png"):
        save(tmp_path / "models/show", cast=cast)
    with pytest.raises(OptionError, match="thresholds"):
        save(tmp_path / "models/show", thresholds=np.array([0.5, np.nan], np.float32))
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["icon.png"]


def test_a_full_disk_is_said_in_plain_words(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(OutputError, match=r"show cannot be written \(No space left on device\); make room"):
        save(tmp_path / "models/show")
    assert not [path for path in (tmp_path / "models").iterdir() if path.suffix != ".png"]


def test_a_target_inside_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        check_bundle_folder(tmp_path / "file/show", overwrite=False)


@pytest.mark.parametrize("name", ["my show", ".hidden", "a" * 65, "-x"])
def test_a_target_needs_a_name_for_a_model(tmp_path, name):
    with pytest.raises(OptionError, match="a model's name must be"):
        check_bundle_folder(tmp_path / name, overwrite=False)


def test_bundles_are_found_by_path_and_by_name(places, folder):
    assert find_bundle(folder).folder == folder
    assert find_bundle(str(folder)).folder == folder
    assert find_bundle("show").folder == folder


def test_earlier_places_come_first(places, folder):
    user = places / "data/vidtag/models/show"
    shutil.copytree(folder, user)
    shutil.copytree(folder, user.with_name("mine"))
    assert installed_folders()["show"] == folder
    assert installed_folders()["mine"] == user.with_name("mine")
    assert {"mine", "show"} <= {bundle.folder.name for bundle in installed_bundles()}


def test_damaged_and_hidden_bundles_are_not_listed(places, folder):
    shutil.copytree(folder, folder.with_name(".show-part"))
    shutil.copytree(folder, folder.with_name("broken"))
    (folder.with_name("broken") / "weights.safetensors").write_bytes(b"")
    names = [bundle.folder.name for bundle in installed_bundles()]
    assert "show" in names
    assert ".show-part" not in installed_folders()
    assert "broken" not in names
    assert "broken" in installed_folders()


@pytest.mark.parametrize("hostile", ["threshold is above all", "accuracy is above all"])
def test_a_hostile_bundle_does_not_hide_the_others(places, folder, hostile):
    shutil.copytree(folder, folder.with_name("hostile"))
    table = folder.with_name("hostile") / "bundle.toml"
    table.write_text(re.sub(*HOSTILE[hostile], table.read_text("utf-8"), count=1), "utf-8")
    names = [bundle.folder.name for bundle in installed_bundles()]
    assert "show" in names
    assert "hostile" not in names


def test_an_unknown_name_gives_the_near_match(places, folder):
    with pytest.raises(BundleError, match=r"no model is called 'shwo'; did you mean 'show'\? A folder with"):
        find_bundle("shwo")
    with pytest.raises(BundleError, match=r"no model is called 'zebra'; installed: .*show.*\. A folder with"):
        find_bundle("zebra")


@pytest.mark.parametrize("name", ["", ".", "..", "../show", "/nowhere/show", "models/none", "~", "a\0b"])
def test_what_is_neither_path_nor_name_is_refused(places, name):
    with pytest.raises(BundleError):
        find_bundle(name)
