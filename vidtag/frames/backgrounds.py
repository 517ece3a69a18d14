"""Tells pictures without anyone: none of a cast's colours, not too much black, and nobody whom a model knows."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.colours import black_share, colour_share
from vidtag.frames.choosing import Accept, take_anything
from vidtag.frames.options import BackgroundRule
from vidtag.training.preparing import fit_picture

_LOOKED_AT_PX = 320  # of the longer side; shares of colours need no more


def background_test(rule: BackgroundRule | None) -> Accept:
    """Give the test of a rule; without one, everything passes.

    Raises:
        BundleError: the rule's model is not there or damaged; OptionError if its name is none.
        SetupError: no backend is installed.
    """
    if rule is None:
        return take_anything
    empty = _model_test(rule.model) if rule.model is not None else take_anything

    def accept(picture: NDArray[np.uint8]) -> bool:
        return _colours_pass(rule, picture) and empty(picture)

    return accept


def _colours_pass(rule: BackgroundRule, picture: NDArray[np.uint8]) -> bool:
    scale = _LOOKED_AT_PX / max(picture.shape[:2])
    if scale < 1:  # pixels are picked, not mixed, so that their colours stay
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    if black_share(picture) > rule.most_black:
        return False
    return all(colour_share(picture, limit.colour, limit.tolerance) < limit.share for limit in rule.without)


def _model_test(model: str) -> Accept:
    """Give the test that every character of a model scores below half its threshold."""
    from vidtag.predictors.base import load_predictor
    from vidtag.predictors.compiled import preprocessing_of
    from vidtag.records.bundles import find_bundle

    bundle = find_bundle(model)
    predictor, preprocessing = load_predictor(bundle, batch_size=1), preprocessing_of(bundle)

    def accept(picture: NDArray[np.uint8]) -> bool:
        scores = predictor(fit_picture(picture, bundle.input_size, preprocessing)[np.newaxis])[0]
        return bool((scores < predictor.thresholds / 2).all())

    return accept
