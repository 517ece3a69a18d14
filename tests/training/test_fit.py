import contextlib
from pathlib import Path

import numpy as np
import pytest
from training_recipes import SIZE, small_options, small_source

from vidtag.errors import InputError, OptionError
from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import network_arrays
from vidtag.training.batches import Batch
from vidtag.training.checkpoints import CheckpointKeeper, load_checkpoint
from vidtag.training.features import cache_features
from vidtag.training.fit import Surroundings, fit
from vidtag.training.learner import Learner
from vidtag.training.objective import class_loss, squared_loss
from vidtag.training.optimizer import make_optimizer


@pytest.fixture(scope="module", autouse=True)
def runtime():
    """Run each operation by itself: making graphs would take longer than these few steps do."""
    tensorflow = prepare_tensorflow()
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


def network(given):
    import keras

    keras.utils.set_random_seed(1)
    return build_network(given.network, SIZE, 2, **given.arguments)


def run(given, folder=None, *, measure=lambda _: {"x": 0.5}, watch=lambda _: None, data="", say=None, source=None):
    """Train; give the weights and the history."""
    trained = network(given)
    keeper = CheckpointKeeper(folder, given.save_seconds, data)
    lines = [] if say is None else say
    around = Surroundings(measure=measure, report=lines.append, watch=watch, keeper=keeper)
    history = fit(trained, source or small_source(), given, around)
    return network_arrays(trained), history


class StoppedError(Exception):
    pass


def stop_after(steps):
    """Give a watch that ends a run, as a kill would, when some steps of this part are done."""
    left = iter(range(steps - 1))

    def watch(_):
        if next(left, None) is None:
            raise StoppedError

    return watch


def test_a_run_that_was_stopped_at_any_steps_ends_like_an_unbroken_one(tmp_path):
    figures = iter([0.3, 0.5, 0.4, 0.3, 0.5, 0.4])

    def measure(_):
        return {"all_f1": next(figures)}

    given = small_options(frames=32, early_stop=5, save_seconds=0.0, stages=((1, 1),), epochs=2)
    unbroken, whole = run(given, measure=measure)
    for steps in (2, 3, 4):  # in the stage of features, at the end of an epoch, and in the next stage
        with pytest.raises(StoppedError):
            run(given, tmp_path, measure=measure, watch=stop_after(steps))
    resumed, history = run(given, tmp_path, measure=measure)
    assert history == whole
    assert all(np.array_equal(resumed[name], array) for name, array in unbroken.items())


def test_a_finished_run_is_not_repeated(tmp_path):
    first, _ = run(small_options(), tmp_path)
    lines = []
    again, _ = run(small_options(), tmp_path, say=lines, watch=stop_after(1))
    assert lines == ["going on after epoch 3 of 3"]
    assert all(np.array_equal(array, first[name]) for name, array in again.items())


def test_a_run_with_other_pictures_is_not_continued(tmp_path):
    run(small_options(epochs=1), tmp_path, data="these")
    with pytest.raises(InputError, match=r"the pictures are not those that the run .* began with"):
        run(small_options(epochs=1), tmp_path, data="others")


def test_a_checkpoint_of_another_network_is_refused(tmp_path):
    run(small_options(epochs=1), tmp_path)
    with pytest.raises(InputError, match=r"the checkpoint is of another network: .*conv_dw_2"):
        run(small_options(epochs=1, arguments={"blocks": 1, "alpha": 0.25}), tmp_path)


def test_a_loss_that_is_no_number_is_one_clear_line_and_harms_no_checkpoint(monkeypatch, tmp_path):
    run(small_options(epochs=1), tmp_path)
    before = (tmp_path / "checkpoint.safetensors").read_bytes()
    monkeypatch.setattr(Learner, "step", lambda *_: float("nan"))
    said = r"the loss is nan in epoch 2, step 1, at the learning rate .*: begin a new run with a lower --learning-rate"
    with pytest.raises(OptionError, match=said):
        run(small_options(epochs=2, save_seconds=0.0), tmp_path)
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == before


