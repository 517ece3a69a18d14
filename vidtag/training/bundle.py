"""Trains and writes a bundle: what `vidtag train` does."""

import numpy as np

from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import compact_arrays, network_arrays
from vidtag.records.bundles import ModelBundle
from vidtag.records.bundlewriter import check_bundle_folder, save_bundle
from vidtag.training.card import write_card
from vidtag.training.fit import Report
from vidtag.training.options import TrainingOptions
from vidtag.training.train import train


def train_bundle(options: TrainingOptions, report: Report) -> ModelBundle:
    """Train as the options say and write the bundle; the target is checked before anything is learned.

    Raises:
        InputError: pictures, cast or backbone cannot be used.
        OptionError: an option does not fit, or the loss stops being a number.
        OutputError: the bundle or a checkpoint cannot be written.
    """
    check_bundle_folder(options.output, options.overwrite)
    prepare_tensorflow()
    trained = train(options, report)
    return save_bundle(
        options.output,
        cast=trained.cast,
        network=options.network,
        arguments=options.arguments,
        input_size=options.input_size,
        thresholds=np.round(trained.thresholds, 4),
        licence=options.licence,
        origin=options.origin,
        accuracy={name: round(value, 4) for name, value in trained.figures.items()},
        arrays=compact_arrays(network_arrays(trained.network)),
        card=write_card(options, trained.cast, trained.figures, trained.pictures),
        overwrite=options.overwrite,
    )
