"""From a folder of pictures to a model bundle: read, hold out, fit, choose thresholds, measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import InputError, ShapeError
from vidtag.predictors.networks import build_network
from vidtag.predictors.weights import compact_arrays, network_arrays, set_network_arrays, take_over_backbone
from vidtag.records.bundles import load_bundle, read_weights
from vidtag.records.casts import read_cast
from vidtag.training.dataset import Example, load_examples
from vidtag.training.evaluate import choose_thresholds, make_dev_frames, measure
from vidtag.training.fit import Report, fit
from vidtag.training.frames import FrameSource
from vidtag.training.listing import Listed, cast_of, list_pictures, list_strangers
from vidtag.training.mix import suitable_mix
from vidtag.training.options import TrainingOptions
from vidtag.training.split import hold_out

DEV_PAIRS = 400


@dataclass(frozen=True, eq=False, slots=True)
class Trained:
    """What training gives.

    Attributes:
        cast: column order.
        network: the `keras.Model` with its weights.
        thresholds: (characters,) float32.
        figures: accuracy on the held-out pictures by name, see `evaluate.measure`.
        pictures: how many pictures it learned from.
    """

    cast: Cast
    network: Any
    thresholds: NDArray[np.float32]
    figures: Mapping[str, float]
    pictures: int


def train(options: TrainingOptions, report: Report) -> Trained:
    """Train a network as the options say and measure it on held-out pictures.

    Args:
        options: everything there is to choose.
        report: called with a line of text now and then.

    Raises:
        InputError: pictures, cast or backbone cannot be used.
        BundleError: the model to start from is missing or damaged.
        OptionError: an option does not fit, or the loss stops being a number.
        OutputError: the checkpoint folder cannot be written.
    """
    import keras

    cast, learning, held_out = read_examples(options, report)
    keras.utils.set_random_seed(options.seed)
    network = build_network(options.network, options.input_size, len(cast), **options.arguments)
    _set_first_weights(network, cast, options, report)
    named = [example for example in learning if example.columns]
    strangers = [example.picture for example in learning if not example.columns]
    mix = options.mix or suitable_mix(named)
    source = FrameSource(named, strangers, len(cast), options.input_size, mix, options.seed)
    dev = make_dev_frames(held_out, len(cast), options.input_size, DEV_PAIRS, options.seed)

    def figures(current: Any) -> Mapping[str, float]:
        scores = score(current, dev.frames)
        return measure(dev, scores, choose_thresholds(dev.truth, scores))

    fit(network, source, options, figures, report)
    _round_to_stored(network)
    scores = score(network, dev.frames)
    thresholds = choose_thresholds(dev.truth, scores)
    return Trained(cast, network, thresholds, measure(dev, scores, thresholds), len(learning))


def read_examples(options: TrainingOptions, report: Report) -> tuple[Cast, list[Example], list[Example]]:
    """Read what to learn from and what is held out; say which pictures were skipped.

    Raises:
        InputError: a folder is missing or empty, or a character has no picture.
    """
    listed = list_pictures(options.pictures, options.boxes)
    cast = read_cast(options.cast) if options.cast is not None else cast_of(listed)
    listed += [entry for folder in options.strangers for entry in list_strangers(folder)]
    longest = round(1.25 * max(options.input_size))
    learning = _load(listed, cast, longest, report)
    if options.dev is None:
        learning, held_out = hold_out(learning, options.held_out, options.seed)
    else:
        held_out = _load(list_pictures(options.dev, options.boxes), cast, longest, report)
    seen = {column for example in learning for column in example.columns}
    missing = [identity for column, identity in enumerate(cast.ids) if column not in seen]
    if missing:
        raise InputError(f"no picture to learn from for: {', '.join(missing)}")
    report(f"{len(learning)} pictures to learn from, {len(held_out)} held out, {len(cast)} characters")
    return cast, learning, held_out


def score(network: Any, frames: NDArray[np.uint8], batch_size: int = 64) -> NDArray[np.float32]:
    """Give (n, characters) float32 scores of (n, height, width, 3) uint8 frames."""
    parts = [
        np.asarray(network(frames[start : start + batch_size], training=False))
        for start in range(0, len(frames), batch_size)
    ]
    return np.concatenate(parts).astype(np.float32)


def _set_first_weights(network: Any, cast: Cast, options: TrainingOptions, report: Report) -> None:
    if options.from_model is not None:
        bundle = load_bundle(options.from_model)
        if bundle.cast.ids != cast.ids:
            raise InputError(f"{options.from_model} knows another cast: {', '.join(bundle.cast.ids)}")
        try:
            set_network_arrays(network, read_weights(bundle))
        except ShapeError as error:
            raise InputError(f"{options.from_model} is of another network: {error}") from None
        report(f"all layers start from the model {bundle.name}")
    elif options.backbone is not None:
        report(f"{len(take_over_backbone(network, options.backbone))} layers start from {options.backbone.name}")
    else:
        report("no backbone is given: training starts from random weights, which needs more pictures and rounds")


def _round_to_stored(network: Any) -> None:
    """Give a network the very weights that its bundle will hold, so that thresholds and figures fit them."""
    stored = compact_arrays(network_arrays(network))
    set_network_arrays(network, {name: array.astype(np.float32) for name, array in stored.items()})


def _load(listed: list[Listed], cast: Cast, longest_side_px: int, report: Report) -> list[Example]:
    examples, skipped = load_examples(listed, cast, longest_side_px)
    for entry in skipped:
        report(f"skipped {entry.path}: {entry.reason}")
    return examples