@pytest.mark.parametrize("save_seconds", [0.0, 1000.0])
def test_weights_that_are_no_numbers_are_never_saved(monkeypatch, tmp_path, save_seconds):
    run(small_options(epochs=1), tmp_path)
    before = (tmp_path / "checkpoint.safetensors").read_bytes()

    def lose_a_weight(learner, *_):
        kernel = learner.network.trainable_weights[0]
        kernel.assign(np.full(kernel.shape, np.nan))
        return 0.5

    monkeypatch.setattr(Learner, "step", lose_a_weight)
    with pytest.raises(
        OptionError, match=r"the weights are no finite numbers in epoch 2, .*--resume would repeat this"
    ):
        run(small_options(epochs=2, save_seconds=save_seconds), tmp_path)
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == before


def test_a_kill_before_the_history_is_written_loses_no_round_of_it(tmp_path):
    def fail(_):
        raise StoppedError

    told = []
    for given in (fail, told.append):
        around = Surroundings(
            measure=lambda _: {}, report=lambda _: None, keeper=CheckpointKeeper(tmp_path), after_epoch=given
        )
        options = small_options(epochs=1)
        with contextlib.suppress(StoppedError):
            fit(network(options), small_source(), options, around)
    assert [len(history) for history in told] == [1]


def test_early_stop_keeps_the_best_weights(tmp_path):
    wanted, seen = [0.2, 0.6, 0.4, 0.5, 0.9], []

    def measure(current):
        seen.append(network_arrays(current))
        return {"all_f1": wanted[len(seen) - 1]}

    given = small_options(epochs=5, early_stop=2)
    kept, history = run(given, tmp_path, measure=measure)
    assert [figures["all_f1"] for figures in history] == wanted[:4]
    assert all(np.array_equal(array, seen[1][name]) for name, array in kept.items())
    again, _ = run(given, tmp_path, watch=stop_after(1))
    assert all(np.array_equal(array, kept[name]) for name, array in again.items())


def test_frozen_blocks_keep_their_weights_and_stages_let_go_of_them():
    before = network_arrays(network(small_options()))
    after, _ = run(small_options(frozen_blocks=1, epochs=1))
    moved = {name for name, array in after.items() if not np.array_equal(array, before[name])}
    assert not any(name.startswith(("conv1", "conv_dw_1", "conv_pw_1")) for name in moved)
    assert {"conv_pw_2/kernel", "maps/kernel", "maps/bias"} <= moved

    stages = []
    lines = []
    run(
        small_options(stages=((2, 1), (1, 1)), epochs=1),
        measure=lambda current: stages.append(network_arrays(current)) or {},
        say=lines,
    )
    kept = [name for name in before if name.startswith(("conv1", "conv_dw_1", "conv_pw_1"))]
    assert all(np.array_equal(stages[1][name], before[name]) for name in kept)
    assert np.array_equal(stages[0]["conv_pw_2/kernel"], before["conv_pw_2/kernel"])
    assert not np.array_equal(stages[1]["conv_pw_2/kernel"], before["conv_pw_2/kernel"])
    assert not np.array_equal(stages[2]["conv1/kernel"], before["conv1/kernel"])
    assert [line for line in lines if "features" in line] == [
        "calculating the features of the first 2 blocks",
        "calculating the features of the first 1 blocks",
    ]


def test_a_block_that_is_not_there_cannot_be_frozen():
    with pytest.raises(OptionError, match="has no block 3 that could be frozen"):
        run(small_options(frozen_blocks=3))


