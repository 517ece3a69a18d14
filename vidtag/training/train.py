"""From pictures to a trained network: read, build, fit, calibrate, choose thresholds, measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibrating import fit_calibration
from vidtag.analysis.calibration import TEMPERATURE, UNCALIBRATED, Calibration
from vidtag.cast import Cast
from vidtag.errors import InputError, OptionError, ShapeError, VidtagError
from vidtag.predictors.enhancing import ENHANCERS
from vidtag.predictors.networks import build_network, network_kind
from vidtag.predictors.preprocessing import find_preprocessing
from vidtag.predictors.weights import (
    compact_arrays,
    network_arrays,
    set_network_arrays,
    start_without_backbone,
    take_over_backbone,
    take_over_layers,
)
from vidtag.records.bundles import find_bundle, read_weights
from vidtag.training.checkpoints import CheckpointKeeper
from vidtag.training.curves import draw_curves
from vidtag.training.dataset import Example
from vidtag.training.evaluate import DevFrames, choose_thresholds, make_dev_frames, measure
from vidtag.training.fit import Report, Surroundings, fit
from vidtag.training.frames import FrameSource
from vidtag.training.material import Material, read_cast_of, read_material
from vidtag.training.mix import FrameMix, suitable_mix
from vidtag.training.mixing import change_mix
from vidtag.training.options import TrainingOptions
from vidtag.training.pace import Watch, ignore_pace
from vidtag.training.preparing import fit_picture
from vidtag.training.runs import CURVES, Run
from vidtag.training.superresolution import set_super_resolution, train_super_resolution

DEV_PAIRS = 400
_ALONE = FrameMix(whole=1.0, small=0.0, beside=0.0, scene=0.0, nobody=0.0)


@dataclass(frozen=True, eq=False, slots=True)
class Trained:
    """What training gives.

    Attributes:
        cast: column order.
        network: the `keras.Model` with its weights.
        calibration: of the network's scores.
        thresholds: (characters,) float32, of calibrated scores.
        figures: accuracy on the held-out pictures by name, see `evaluate.measure`.
        pictures: how many pictures it learned from.
    """

    cast: Cast
    network: Any
    calibration: Calibration
    thresholds: NDArray[np.float32]
    figures: Mapping[str, float]
    pictures: int


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """Everything that is needed to begin: the options with all of the network's arguments, network and pictures."""

    options: TrainingOptions
    network: Any
    material: Material


def train(options: TrainingOptions, report: Report) -> Trained:
    """Train a network as the options say and measure it on held-out pictures; keeps no run.

    Args:
        options: everything there is to choose.
        report: called with a line of text now and then.

    Raises:
        InputError: pictures, cast or backbone cannot be used.
        BundleError: the model to start from is missing or damaged.
        OptionError: an option does not fit, or the loss stops being a number.
    """
    return learn(prepare(options, report), report)


def prepare(options: TrainingOptions, report: Report) -> Prepared:
    """Build the network and read what it learns from; a wrong option is found before any picture is opened.

    Raises:
        InputError: pictures, cast or backbone cannot be used.
        BundleError: the model to start from is missing or damaged.
        OptionError: an option does not fit.
    """
    import keras

    arguments = {**find_preprocessing(options.preprocessing).arguments, **options.arguments}
    options = replace(options, arguments=arguments)
    cast = read_cast_of(options)
    keras.utils.set_random_seed(options.seed)
    keras.config.set_dtype_policy(options.precision)
    network = build_network(options.network, options.input_size, len(cast), **arguments)
    _set_first_weights(network, cast, options, report)
    return Prepared(options, network, read_material(options, cast, report))


def learn(
    prepared: Prepared,
    report: Report,
    watch: Watch = ignore_pace,
    run: Run | None = None,
) -> Trained:
    """Train a prepared network, and go on from the checkpoint of a run where there is one.

    Args:
        prepared: what `prepare` gave.
        report: called with a line of text now and then.
        watch: called after each step.
        run: keeps checkpoint, history and curves.

    Raises:
        OptionError: an option does not fit, or the loss stops being a number.
        InputError: the checkpoint cannot be used.
        OutputError: the run's folder cannot be written.
        StoppedError: a signal asked for it.
    """
    options, network, material = prepared.options, prepared.network, prepared.material
    keeper = CheckpointKeeper(None if run is None else run.folder, options.save_seconds, material.digest)
    _teach_super_resolution(network, options, material.learning, report)
    dev = dev_frames(options, material)

    def figures(current: Any) -> Mapping[str, float]:
        scores = score(current, dev.frames)
        return measure(dev, scores, choose_thresholds(dev.truth, scores))

    around = Surroundings(measure=figures, report=report, watch=watch, keeper=keeper)
    if run is not None:
        around = replace(around, after_epoch=run.write_history)
    try:
        fit(network, frame_source(options, material), options, around)
    finally:
        _draw_run(run, report)
    return _measured(_as_stored(network, options, len(material.cast)), dev, material)


