import numpy as np
import pytest
from safetensors.numpy import save

from vidtag.errors import InputError, OutputError
from vidtag.training.checkpoints import (
    NAME,
    Checkpoint,
    CheckpointKeeper,
    Progress,
    load_checkpoint,
    save_checkpoint,
)


def some(epoch=2):
    losses, history = [0.1, 1 / 3], [{"loss": 0.5}, {"loss": 0.25}]
    progress = Progress(
        stage=1, epoch=epoch, step=2, losses=losses, history=history, best={"b": np.ones(1, np.float32)}
    )
    return Checkpoint(progress, {"a": np.ones((2, 3), np.float32), "chance/0": np.array([1, 2], np.uint32)}, "data")


def test_checkpoint_comes_back(tmp_path):
    save_checkpoint(tmp_path, some())
    loaded = load_checkpoint(tmp_path)
    for name in ("stage", "epoch", "step", "losses", "history"):
        assert getattr(loaded.progress, name) == getattr(some().progress, name)
    assert loaded.data == "data"
    assert np.array_equal(loaded.progress.best["b"], np.ones(1))
    for name, array in some().arrays.items():
        assert loaded.arrays[name].dtype == array.dtype
        assert np.array_equal(loaded.arrays[name], array)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_there_is_none_before_the_first(tmp_path):
    assert load_checkpoint(tmp_path) is None
    assert CheckpointKeeper(None).load() is None


def test_a_failed_save_leaves_the_earlier_checkpoint(tmp_path, monkeypatch):
    save_checkpoint(tmp_path, some(epoch=1))
    before = (tmp_path / NAME).read_bytes()

    def full(path, data):
        with path.open("wb") as file:
            file.write(data[:20])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    said = r"No space left on device\); make room .*; the earlier checkpoint is whole"
    with pytest.raises(OutputError, match=said):
        CheckpointKeeper(tmp_path, data="data").save(some().progress, some().arrays)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert (tmp_path / NAME).read_bytes() == before


def test_a_disk_that_is_full_from_the_start_is_not_said_to_hold_a_checkpoint(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OutputError, match=r"make room .*; no checkpoint is kept yet$"):
        CheckpointKeeper(tmp_path).save(some().progress, some().arrays)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"something else", b"\x08\0\0\0\0\0\0\0{}      "])
def test_what_is_no_checkpoint_is_refused(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(InputError, match="not a checkpoint"):
        load_checkpoint(tmp_path)


def test_facts_that_are_nested_too_deeply_are_refused(tmp_path):
    (tmp_path / NAME).write_bytes(save({"state/a": np.zeros(1)}, metadata={"facts": "[" * 100_000}))
    with pytest.raises(InputError, match="not a checkpoint"):
        load_checkpoint(tmp_path)


def test_a_checkpoint_is_due_after_its_time(tmp_path):
    assert CheckpointKeeper(tmp_path, seconds=0.0).due
    assert not CheckpointKeeper(tmp_path, seconds=1000.0).due
    assert not CheckpointKeeper(None, seconds=0.0).due