def test_features_are_those_of_the_frames_and_all_come_in_every_round():
    import keras

    pictures = keras.Input((2, 2, 3))
    extractor = keras.Model(pictures, keras.layers.Rescaling(0.5)(pictures))
    frames = np.arange(6 * 12).reshape(6, 2, 2, 3).astype(np.uint8)
    labels = np.arange(12, dtype=np.float32).reshape(6, 2)

    def fresh(epoch, steps):
        assert epoch == 3
        for step in steps:
            rows = slice(2 * step, 2 * step + 2)
            yield Batch(frames[rows], labels[rows], None)

    supply = cache_features(extractor, fresh, 3, small_options(frames=6, batch_size=2))
    rounds = [list(supply(epoch, range(3))) for epoch in (3, 4)]
    for batches in rounds:
        found = np.concatenate([batch.pictures for batch in batches])
        order = np.concatenate([batch.labels for batch in batches])[:, 0].astype(int) // 2
        assert sorted(order) == list(range(6))
        assert np.array_equal(found, frames[order] * np.float32(0.5))
    assert any(not np.array_equal(a.labels, b.labels) for a, b in zip(*rounds, strict=True))
    assert np.array_equal(next(supply(4, range(1, 2))).labels, rounds[1][1].labels)


@pytest.mark.parametrize("name", ["adamw", "adam", "rmsprop"])
def test_rate_warms_up_and_falls_to_nothing(name):
    schedule = make_optimizer(small_options(optimizer=name, learning_rate=0.01), 300)._learning_rate
    rates = [float(schedule(step)) for step in range(301)]
    assert rates[0] == pytest.approx(1e-4)
    assert max(rates) == pytest.approx(0.01, rel=0.01)
    assert int(np.argmax(rates)) in range(28, 33)
    assert rates[-1] < 1e-6


def test_an_unknown_optimizer_is_named():
    with pytest.raises(OptionError, match="optimizer must be one of adamw, adam, rmsprop, got 'sgd'"):
        make_optimizer(small_options(optimizer="sgd"), 10)


def test_class_loss_is_the_cross_entropy_of_the_one_who_is_there():
    labels = np.array([[1, -1], [0, 0]], np.float32)
    logits = np.array([[2.0, 1.0], [3.0, 0.0]], np.float32)
    assert np.asarray(class_loss(labels, logits)) == pytest.approx([np.log1p(np.exp(-1.0)), 0.0], rel=1e-5)


def test_squared_loss_takes_the_unnamed_for_absent():
    labels, scores = np.array([[1, -1]], np.float32), np.array([[0.5, 0.2]], np.float32)
    assert np.asarray(squared_loss(labels, scores)) == pytest.approx([(0.25 + 0.04) / 2])


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_learns_and_keeps_weights_in_float32(precision, tmp_path):
    import keras

    keras.config.set_dtype_policy(precision)
    try:
        given = small_options(precision=precision, epochs=1, save_seconds=0.0)
        unbroken, _ = run(given)
        with pytest.raises(StoppedError):
            run(given, tmp_path, watch=stop_after(2))
        resumed, _ = run(given, tmp_path)
    finally:
        keras.config.set_dtype_policy("float32")
    assert all(np.isfinite(array).all() for array in unbroken.values())
    assert all(np.array_equal(resumed[name], array) for name, array in unbroken.items())
    assert load_checkpoint(tmp_path).arrays["weight/maps/kernel"].dtype == np.float32


@pytest.mark.parametrize(("balance", "shares"), [("sqrt", (0.75, 0.25)), ("equal", (0.5, 0.5)), ("none", (0.9, 0.1))])
def test_balance_says_how_often_a_character_is_drawn(balance, shares):
    from vidtag.training.dataset import Example
    from vidtag.training.frames import FrameSource
    from vidtag.training.mix import FrameMix

    alone = FrameMix(whole=1.0, small=0.0, beside=0.0, scene=0.0, nobody=0.0)
    examples = [
        Example.showing(Path("x"), np.full((40, 30, 3), 90, np.uint8), (column,), 3) for column in (0,) * 9 + (1,)
    ]
    source = FrameSource(examples, [], 3, SIZE, alone, 1, balance)
    drawn = np.stack([source.draw(0, index).labels == 1 for index in range(400)])
    assert drawn.mean(0) == pytest.approx((*shares, 0.0), abs=0.08)
