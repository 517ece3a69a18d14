"""The optimizer of a stage: rate with warm-up and cosine, running averages of the weights."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from vidtag.errors import OptionError
from vidtag.predictors.networks import network_kind
from vidtag.training.options import TrainingOptions

# Steps that running averages look back over: of the weights and of batch statistics at most; as a share of a stage.
_WEIGHTS_AVERAGED, _STATISTICS_AVERAGED, _SHARE_AVERAGED = 500, 100, 0.05
_MOST_WARM_STEPS, _LARGEST_GRADIENT = 300, 5.0


def make_optimizer(options: TrainingOptions, steps: int) -> Any:
    """Make the optimizer of a stage.

    Args:
        options: name, rate and weight decay.
        steps: of the whole stage.

    Raises:
        OptionError: no such optimizer.
    """
    import keras

    makers: Mapping[str, Callable[..., Any]] = {
        "adamw": lambda **common: keras.optimizers.AdamW(weight_decay=options.weight_decay, **common),
        "adam": keras.optimizers.Adam,
        "rmsprop": keras.optimizers.RMSprop,
    }
    name = options.optimizer or network_kind(options.network).optimizer
    if name not in makers:
        raise OptionError(f"optimizer must be one of {', '.join(makers)}, got {name[:80]!r}")
    warm = max(1, min(_MOST_WARM_STEPS, steps // 10))
    rate = keras.optimizers.schedules.CosineDecay(
        options.learning_rate / 100,
        max(1, steps - warm),
        alpha=0.0,
        warmup_target=options.learning_rate,
        warmup_steps=warm,
    )
    momentum = _momentum(_WEIGHTS_AVERAGED, steps)
    return makers[name](learning_rate=rate, clipnorm=_LARGEST_GRADIENT, use_ema=True, ema_momentum=momentum)


def average_statistics(network: Any, steps: int) -> None:
    """Let the running means of batch normalisation look back over a share of a stage of so many steps."""
    import keras

    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = _momentum(_STATISTICS_AVERAGED, steps)


def take_averages(model: Any) -> None:
    """Give a compiled model the running averages of its weights, which are better than the last ones."""
    # Under float16 this is a wrapper that scales the loss; the averages are those of the optimizer within.
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    optimizer.finalize_variable_values(model.trainable_variables)
    for variable in model.trainable_variables:
        variable.assign(
            np.asarray(variable).copy()
        )  # with JAX it would share memory with its average, which a step frees


@contextlib.contextmanager
def averaged_weights(model: Any) -> Iterator[None]:
    """Give a compiled model the running averages of its weights for a moment."""
    last = [np.asarray(variable).copy() for variable in model.trainable_variables]
    take_averages(model)
    try:
        yield
    finally:
        for variable, value in zip(model.trainable_variables, last, strict=True):
            variable.assign(value)


def _momentum(most_steps: int, steps: int) -> float:
    return 1 - 1 / min(most_steps, max(2.0, _SHARE_AVERAGED * steps))
