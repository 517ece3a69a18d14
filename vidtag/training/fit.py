"""Fits a network's weights to the frames of a source: AdamW, warm-up and cosine, cross-entropy for each character."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import OptionError
from vidtag.predictors.weights import network_arrays, set_network_arrays
from vidtag.training.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from vidtag.training.frames import FrameSource, batches
from vidtag.training.options import TrainingOptions

Report = Callable[[str], None]
Measure = Callable[[Any], Mapping[str, float]]

_OPTIMIZER, _CHANCE = "optimizer/", "chance/"
_SURE = 0.9


def fit(network: Any, source: FrameSource, options: TrainingOptions, measure: Measure, report: Report) -> Any:
    """Train a network in place, epoch by epoch; go on from the checkpoint folder's state where there is one.

    Args:
        network: what `build_network` gives.
        source: where the frames come from.
        options: rates, rounds and the checkpoint folder.
        measure: called with the network after each epoch; gives figures by name.
        report: called with a line of text now and then.

    Returns:
        The figures of each epoch, a list of mappings.

    Raises:
        OptionError: the loss is not a number any more, or the checkpoint belongs to other options.
    """
    import keras

    doubt = keras.Variable(0.0, trainable=False, dtype="float32", name="doubt")
    trained = compile_for_training(network, options, doubt)
    history = _resume(trained, network, options, report)
    for epoch in range(len(history), options.epochs):
        doubt.assign(float(epoch >= options.doubt_from))
        loss = _run_epoch(trained, source, options, epoch, report)
        figures = {"loss": loss, **measure(network)}
        history.append(figures)
        report(
            f"epoch {epoch + 1}/{options.epochs}: " + ", ".join(f"{key} {value:.4f}" for key, value in figures.items())
        )
        if options.checkpoints is not None:
            save_checkpoint(options.checkpoints, _state(trained, network, options, history))
    return history


def compile_for_training(network: Any, options: TrainingOptions, doubt: Any) -> Any:
    """Give a model from pictures to logits that shares the network's weights, with its loss and optimizer set."""
    import keras

    for layer in network.layers:
        if options.frozen_blocks == 0:
            break
        layer.trainable = False
        if layer.name == f"conv_pw_{options.frozen_blocks}_relu":
            break
    steps = options.steps * options.epochs
    warm = max(1, min(300, steps // 10))
    rate = keras.optimizers.schedules.CosineDecay(
        options.learning_rate / 100,
        max(1, steps - warm),
        alpha=0.0,
        warmup_target=options.learning_rate,
        warmup_steps=warm,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=options.weight_decay, clipnorm=5.0)
    trained = keras.Model(network.input, network.get_layer("pool").output)
    trained.compile(optimizer, doubtful_cross_entropy(doubt), jit_compile=False)
    optimizer.build(trained.trainable_variables)
    return trained


def doubtful_cross_entropy(doubt: Any) -> Callable[[Any, Any], Any]:
    """Make the loss: binary cross-entropy of logits against labels 1 present, 0 absent, -1 absent as far as is said.

    Args:
        doubt: scalar variable; while it is 1, a label of -1 does not count where the network is surer than 0.9.
    """
    from keras import ops

    threshold = math.log(_SURE / (1 - _SURE))

    def loss(labels: Any, logits: Any) -> Any:
        target = ops.maximum(labels, 0.0)
        each = ops.maximum(logits, 0.0) - logits * target + ops.log1p(ops.exp(-ops.abs(logits)))
        surely_there = ops.cast(logits > threshold, "float32") * ops.cast(labels < 0, "float32")
        return ops.mean(each * (1.0 - doubt * ops.stop_gradient(surely_there)), axis=-1) * 10.0

    return loss


def _run_epoch(trained: Any, source: FrameSource, options: TrainingOptions, epoch: int, report: Report) -> float:
    losses = []
    drawn = batches(source, epoch, options.frames, options.batch_size, options.workers)
    for step, (frames, labels) in enumerate(drawn, start=1):
        losses.append(float(trained.train_on_batch(frames, labels)))
        if not math.isfinite(losses[-1]):
            raise OptionError(
                f"the loss is {losses[-1]} in epoch {epoch + 1}, step {step}: try a lower learning rate than "
                f"{options.learning_rate:g}; the last checkpoint is unharmed"
            )
        if step % 25 == 0:
            report(f"  epoch {epoch + 1} step {step}/{options.steps}: loss {np.mean(losses[-25:]):.4f}")
    return float(np.mean(losses))


def _other_variables(trained: Any, network: Any) -> dict[str, Any]:
    """Give what a run needs besides the weights by name: the optimizer's state and that of the dropout's generator."""
    weights = {id(variable) for variable in network.weights}
    chance = [variable for variable in network.variables if id(variable) not in weights]
    return {f"{_OPTIMIZER}{index}": variable for index, variable in enumerate(trained.optimizer.variables)} | {
        f"{_CHANCE}{index}": variable for index, variable in enumerate(chance)
    }


def _fingerprint(options: TrainingOptions) -> str:
    """Text of the options that a resumed run must share with the run it continues."""
    return repr(
        (
            str(options.pictures),
            str(options.dev),
            str(options.backbone),
            str(options.from_model),
            options.mix,
            options.doubt_from,
            options.network,
            sorted(options.arguments.items()),
            options.input_size,
            options.epochs,
            options.frames,
            options.batch_size,
            options.learning_rate,
            options.weight_decay,
            options.frozen_blocks,
            options.seed,
        )
    )


def _state(trained: Any, network: Any, options: TrainingOptions, history: list[Mapping[str, float]]) -> Checkpoint:
    arrays: dict[str, NDArray[Any]] = dict(network_arrays(network))
    arrays |= {name: np.asarray(variable) for name, variable in _other_variables(trained, network).items()}
    return Checkpoint(len(history), arrays, _fingerprint(options), tuple(history))


def _resume(trained: Any, network: Any, options: TrainingOptions, report: Report) -> list[Mapping[str, float]]:
    """Take over the checkpoint folder's state; give the figures of the epochs that are done."""
    saved = load_checkpoint(options.checkpoints) if options.checkpoints is not None else None
    if saved is None:
        return []
    if saved.fingerprint != _fingerprint(options):
        raise OptionError(
            f"{options.checkpoints} holds a run with other options ({saved.fingerprint}): use them or another folder"
        )
    others = _other_variables(trained, network)
    set_network_arrays(network, {name: array for name, array in saved.arrays.items() if name not in others})
    for name, variable in others.items():
        variable.assign(saved.arrays[name])
    report(f"going on after epoch {saved.epoch} of {options.epochs}")
    return list(saved.history)
