"""Fits a network's weights to the frames of a source: AdamW, warm-up and cosine, cross-entropy for each character."""

import contextlib
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import OptionError
from vidtag.predictors.weights import network_arrays, set_network_arrays
from vidtag.training.batches import Batch, batches
from vidtag.training.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from vidtag.training.frames import FrameSource
from vidtag.training.losses import place_loss, presence_loss
from vidtag.training.options import TrainingOptions

Report = Callable[[str], None]
Measure = Callable[[Any], Mapping[str, float]]

_OPTIMIZER, _CHANCE = "optimizer/", "chance/"
# Steps that running averages look back over: of the weights and of batch statistics at most; as a share of a run.
_WEIGHTS_AVERAGED, _STATISTICS_AVERAGED, _SHARE_AVERAGED = 500, 100, 0.05


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
        with averaged_weights(trained):
            figures = {"loss": loss, **measure(network)}
        history.append(figures)
        report(
            f"epoch {epoch + 1}/{options.epochs}: " + ", ".join(f"{key} {value:.4f}" for key, value in figures.items())
        )
        if options.checkpoints is not None:
            save_checkpoint(options.checkpoints, _state(trained, network, options, history))
    trained.optimizer.finalize_variable_values(trained.trainable_variables)
    return history


def compile_for_training(network: Any, options: TrainingOptions, doubt: Any) -> Any:
    """Give a model that shares the network's weights, from pictures to its logits and maps, ready to be trained."""
    import keras

    for layer in network.layers:
        if options.frozen_blocks == 0:
            break
        layer.trainable = False
        if layer.name == f"conv_pw_{options.frozen_blocks}_relu":
            break
    steps = options.steps * options.epochs
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = _momentum(_STATISTICS_AVERAGED, steps)
    warm = max(1, min(300, steps // 10))
    rate = keras.optimizers.schedules.CosineDecay(
        options.learning_rate / 100,
        max(1, steps - warm),
        alpha=0.0,
        warmup_target=options.learning_rate,
        warmup_steps=warm,
    )
    optimizer = keras.optimizers.AdamW(
        rate,
        weight_decay=options.weight_decay,
        clipnorm=5.0,
        use_ema=True,
        ema_momentum=_momentum(_WEIGHTS_AVERAGED, steps),
    )
    outputs = {"pool": network.get_layer("pool").output}
    losses = {"pool": presence_loss(doubt, options.ranking)}
    if map_grid(network) is not None and options.places:
        outputs["maps"] = network.get_layer("maps").output
        losses["maps"] = place_loss(float(options.arguments.get("sharpness", 4.0)))
    trained = keras.Model(network.input, outputs)
    weights = {name: options.places if name == "maps" else 1.0 for name in outputs}
    trained.compile(optimizer, losses, loss_weights=weights, jit_compile=False)
    optimizer.build(trained.trainable_variables)
    return trained


def map_grid(network: Any) -> tuple[int, int] | None:
    """Give (rows, columns) of a network's maps; None for one that does not say where."""
    names = [layer.name for layer in network.layers]
    return tuple(network.get_layer("maps").output.shape[1:3]) if "maps" in names else None


@contextlib.contextmanager
def averaged_weights(trained: Any) -> Iterator[None]:
    """Give the network for a moment the running averages of its weights, which are better than the last ones."""
    last = [np.asarray(variable) for variable in trained.trainable_variables]
    trained.optimizer.finalize_variable_values(trained.trainable_variables)
    try:
        yield
    finally:
        for variable, value in zip(trained.trainable_variables, last, strict=True):
            variable.assign(value)


def _momentum(most_steps: int, steps: int) -> float:
    return 1 - 1 / min(most_steps, max(2.0, _SHARE_AVERAGED * steps))


def _run_epoch(trained: Any, source: FrameSource, options: TrainingOptions, epoch: int, report: Report) -> float:
    losses = []
    grid = tuple(trained.output["maps"].shape[1:3]) if "maps" in trained.output else None
    drawn = batches(source, epoch, range(options.steps), options.batch_size, grid, options.workers)
    for step, batch in enumerate(drawn, start=1):
        trained.reset_metrics()
        losses.append(float(trained.train_on_batch(batch.pictures, _targets(batch), return_dict=True)["loss"]))
        if not math.isfinite(losses[-1]):
            raise OptionError(
                f"the loss is {losses[-1]} in epoch {epoch + 1}, step {step}: try a lower learning rate than "
                f"{options.learning_rate:g}; the last checkpoint is unharmed"
            )
        if step % 25 == 0:
            report(f"  epoch {epoch + 1} step {step}/{options.steps}: loss {np.mean(losses[-25:]):.4f}")
    return float(np.mean(losses))


def _targets(batch: Batch) -> dict[str, NDArray[Any]]:
    return {"pool": batch.labels} | ({} if batch.places is None else {"maps": batch.places})


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
            options.ranking,
            options.places,
            options.boxes,
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
