"""The stages of a training: rounds in which some blocks of the backbone keep their weights."""

from dataclasses import dataclass
from typing import Any

from vidtag.errors import OptionError
from vidtag.predictors.networks import network_kind
from vidtag.training.options import TrainingOptions


@dataclass(frozen=True, slots=True)
class Stage:
    """Some rounds in a row.

    Attributes:
        first: number of the first round, from 0.
        end: number of the round after the last one.
        frozen_blocks: blocks of the backbone that keep their weights.
        cached: whether what the frozen blocks give is calculated once, for the frames of one round.
    """

    first: int
    end: int
    frozen_blocks: int
    cached: bool

    @property
    def rounds(self) -> int:
        """How many rounds it has."""
        return self.end - self.first


def stages_of(options: TrainingOptions) -> tuple[Stage, ...]:
    """List the stages of a training in order; the last one is that of all training frames."""
    found: list[Stage] = []
    for blocks, rounds, cached in (*((*pair, True) for pair in options.stages), (None, options.epochs, False)):
        first = found[-1].end if found else 0
        found.append(Stage(first, first + rounds, options.frozen_blocks if blocks is None else blocks, cached))
    return tuple(found)


def last_frozen_layer(network: Any, blocks: int) -> str:
    """Give the name of the layer that ends the last frozen block; empty where none is frozen.

    Raises:
        OptionError: the network has no such block.
    """
    if not blocks:
        return ""
    name = network_kind(network.name).block_end.format(blocks)
    if name not in {layer.name for layer in network.layers}:
        raise OptionError(f"the network {network.name} as it is set has no block {blocks} that could be frozen")
    return name


def freeze(network: Any, blocks: int, learns: dict[str, bool]) -> None:
    """Let the layers up to the end of a block keep their weights, and the others do what they did at first.

    Args:
        network: what `build_network` gave.
        blocks: how many are frozen.
        learns: whether each layer learns where nothing is frozen, by its name.
    """
    last = last_frozen_layer(network, blocks)
    frozen = bool(last)
    for layer in network.layers:
        layer.trainable = learns[layer.name] and not frozen
        frozen = frozen and layer.name != last
