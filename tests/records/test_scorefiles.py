import io
import json
import zipfile
from fractions import Fraction

import numpy as np
import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st
from score_recipes import make_scores

from vidtag.errors import InputError, LimitError, OutputError
from vidtag.records import scorefiles
from vidtag.records.scorefiles import load_scores, save_scores


@pytest.fixture
def saved(tmp_path):
    return save_scores(make_scores(), tmp_path / "episode.scores.npz")


def rewrite(path, **changes):
    """Write a score file again with some arrays replaced, or left out if None."""
    with np.load(path) as archive:
        arrays = dict(archive) | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def rewrite_meta(path, **changes):
    with np.load(path) as archive:
        meta = json.loads(str(archive["meta"])) | changes
    text = json.dumps({key: value for key, value in meta.items() if value is not None})
    return rewrite(path, meta=np.array(text))


@THOROUGH
@given(
    rate=st.sampled_from(["4", "2.5", "24000/1001"]),
    start=st.fractions(0, 100, max_denominator=1001),
    length=st.fractions(Fraction(1, 10), 5, max_denominator=1001),
    to_end=st.booleans(),
)
def test_a_score_file_gives_the_same_scores_again(tmp_path_factory, rate, start, length, to_end):
    path = tmp_path_factory.mktemp("scores") / "a.npz"
    scores = make_scores(rate=rate, start=start, end=start + length, to_end=to_end, thresholds=[0.25, 0.75])
    again = load_scores(save_scores(scores, path))
    assert np.array_equal(again.values, scores.values)
    assert np.array_equal(again.times, scores.times)
    assert np.array_equal(again.thresholds, scores.thresholds)
    assert again.cast.ids == scores.cast.ids
    assert again.provenance == scores.provenance  # Fractions come back exact
    assert again.timeline() == scores.timeline()


def test_the_arrays_are_as_documented(saved):
    with np.load(saved, allow_pickle=False) as archive:
        assert {name: (archive[name].shape, archive[name].dtype.kind) for name in archive.files} == {
            "values": ((12, 2), "f"),
            "times": ((12,), "f"),
            "characters": ((2,), "U"),
            "thresholds": ((2,), "f"),
            "meta": ((), "U"),
        }
        assert archive["values"].dtype == np.float32
        assert archive["times"].dtype == np.float64
        assert archive["times"][0] == 0.125
        assert archive["characters"].tolist() == ["anna", "ben"]
        meta = json.loads(str(archive["meta"]))
    assert (meta["rate"], meta["duration"], meta["source"], meta["size"]) == ("4", 3.0, "episode.mp4", 123_456)
    assert {"model", "digest", "fingerprint", "version"} <= meta.keys()


def test_an_existing_file_is_kept_unless_told_otherwise(saved):
    with pytest.raises(OutputError, match="--overwrite"):
        save_scores(make_scores(end="1"), saved)
    save_scores(make_scores(end="1"), saved, overwrite=True)
    assert load_scores(saved).values.shape == (4, 2)


def test_a_failure_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(KeyboardInterrupt):
        save_scores(make_scores(), tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_score_files(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load_scores(tmp_path / "none.npz")
    with pytest.raises(InputError, match="is not a file"):
        load_scores(tmp_path)
    (tmp_path / "empty.npz").touch()
    (tmp_path / "text.npz").write_text("text")
    np.save(tmp_path / "single.npy", np.zeros(3))
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    for name in ("empty.npz", "text.npz", "single.npy", "other.npz"):
        with pytest.raises(InputError, match="is not a score file"):
            load_scores(tmp_path / name)


@pytest.mark.parametrize("name", ["values", "times", "characters", "thresholds", "meta"])
def test_every_array_is_needed(saved, name):
    with pytest.raises(InputError, match="is not a score file"):
        load_scores(rewrite(saved, **{name: None}))


@pytest.mark.parametrize("name", ["values", "characters", "meta"])
def test_pickles_are_never_opened(saved, name):
    trap = np.array([{"a": 1}], dtype=object)
    with pytest.raises(InputError, match="is not a score file"):
        load_scores(rewrite(saved, **{name: trap}))


@pytest.mark.parametrize(
    "changes",
    [
        {"values": np.full((12, 2), 2, np.float32)},
        {"values": np.full((12, 2), np.nan, np.float32)},
        {"values": np.zeros((12, 2), np.float64)},
        {"values": np.zeros((11, 2), np.float32)},
        {"values": np.zeros((12, 3), np.float32)},
        {"thresholds": np.zeros(3, np.float32)},
        {"characters": np.array(["anna", "anna"])},
        {"characters": np.array(["anna", "../ben"])},
        {"characters": np.array("anna")},
        {"meta": np.array("no JSON")},
        {"meta": np.array("[]")},
        {"meta": np.array("{}")},
        {"meta": np.array("[" * 200_000)},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_contents_that_do_not_agree_are_refused(saved, changes):
    with pytest.raises(InputError, match=r"episode\.scores\.npz"):
        load_scores(rewrite(saved, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 3},
        {"format": None},
        {"rate": "0"},
        {"rate": "fast"},
        {"rate": 4},
        {"rate": None},
        {"rate": "1/0"},
        {"end": "0"},
        {"end": "1" * 900},
        {"rate": "1e999999999"},
        {"rate": "241"},
        {"origin": "1e999999999"},
        {"start": "1e-999999999"},
        {"end": "1e999999999"},
        {"frames": "many"},
        {"frames": 0},
        {"frames": -1},
        {"frames": 1.5},
        {"frames": True},
        {"size": -1},
        {"size": 10**400},
        {"source": 7},
        {"source": "x" * 2000},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_meta_that_makes_no_sense_is_refused(saved, changes):
    with pytest.raises(InputError, match=r"episode\.scores\.npz"):
        load_scores(rewrite_meta(saved, **changes))


def test_a_file_that_unpacks_to_too_much_is_a_limit(saved, monkeypatch):
    monkeypatch.setattr(scorefiles, "MAX_BYTES", 1000)
    with pytest.raises(LimitError, match="the limit"):
        load_scores(saved)


def test_an_array_that_claims_to_be_huge_is_refused(saved):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**13, 2)})
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(saved, "w") as archive:
        for name, data in (members | {"values.npy": header.getvalue()}).items():
            archive.writestr(name, data)
    with pytest.raises(InputError, match="is not a score file"):
        load_scores(saved)


@THOROUGH
@given(st.data())
def test_damaged_files_are_refused_or_read_but_never_crash(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damaged") / "a.npz"
    content = bytearray(save_scores(make_scores(), path).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))] if data.draw(st.booleans()) else content)
    try:
        load_scores(path)
    except InputError as error:
        assert str(path) in str(error)  # noqa: PT017
