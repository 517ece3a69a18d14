"""Training options as words of the command line."""

from collections.abc import Mapping
from typing import Any

from vidtag.training.options import TrainingOptions

# What is learned; how fast, where it is kept, and which files it comes from are for each machine to say.
_SPOKEN: Mapping[str, str] = {
    "network": "--network",
    "arguments": "--set",
    "preprocessing": "--preprocessing",
    "input_size": "--input-size",
    "held_out": "--held-out",
    "stages": "--stage",
    "frozen_blocks": "--frozen-blocks",
    "set_mix": "--set-mix",
    "balance": "--balance",
    "epochs": "--epochs",
    "early_stop": "--early-stop",
    "frames": "--frames",
    "batch_size": "--batch-size",
    "optimizer": "--optimizer",
    "learning_rate": "--learning-rate",
    "precision": "--precision",
    "doubt_from": "--doubt-from",
    "ranking": "--ranking",
    "places": "--places",
    "seed": "--seed",
}


def spoken_options(options: TrainingOptions) -> str:
    """Give the options of `vidtag train` that make it learn as these do, except for files; usual ones are left out.

    >>> from pathlib import Path
    >>> spoken_options(TrainingOptions(pictures=(), output=Path("show"), arguments={"blocks": 10}, stages=((6, 2),)))
    '--set blocks=10 --stage 6:2'
    """
    usual = TrainingOptions.for_network(pictures=options.pictures, output=options.output, network=options.network)
    words = []
    for name, option in _SPOKEN.items():
        value = getattr(options, name)
        if value != getattr(TrainingOptions if name == "network" else usual, name):
            words += [f"{option} {text}" for text in _texts(name, value)]
    return " ".join(words)


def _texts(name: str, value: Any) -> list[str]:
    """Give a value as the command line takes it, once for each time that the option is repeated."""
    if name == "stages":
        return [f"{blocks}:{epochs}" for blocks, epochs in value]
    if name == "input_size":
        return ["x".join(map(str, value))]
    if isinstance(value, Mapping):
        return [f"{key}={','.join(map(str, part)) if isinstance(part, tuple) else part}" for key, part in value.items()]
    return [str(value)]
