"""Makes an ensemble of bundles: what `vidtag combine` does."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidtag.errors import OptionError
from vidtag.predictors.compiled import preprocessing_of
from vidtag.predictors.ensemble import ENSEMBLE, MOST_MEMBERS, SHARES
from vidtag.records.bundles import ModelBundle
from vidtag.records.bundlewriter import save_bundle


def combine_bundles(bundles: Sequence[ModelBundle], folder: Path, overwrite: bool = False) -> ModelBundle:
    """Write an ensemble that holds copies of bundles, whose votes count alike.

    Its thresholds are the mean of theirs, and its input size is the largest one.

    Args:
        bundles: 2-32 of one cast; none of them an ensemble. Their inputs must be of one shape, and filled alike.
        folder: where the ensemble shall lie; its last part is its name.
        overwrite: whether a bundle that is there is replaced.

    Raises:
        OptionError: the bundles do not go together.
        BundleError: a bundle names a preprocessing that there is not.
        OutputError: the folder exists and may not or cannot be replaced, or the disk refuses.
    """
    _check_members(bundles)
    first, names = bundles[0], ", ".join(bundle.name for bundle in bundles)
    return save_bundle(
        folder,
        cast=first.cast,
        network=ENSEMBLE,
        arguments={f"member_{number}": bundle.sha256 for number, bundle in enumerate(bundles, start=1)},
        input_size=max((bundle.input_size for bundle in bundles), key=lambda size: size[0] * size[1]),
        preprocessing=first.preprocessing if len({bundle.preprocessing for bundle in bundles}) == 1 else _shared(first),
        thresholds=np.mean([bundle.thresholds for bundle in bundles], axis=0).astype(np.float32),
        licence=_joined({bundle.licence for bundle in bundles}),
        origin=f"the models {names}",
        arrays={SHARES: np.full(len(bundles), 1 / len(bundles), np.float32)},
        card=_card(folder.name, bundles),
        members=bundles,
        overwrite=overwrite,
    )


def _check_members(bundles: Sequence[ModelBundle]) -> None:
    if not 2 <= len(bundles) <= MOST_MEMBERS:
        raise OptionError(f"an ensemble is made of 2 to {MOST_MEMBERS} models, got {len(bundles)}")
    first = bundles[0]
    for other in bundles:
        if other.network == ENSEMBLE:
            raise OptionError(f"the model {other.name} is an ensemble itself; give its members instead")
        if other.cast.ids != first.cast.ids:
            raise OptionError(f"the models {first.name} and {other.name} know different casts")
        if Fraction(*other.input_size) != Fraction(*first.input_size):
            sizes = " and ".join(f"{bundle.input_size[0]}x{bundle.input_size[1]}" for bundle in (first, other))
            raise OptionError(f"the inputs of {first.name} and {other.name} are of different shapes: {sizes}")
        if preprocessing_of(other).keeps_aspect != preprocessing_of(first).keeps_aspect:
            raise OptionError(f"only one of {first.name} and {other.name} keeps a picture's aspect")


def _shared(bundle: ModelBundle) -> str:
    """Give what members of unlike preprocessing share: how a picture is fitted; the rest each of them does itself."""
    return "pad" if preprocessing_of(bundle).keeps_aspect else "resize"


def _joined(texts: set[str]) -> str:
    return "; ".join(sorted(texts))[:1000]


def _card(name: str, bundles: Sequence[ModelBundle]) -> str:
    lines = [f"# {name}", "", "An ensemble: the mean of the calibrated scores of these models, which lie in it.", ""]
    for number, bundle in enumerate(bundles, start=1):
        figures = ", ".join(f"{key} {value:g}" for key, value in bundle.accuracy.items()) or "not measured"
        lines.append(f"{number}. {bundle.name}: {bundle.network}, {figures}. Licence: {bundle.licence}")
    lines += ["", "It has not been measured as a whole: `vidtag thresholds` and `vidtag evaluate` do that.", ""]
    return "\n".join(lines)
