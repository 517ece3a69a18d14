"""What training makes small: cross-entropy a character, the right order of characters, and the right place of each.

Written in `keras.ops`, for every Keras backend. Labels are 1 present, 0 absent, -1 absent as far as anybody said.
"""

import math
from collections.abc import Callable
from typing import Any

Loss = Callable[[Any, Any], Any]

_SURE = 0.9
# Makes the sum over a cast of some twenty about as large as that of one picture's cross-entropy.
_SCALE = 10.0


def presence_loss(ranking: float) -> Loss:
    """Make the loss of (n, characters) logits: binary cross-entropy, and the named before all others.

    A label of -1 does not count in the cross-entropy where the network is surer than 0.9: pictures show people whom
    their label does not name.

    Args:
        ranking: weight of the softmax cross-entropy of each named character against those who are not named, >= 0.
            It teaches who is the most prominent, which cross-entropy of each on its own does not.
    """
    from keras import ops

    threshold = math.log(_SURE / (1 - _SURE))

    def loss(labels: Any, logits: Any) -> Any:
        present = ops.maximum(labels, 0.0)
        each = ops.maximum(logits, 0.0) - logits * present + ops.log1p(ops.exp(-ops.abs(logits)))
        surely_there = ops.cast(logits > threshold, "float32") * ops.cast(labels < 0, "float32")
        entropy = ops.mean(each * (1.0 - ops.stop_gradient(surely_there)), axis=-1) * _SCALE
        if not ranking:
            return entropy
        others = ops.logsumexp(logits - 1e6 * present, axis=-1, keepdims=True)
        behind = ops.sum(present * ops.softplus(others - logits), axis=-1)
        return entropy + ranking * behind / ops.maximum(ops.sum(present, axis=-1), 1.0)

    return loss


def place_loss(sharpness: float) -> Loss:
    """Make the loss of (n, rows, columns, characters) maps of logits: their smooth maximum must lie where somebody is.

    It is minus the logarithm of the share of exp(sharpness * map) that lies in the marked cells, summed over the
    characters; 0 where all cells are marked, which is so for everybody whose place is not known.

    Args:
        sharpness: of the smooth maximum, as the network has it.
    """
    from keras import ops

    def loss(places: Any, maps: Any) -> Any:
        everywhere = ops.logsumexp(sharpness * maps, axis=(1, 2))
        inside = ops.logsumexp(sharpness * maps - 1e6 * (1.0 - places), axis=(1, 2))
        return ops.sum(everywhere - inside, axis=-1)

    return loss
