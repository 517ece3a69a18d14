"""Files of our own formats by strangers: refused in one line, nothing run, nothing read outside, in little room."""

import json
import pickle
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from episode_recipes import run_vidtag
from score_recipes import make_scores

from vidtag.errors import BundleError, InputError, LimitError
from vidtag.overlay.icons import MAX_ICON_SIDE_PX
from vidtag.records.bundles import load_bundle, read_weights
from vidtag.records.intervals import read_intervals
from vidtag.records.scorefiles import load_scores, save_scores

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from oddmedia.checking import run_vidtag as ask_vidtag
from oddmedia.hostile import black_png

pytest_plugins = "episode_fixtures"


class Canary:
    """Whoever unpickles it, runs it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def scores_with(folder, **files):
    """Write a score file some of whose members are other bytes."""
    path = save_scores(make_scores(), folder / "a.npz")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (members | files).items():
            archive.writestr(name, content)
    return path


def npy(header, content=b""):
    text = (header + "\n").encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + content


HEADERS = {
    "negative shape": "{'descr': '<f4', 'fortran_order': False, 'shape': (-12, 2)}",
    "huge shape": "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 2)}",
    "huge product": "{'descr': '<f4', 'fortran_order': False, 'shape': (3037000500, 3037000500)}",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (12, 2)}",
    "code": "__import__('os').system('touch canary')",
    "deep": "(" * 5000 + ")" * 5000,
    "text instead of numbers": "{'descr': '<U4', 'fortran_order': False, 'shape': (1,)}",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_arrays_of_hostile_headers_are_refused(tmp_path, monkeypatch, header):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        load_scores(scores_with(tmp_path, **{"values.npy": npy(header, bytes(96))}))
    assert not Path("canary").exists()


def test_a_pickle_in_a_score_file_is_not_opened(tmp_path):
    canary = tmp_path / "canary"
    pickled = npy(HEADERS["objects"], pickle.dumps(Canary(canary)))
    for name in ("values.npy", "meta.npy", "characters.npy"):
        with pytest.raises(InputError):
            load_scores(scores_with(tmp_path, **{name: pickled}))
        (tmp_path / "a.npz").unlink()
    assert not canary.exists()


def test_a_zip_bomb_is_a_limit(tmp_path):
    path = scores_with(tmp_path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb.npy", "w", force_zip64=True) as member,
    ):
        for _ in range(1100):
            member.write(bytes(1_000_000))
    assert path.stat().st_size < 2_000_000
    with pytest.raises(LimitError, match="unpacks to"):
        load_scores(path)


def test_names_that_climb_are_never_unpacked(tmp_path):
    (tmp_path / "in").mkdir()
    path = scores_with(tmp_path / "in", **{"../canary.npy": b"x", "/tmp/vidtag-canary.npy": b"x"})
    load_scores(path)
    assert not (tmp_path / "canary.npy").exists()
    assert not Path("/tmp/vidtag-canary.npy").exists()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 1.5])
def test_scores_that_are_none_are_refused(tmp_path, value):
    values = np.full((12, 2), 0.5, np.float32)
    values[3, 1] = value
    content = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (12, 2)}", values.tobytes())
    with pytest.raises(InputError):
        load_scores(scores_with(tmp_path, **{"values.npy": content}))


def test_a_deep_description_is_refused(tmp_path):
    path = save_scores(make_scores(), tmp_path / "a.npz")
    with np.load(path, allow_pickle=False) as archive:
        arrays = dict(archive) | {"meta": np.array("[" * 200_000)}
    np.savez_compressed(path, **arrays)
    with pytest.raises(InputError):
        load_scores(path)


WEIGHTS = {
    "a pickle": lambda canary: pickle.dumps(Canary(canary)),
    "a header beyond the file": lambda _: struct.pack("<Q", 1 << 40) + b"{}",
    "a header of negative length": lambda _: struct.pack("<q", -1) + b"{}",
    "offsets beyond the file": lambda _: header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 1 << 40]}}),
    "a shape that does not fit": lambda _: header({"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 4]}}, 4),
    "a negative shape": lambda _: header({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, 4),
    "a huge shape": lambda _: header({"a": {"dtype": "F32", "shape": [1 << 62, 4], "data_offsets": [0, 4]}}, 4),
    "a type that is none": lambda _: header({"a": {"dtype": "O", "shape": [1], "data_offsets": [0, 4]}}, 4),
    "a deep header": lambda _: struct.pack("<Q", 100_000) + b"[" * 100_000,
}


def header(table, content=0):
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + bytes(content)


@pytest.mark.parametrize("make", WEIGHTS.values(), ids=WEIGHTS)
def test_weights_of_hostile_content_are_refused_though_their_digest_is_right(models, tmp_path, make):
    import hashlib
    import re
    import shutil

    folder = shutil.copytree(models / "colours", tmp_path / "colours")
    content = make(tmp_path / "canary")
    (folder / "weights.safetensors").write_bytes(content)
    table = folder / "bundle.toml"
    digest = hashlib.sha256(content).hexdigest()
    table.write_text(re.sub(r'sha256 = ".*"', f'sha256 = "{digest}"', table.read_text()))
    with pytest.raises(BundleError):
        read_weights(load_bundle(folder))
    assert not (tmp_path / "canary").exists()


def test_an_icon_that_is_a_bomb_is_refused_before_it_is_decoded(models, tmp_path, episode):
    import shutil

    folder = shutil.copytree(models / "colours", tmp_path / "colours")
    (icon,) = (folder / "icons").iterdir()
    icon.write_bytes(black_png(16_000))
    assert MAX_ICON_SIDE_PX < 16_000
    result = run_vidtag("annotate", episode, "-o", tmp_path / "t.mkv", "--model", folder)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (3, "", 1)
    assert f"at most {MAX_ICON_SIDE_PX} px a side" in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_picture_that_is_a_bomb_is_refused_in_little_room(models, tmp_path):
    (tmp_path / "bomb.png").write_bytes(black_png(16_000))
    answer = ask_vidtag("predict", tmp_path / "bomb.png", "--model", models / "colours")
    assert answer.code == 3
    (said,) = answer.lines
    assert "bomb.png cannot be read (DecompressionBombError)" in said
    assert answer.memory_mb < 300  # the picture alone would take 768


TABLES = {
    "deep": "a = " + "[" * 20_000,
    "deep keys": ".".join(["a"] * 20_000) + " = 1",
    "too many digits": "crf = 1" + "0" * 20_000,
    "nan": "rate = nan",
    "a date": "crf = 1979-05-27",
    "a table for a value": "[model]\nname = 'x'",
    "another key": "exec = 'rm -rf /'",
    "limits": "limits = 'hours=9999'",
    "a null": "model = '\0'",
    "no text": "\udcff",
    "large": "#" * 100_000,
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_settings_of_hostile_content_are_refused(tmp_path, vidtag, episode, text):
    path = episode.parent / "vidtag.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = vidtag("annotate", episode, "-o", tmp_path / "t.mkv")
    assert result.code in (2, 3), result
    assert result.err.count("\n") == 1
    assert "internal error" not in result.err
    assert not (tmp_path / "t.mkv").exists()


ROWS = {
    "no interval": "film.mp4,anna,5,1,present",
    "nan": "film.mp4,anna,nan,1,present",
    "a huge time": "film.mp4,anna,0,1e400,present",
    "a formula": '=cmd|"/c calc"!A0,anna,0,1,present',
    "a name that climbs": "../../../../etc/passwd\0,anna,0,1,present",
    "an id that climbs": "film.mp4,../anna,0,1,present",
    "another state": "film.mp4,anna,0,1,perhaps",
    "a field of a megabyte": "film.mp4," + "a" * 1_000_000 + ",0,1,present",
    "a quote that never ends": '"film.mp4,anna,0,1,present' + "\n" * 1000,
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_labels_of_hostile_content_are_refused(tmp_path, row):
    (tmp_path / "film.mp4").touch()
    path = tmp_path / "labels.csv"
    path.write_text(f"clip,character,start,end,state\n{row}\n")
    with pytest.raises(InputError) as caught:
        read_intervals(path)
    assert len(str(caught.value)) < 2000
