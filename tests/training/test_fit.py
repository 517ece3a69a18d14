from pathlib import Path

import numpy as np
import pytest

from vidtag.errors import InputError, OptionError, OutputError
from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import network_arrays
from vidtag.training.checkpoints import NAME, Checkpoint, load_checkpoint, save_checkpoint
from vidtag.training.dataset import Example
from vidtag.training.fit import compile_for_training, fit
from vidtag.training.frames import FrameSource
from vidtag.training.mix import FrameMix
from vidtag.training.options import TrainingOptions

SIZE = (32, 48)


@pytest.fixture(scope="module", autouse=True)
def runtime():
    prepare_tensorflow()


def options(**changes):
    given = {"pictures": Path("p"), "output": Path("o"), "epochs": 3, "frames": 16, "batch_size": 8, "input_size": SIZE}
    return TrainingOptions(**given | changes)


def source():
    examples = [
        Example.showing(Path("x"), np.full((40, 30, 3), colour, np.uint8), (column,), 2)
        for column, colour in enumerate(((230, 40, 40), (40, 40, 230)))
    ]
    return FrameSource(examples, [], 2, SIZE, FrameMix(), seed=1)


def network():
    import keras

    keras.utils.set_random_seed(1)
    return build_network("mobilenet-detectors", SIZE, 2, blocks=2, alpha=0.25, stride=4, dropout=0.2)


def run(given, **kwargs):
    trained = network()
    history = fit(trained, source(), given, kwargs.get("measure", lambda _: {"x": 0.5}), lambda line: None)
    return network_arrays(trained), history


class StoppedError(Exception):
    pass


def test_a_run_that_was_stopped_ends_like_an_unbroken_one(tmp_path):
    unbroken, whole = run(options())

    def stop_in_second_epoch(_):
        stop_in_second_epoch.calls += 1
        if stop_in_second_epoch.calls == 2:
            raise StoppedError
        return {"x": 0.5}

    stop_in_second_epoch.calls = 0
    with pytest.raises(StoppedError):
        run(options(checkpoints=tmp_path), measure=stop_in_second_epoch)
    resumed, history = run(options(checkpoints=tmp_path))
    assert [figures.keys() for figures in history] == [figures.keys() for figures in whole]
    assert all(np.allclose(resumed[name], array, atol=1e-6) for name, array in unbroken.items())


def test_a_finished_run_is_not_repeated(tmp_path):
    first, _ = run(options(checkpoints=tmp_path))
    lines = []
    again = network()
    fit(again, source(), options(checkpoints=tmp_path), lambda _: {}, lines.append)
    assert lines == ["going on after epoch 3 of 3"]
    assert all(np.array_equal(array, first[name]) for name, array in network_arrays(again).items())


def test_a_run_with_other_options_is_not_continued(tmp_path):
    run(options(epochs=1, checkpoints=tmp_path))
    with pytest.raises(OptionError, match="other options"):
        run(options(epochs=1, batch_size=4, checkpoints=tmp_path))


def test_a_loss_that_is_no_number_is_one_clear_line(monkeypatch, tmp_path):
    monkeypatch.setattr("keras.Model.train_on_batch", lambda *_, **__: {"loss": float("nan")})
    with pytest.raises(OptionError, match="the loss is nan in epoch 1, step 1: try a lower learning rate"):
        run(options(checkpoints=tmp_path))


def test_frozen_blocks_keep_their_weights():
    given = options(frozen_blocks=1, epochs=1)
    before = network_arrays(network())
    after, _ = run(given)
    moved = {name for name, array in after.items() if not np.array_equal(array, before[name])}
    assert not any(name.startswith(("conv1", "conv_dw_1", "conv_pw_1")) for name in moved)
    assert {"conv_pw_2/kernel", "maps/kernel", "maps/bias"} <= moved


def test_rate_warms_up_and_falls_to_nothing():
    import keras

    trained = compile_for_training(network(), options(frames=800, learning_rate=0.01), keras.Variable(0.0))
    schedule = trained.optimizer._learning_rate
    rates = [float(schedule(step)) for step in range(301)]
    assert rates[0] == pytest.approx(1e-4)
    assert max(rates) == pytest.approx(0.01, rel=0.01)
    assert int(np.argmax(rates)) in range(28, 33)
    assert rates[-1] < 1e-6


def test_checkpoint_comes_back(tmp_path):
    save_checkpoint(tmp_path / "new", Checkpoint(2, {"a": np.ones((2, 3), np.float32)}, "print", ({"loss": 0.5},)))
    loaded = load_checkpoint(tmp_path / "new")
    assert (loaded.epoch, loaded.fingerprint, loaded.history) == (2, "print", ({"loss": 0.5},))
    assert np.array_equal(loaded.arrays["a"], np.ones((2, 3)))
    assert load_checkpoint(tmp_path) is None


def test_a_failed_save_leaves_the_earlier_checkpoint(tmp_path, monkeypatch):
    save_checkpoint(tmp_path, Checkpoint(1, {"a": np.ones(2, np.float32)}, "", ()))

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safetensors.numpy.save_file", full)
    with pytest.raises(OutputError, match="No space left"):
        save_checkpoint(tmp_path, Checkpoint(2, {"a": np.ones(2, np.float32)}, "", ()))
    assert load_checkpoint(tmp_path).epoch == 1
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_what_is_no_checkpoint_is_refused(tmp_path):
    (tmp_path / NAME).write_bytes(b"something else")
    with pytest.raises(InputError, match="not a checkpoint"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"frames": -1},
        {"held_out": 0.9},
        {"frozen_blocks": 14},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"input_size": (8, 48)},
        {"seed": -1},
    ],
)
def test_options_are_checked(wrong):
    with pytest.raises(OptionError, match=next(iter(wrong)).replace("_", " ")):
        options(**wrong)
