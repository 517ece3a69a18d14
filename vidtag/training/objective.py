"""What a network is trained for: which of its outputs are compared with what, by which loss."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.predictors.networks import network_kind
from vidtag.training.batches import Batch
from vidtag.training.losses import Loss, place_loss, presence_loss
from vidtag.training.options import TrainingOptions

_PLACES = "maps"


@dataclass(frozen=True, slots=True)
class Objective:
    """Outputs, losses and their weights, by the name of the output.

    Attributes:
        outputs: symbolic tensors of the network.
        losses: of each output against what `targets` gives for it.
        weights: of each loss in the sum.
    """

    outputs: dict[str, Any]
    losses: dict[str, Loss]
    weights: dict[str, float]

    def targets(self, batch: Batch, doubtful: bool) -> dict[str, NDArray[Any]]:
        """Give what the outputs are compared with.

        Args:
            batch: some frames.
            doubtful: whether the network may doubt labels of -1, or must take them for surely absent.
        """
        labels = batch.labels if doubtful else np.maximum(batch.labels, 0)
        targets: dict[str, Any] = {_PLACES: batch.places}
        return {name: targets.get(name, labels) for name in self.outputs}


def objective_of(network: Any, options: TrainingOptions) -> Objective:
    """Choose the objective by the kind of network.

    Raises:
        OptionError: the network's arguments name a loss that there is none of.
    """
    loss = network_kind(options.network).loss_of(options.arguments)
    if loss == "mean-squared-error":
        return Objective({"scores": network.output}, {"scores": squared_loss}, {"scores": 1.0})
    logits = network.get_layer("pool").output
    if loss == "categorical-crossentropy":
        return Objective({"pool": logits}, {"pool": class_loss}, {"pool": 1.0})
    found = Objective({"pool": logits}, {"pool": presence_loss(options.ranking)}, {"pool": 1.0})
    if map_grid(network) is not None and options.places:
        found.outputs[_PLACES] = network.get_layer("maps").output
        found.losses[_PLACES] = place_loss(float(options.arguments.get("sharpness", 4.0)))
        found.weights[_PLACES] = options.places
    return found


def map_grid(network: Any) -> tuple[int, int] | None:
    """Give (rows, columns) of a network's maps; None for one that does not say where."""
    names = [layer.name for layer in network.layers]
    return tuple(network.get_layer("maps").output.shape[1:3]) if "maps" in names else None


def class_loss(labels: Any, logits: Any) -> Any:
    """Give the cross-entropy of (n, characters) logits as shares, of one character a picture; 0 where nobody is."""
    from keras import ops

    present = ops.maximum(labels, 0.0)
    each = ops.sum(present * ops.log_softmax(logits, axis=-1), axis=-1)
    return -each / ops.maximum(ops.sum(present, axis=-1), 1.0)


def squared_loss(labels: Any, scores: Any) -> Any:
    """Give the mean over the characters of the squared difference of (n, characters) scores from 1 or 0."""
    from keras import ops

    return ops.mean(ops.square(scores - ops.maximum(labels, 0.0)), axis=-1)