def score(network: Any, frames: NDArray[np.uint8], batch_size: int = 64) -> NDArray[np.float32]:
    """Give (n, characters) float32 scores of (n, height, width, 3) uint8 frames."""
    starts = range(0, len(frames), batch_size)
    parts = [np.asarray(network.predict_on_batch(frames[start : start + batch_size])) for start in starts]
    return np.concatenate(parts).astype(np.float32)


def _set_first_weights(network: Any, cast: Cast, options: TrainingOptions, report: Report) -> None:
    if options.from_model is not None:
        bundle = find_bundle(options.from_model)
        try:
            if bundle.cast.ids == cast.ids:
                set_network_arrays(network, read_weights(bundle))
                report(f"all layers start from the model {bundle.name}")
            else:
                taken = take_over_layers(network, read_weights(bundle), len(bundle.cast))
                report(f"{taken} of {len(network.weights)} weights start from the model {bundle.name} of another cast")
        except ShapeError as error:
            raise InputError(f"the model {bundle.name} is of another network: {error}") from None
    elif options.backbone is not None:
        report(f"{len(take_over_backbone(network, options.backbone))} layers start from {options.backbone.name}")
    else:
        report(start_without_backbone(network))
    for layer in network.layers:
        layer.trainable = layer.trainable and layer.name not in ENHANCERS


def _teach_super_resolution(
    network: Any, options: TrainingOptions, examples: Sequence[Example], report: Report
) -> None:
    channels = options.arguments.get("super_resolution", 0)
    if not channels or options.from_model is not None:
        return
    if len(examples) < 2:
        raise InputError(f"super-resolution learns from two pictures or more, got {len(examples)}")
    arrays, figures = train_super_resolution([example.picture for example in examples], channels, options.seed)
    set_super_resolution(network, arrays)
    report("super-resolution: " + ", ".join(f"{name} {value:.2f}" for name, value in figures.items()))


def frame_source(options: TrainingOptions, material: Material) -> FrameSource:
    """Give the source of frames; networks with one class a character learn from pictures of one character."""
    named = [example for example in material.learning if example.columns]
    strangers = [example.picture for example in material.learning if not example.columns]
    mix = options.mix or suitable_mix(named)
    if network_kind(options.network).head == "softmax":
        named = [example for example in named if len(example.columns) == 1]
        seen = {example.columns[0] for example in named}
        if missing := [identity for column, identity in enumerate(material.cast.ids) if column not in seen]:
            raise InputError(
                f"the network {options.network} learns from pictures of one character alone, and there is none of: "
                f"{', '.join(missing)}"
            )
        mix = options.mix or _ALONE
    mix = change_mix(mix, options.set_mix)
    preprocessing = find_preprocessing(options.preprocessing)
    return FrameSource(
        named, strangers, len(material.cast), options.input_size, mix, options.seed, options.balance, preprocessing
    )


def dev_frames(options: TrainingOptions, material: Material, pairs: int = DEV_PAIRS) -> DevFrames:
    """Draw held-out frames as the network takes them, see `make_dev_frames`."""
    preprocessing = find_preprocessing(options.preprocessing)
    place = partial(fit_picture, preprocessing=preprocessing)
    dev = make_dev_frames(material.held_out, len(material.cast), options.input_size, pairs, options.seed, place=place)
    return replace(dev, frames=preprocessing.finish(dev.frames))


def _draw_run(run: Run | None, report: Report) -> None:
    """Draw the curves of a run; what goes wrong with that is no reason to lose a training, or why it ended."""
    try:
        if run is not None and (history := run.history()):
            draw_curves({run.folder.name: history}, run.folder / CURVES)
    except (ImportError, OSError, ValueError, VidtagError) as error:
        report(f"the curves are not drawn: {error}")


def _as_stored(network: Any, options: TrainingOptions, characters: int) -> Any:
    """Give a network with the very weights and the precision of its bundle, so that thresholds and figures fit it."""
    import keras

    stored = compact_arrays(network_arrays(network))
    if options.precision != "float32":
        keras.config.set_dtype_policy("float32")
        network = build_network(options.network, options.input_size, characters, **options.arguments)
    set_network_arrays(network, {name: array.astype(np.float32) for name, array in stored.items()})
    return network


def _measured(network: Any, dev: DevFrames, material: Material) -> Trained:
    raw = score(network, dev.frames)
    try:
        calibration = fit_calibration(TEMPERATURE, dev.truth.astype(np.float32), raw)
    except OptionError:  # nobody was held out
        calibration = UNCALIBRATED
    scores = calibration.apply(raw)
    thresholds = choose_thresholds(dev.truth, scores)
    figures = measure(dev, scores, thresholds)
    return Trained(material.cast, network, calibration, thresholds, figures, len(material.learning))
