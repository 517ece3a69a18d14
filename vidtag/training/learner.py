"""A network while it learns in one stage: takes steps, and gives and takes back its whole state."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import InputError, ShapeError
from vidtag.predictors.weights import network_arrays, set_network_arrays
from vidtag.training.batches import Batch
from vidtag.training.objective import Objective, objective_of
from vidtag.training.optimizer import average_statistics, make_optimizer
from vidtag.training.options import TrainingOptions
from vidtag.training.stages import Stage, freeze, last_frozen_layer

_WEIGHT, _OPTIMIZER, _CHANCE = "weight/", "optimizer/", "chance/"


class Learner:
    """Trains a network for a stage.

    Args:
        network: what `build_network` gave; learns in place.
        options: rates, losses and length.
        stage: which blocks are frozen, and whether features take the place of pictures.
        learns: whether each layer learns where nothing is frozen, by its name.

    Attributes:
        model: the compiled `keras.Model` from pictures, or features, to the outputs of the objective.

    Raises:
        OptionError: an option does not fit the network.
    """

    def __init__(self, network: Any, options: TrainingOptions, stage: Stage, learns: dict[str, bool]) -> None:
        import keras

        self.network = network
        freeze(network, stage.frozen_blocks, learns)
        steps = options.steps * stage.rounds
        average_statistics(network, steps)
        self.objective: Objective = objective_of(network, options)
        start = network.input
        if stage.cached:
            start = network.get_layer(last_frozen_layer(network, stage.frozen_blocks)).output
        self.model = keras.Model(start, dict(self.objective.outputs))
        optimizer = make_optimizer(options, steps)
        # XLA is much slower on CPUs in TensorFlow; JAX and PyTorch have their own ways.
        self.model.compile(
            optimizer, dict(self.objective.losses), loss_weights=dict(self.objective.weights), jit_compile=_jit()
        )
        self.model.optimizer.build(self.model.trainable_variables)

    def step(self, batch: Batch, doubtful: bool) -> float:
        """Learn from a batch; give its loss, which may be no finite number.

        Args:
            batch: pictures, or features where the stage is cached.
            doubtful: whether labels of -1 may be doubted.
        """
        self.model.reset_metrics()
        targets = self.objective.targets(batch, doubtful)
        return float(self.model.train_on_batch(batch.pictures, targets, return_dict=True)["loss"])

    @property
    def rate(self) -> float:
        """The present learning rate."""
        return float(np.asarray(self.model.optimizer.learning_rate))

    def state(self) -> dict[str, NDArray[Any]]:
        """Give everything that a later step depends on, by name: weights, optimizer, dropout's generator.

        The arrays may change with the next step.
        """
        weights = {f"{_WEIGHT}{name}": array for name, array in network_arrays(self.network).items()}
        return weights | {name: np.asarray(variable) for name, variable in self._others().items()}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take back what `state` gave.

        Raises:
            InputError: it is the state of another network.
        """
        others = self._others()
        try:
            weights = {name.removeprefix(_WEIGHT): array for name, array in arrays.items() if name.startswith(_WEIGHT)}
            set_network_arrays(self.network, weights)
            for name, variable in others.items():
                variable.assign(arrays[name])
        except (ShapeError, KeyError, ValueError) as error:
            raise InputError(f"the checkpoint is of another network: {error}") from error

    def _others(self) -> dict[str, Any]:
        weights = {id(variable) for variable in self.network.weights}
        chance = [variable for variable in self.network.variables if id(variable) not in weights]
        optimizer = self.model.optimizer.variables
        return {f"{_OPTIMIZER}{index}": variable for index, variable in enumerate(optimizer)} | {
            f"{_CHANCE}{index}": variable for index, variable in enumerate(chance)
        }


def _jit() -> Any:
    import keras

    return "auto" if keras.backend.backend() == "jax" else False
