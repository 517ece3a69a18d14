"""Fits a network's weights to the frames of a source, stage by stage, and goes on where an earlier part ended."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vidtag.errors import OptionError
from vidtag.predictors.weights import network_arrays, set_network_arrays
from vidtag.training.checkpoints import CheckpointKeeper, Figures, Progress
from vidtag.training.features import Supply, cache_features, draw_frames
from vidtag.training.frames import FrameSource
from vidtag.training.goodness import goodness
from vidtag.training.interruption import StoppedError, StopRequest, stop_requests
from vidtag.training.learner import Learner
from vidtag.training.objective import map_grid
from vidtag.training.optimizer import averaged_weights, take_averages
from vidtag.training.options import TrainingOptions
from vidtag.training.pace import Pace, Stopwatch, Watch, ignore_pace
from vidtag.training.stages import Stage, last_frozen_layer, stages_of

Report = Callable[[str], None]
Measure = Callable[[Any], Mapping[str, float]]

_LOSSES_SHOWN = 25


def _forget(_: list[Figures]) -> None:
    """Keep no history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a fit is given besides network, frames and options.

    Attributes:
        measure: called with the network after each epoch; gives figures by name.
        report: called with a line of text now and then.
        watch: called after each step.
        keeper: of the checkpoint.
        after_epoch: called with the figures of all epochs so far.
    """

    measure: Measure
    report: Report
    watch: Watch = ignore_pace
    keeper: CheckpointKeeper
    after_epoch: Callable[[list[Figures]], None] = _forget


def fit(network: Any, source: FrameSource, options: TrainingOptions, around: Surroundings) -> list[Figures]:
    """Train a network in place, epoch by epoch; go on from the keeper's checkpoint where there is one.

    A run that was killed at any step and goes on ends with the same weights as one that was not.

    Args:
        network: what `build_network` gives.
        source: where the frames come from.
        options: stages, rates, rounds.
        around: who is told, and what is kept.

    Returns:
        The figures of each epoch.

    Raises:
        OptionError: the loss or a weight is not a number any more, or an option does not fit the network.
        InputError: the checkpoint cannot be used.
        OutputError: a checkpoint cannot be written.
        StoppedError: a signal asked for it; the state is saved.
    """
    with stop_requests(heeded=around.keeper.folder is not None) as stop:
        return _Fit(network, source, options, around, stop).run()


class _Fit:
    def __init__(
        self, network: Any, source: FrameSource, options: TrainingOptions, around: Surroundings, stop: StopRequest
    ) -> None:
        self.network, self.source, self.options, self.around, self.stop = network, source, options, around, stop
        self.learns = {layer.name: layer.trainable for layer in network.layers}
        self.stages = stages_of(options)
        self.watch = Stopwatch(options.batch_size)

    def run(self) -> list[Figures]:
        saved = self.around.keeper.load()
        self.progress = Progress() if saved is None else saved.progress
        if self.progress.history:  # a kill may have come between the checkpoint and this
            self.around.after_epoch(self.progress.history)
        for number, stage in enumerate(self.stages):
            if number < self.progress.stage:
                continue
            self.progress.stage = number
            learner = Learner(self.network, self.options, stage, self.learns)
            if saved is not None:
                learner.restore(saved.arrays)
                self._say_resumed()
                saved = None
            self._run_stage(learner, stage)
            take_averages(learner.model)
        if self.progress.best:
            set_network_arrays(self.network, self.progress.best)
        return self.progress.history

    def _run_stage(self, learner: Learner, stage: Stage) -> None:
        if self._is_over(stage):
            return
        supply = self._supply(stage)
        while not self._is_over(stage):
            self._run_epoch(learner, supply)
            if self.stop.asked:
                raise self._stopped(f"after round {self.progress.epoch}")

    def _supply(self, stage: Stage) -> Supply:
        import keras

        maps = self.options.places and map_grid(self.network)
        fresh = draw_frames(self.source, self.options, maps or None)
        if not stage.cached:
            return fresh
        layer = last_frozen_layer(self.network, stage.frozen_blocks)
        self.around.report(f"calculating the features of the first {stage.frozen_blocks} blocks")
        extractor = keras.Model(self.network.input, self.network.get_layer(layer).output)
        return cache_features(extractor, fresh, stage.first, self.options)

    def _run_epoch(self, learner: Learner, supply: Supply) -> None:
        progress, options = self.progress, self.options
        doubtful = progress.epoch >= options.doubt_from
        for batch in supply(progress.epoch, range(progress.step, options.steps)):
            progress.losses.append(learner.step(batch, doubtful))
            progress.step += 1
            if not math.isfinite(progress.losses[-1]):
                raise self._failure(f"the loss is {progress.losses[-1]}", learner)
            self._show_pace()
            if self.stop.asked or self.around.keeper.due:
                self._check_finite(learner)
                self.around.keeper.save(progress, learner.state())
            if self.stop.asked:
                raise self._stopped(f"in round {progress.epoch + 1} after step {progress.step} of {options.steps}")
        self._end_epoch(learner)

    def _end_epoch(self, learner: Learner) -> None:
        progress = self.progress
        self._check_finite(learner)
        with averaged_weights(learner.model):
            figures = {"loss": float(np.mean(progress.losses)), **self.around.measure(self.network)}
            progress.history.append(figures)
            progress.epoch, progress.step, progress.losses = progress.epoch + 1, 0, []
            if self.options.early_stop and self._rounds_since_best() == 0:
                progress.best = {name: array.copy() for name, array in network_arrays(self.network).items()}
        self.around.keeper.save(progress, learner.state())
        shown = ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
        self.around.report(f"epoch {progress.epoch}/{self.stages[-1].end}: {shown}")
        self.around.after_epoch(progress.history)

    def _is_over(self, stage: Stage) -> bool:
        early = bool(self.options.early_stop) and self._rounds_since_best() >= self.options.early_stop
        return self.progress.epoch >= stage.end or (early and stage is self.stages[-1])

    def _rounds_since_best(self) -> int:
        """Count the rounds of the last stage after its best one; below 0 before it begins."""
        values = [goodness(figures) for figures in self.progress.history[self.stages[-1].first :]]
        return len(values) - 1 - values.index(max(values)) if values else -1

    def _check_finite(self, learner: Learner) -> None:
        """Refuse weights that are no finite numbers, to which a finite loss may lead."""
        if not all(np.isfinite(array).all() for array in learner.state().values()):
            raise self._failure("the weights are no finite numbers", learner)

    def _stopped(self, where: str) -> StoppedError:
        return StoppedError(f"stopped {where}; {self.around.keeper.remedy} from there", self.stop.number)

    def _failure(self, what: str, learner: Learner) -> OptionError:
        progress = self.progress
        return OptionError(
            f"{what} in epoch {progress.epoch + 1}, step {progress.step}, at the learning rate {learner.rate:.3g}: "
            f"begin a new run with a lower --learning-rate than {self.options.learning_rate:g}; the last checkpoint "
            "is as it was, but --resume would repeat this"
        )

    def _show_pace(self) -> None:
        progress, steps, rounds = self.progress, self.options.steps, self.stages[-1].end
        self.watch.tick()
        left = (rounds - progress.epoch) * steps - progress.step
        self.around.watch(
            Pace(
                epoch=progress.epoch + 1,
                epochs=rounds,
                step=progress.step,
                steps=steps,
                loss=float(np.mean(progress.losses[-_LOSSES_SHOWN:])),
                frames_per_second=self.watch.speed(),
                seconds_left=self.watch.seconds_for(left),
            )
        )

    def _say_resumed(self) -> None:
        place = f"epoch {self.progress.epoch} of {self.stages[-1].end}"
        if self.progress.step:
            place += f", step {self.progress.step} of {self.options.steps}"
        self.around.report(f"going on after {place}")
