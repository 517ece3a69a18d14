"""Several models that vote: the mean of their calibrated scores. The bundle holds its members, so it needs no other.

ensemble/
  bundle.toml           network = "ensemble"; the arguments member_1, member_2 … are the members' SHA-256
  weights.safetensors   `shares`: what each vote counts, adding up to 1
  members/1/ …          a whole bundle each
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import BundleError
from vidtag.predictors.compiled import check_pictures, preprocessing_of
from vidtag.predictors.preprocessing import Preprocessing
from vidtag.records.bundles import ModelBundle, load_bundle, read_weights
from vidtag.records.bundlewriter import MEMBERS

ENSEMBLE, SHARES = "ensemble", "shares"
MOST_MEMBERS = 32


class Member(Protocol):
    """What votes: a predictor of the ensemble's cast."""

    @property
    def input_size(self) -> tuple[int, int]:
        """(height, width) in px of the pictures it takes."""

    @property
    def backend(self) -> str:
        """What runs it."""

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score (n, height, width, 3) uint8 RGB pictures; gives (n, characters) float32."""


class EnsemblePredictor:
    """A `Predictor` that lets others vote. Pictures are scaled to the input size of each.

    Args:
        bundle: of the ensemble.
        members: in the order of the shares.

    Raises:
        BundleError: the shares do not fit the members, or the bundle names a preprocessing that there is not.
    """

    def __init__(self, bundle: ModelBundle, members: Sequence[Member]) -> None:
        self.cast: Cast = bundle.cast
        self.thresholds: NDArray[np.float32] = bundle.thresholds
        self.input_size: tuple[int, int] = bundle.input_size
        self.preprocessing: Preprocessing = preprocessing_of(bundle)
        self.backend: str = ", ".join(sorted({member.backend for member in members}))
        self._members, self._shares = members, _read_shares(bundle, len(members))

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Score (n, height, width, 3) uint8 RGB pictures; gives (n, characters) float32 in [0, 1]."""
        check_pictures(pictures, self.input_size)
        votes = [member(_scale(pictures, member.input_size)) for member in self._members]
        return np.asarray(np.tensordot(self._shares, np.stack(votes), axes=1), np.float32).clip(0, 1)


def load_members(bundle: ModelBundle) -> list[ModelBundle]:
    """Read the bundles that an ensemble holds.

    Raises:
        BundleError: there are none, one is missing or damaged, is not the one that was put there, or knows another
            cast.
    """
    digests = [bundle.arguments.get(f"member_{number}") for number in range(1, len(bundle.arguments) + 1)]
    if not 1 <= len(digests) <= MOST_MEMBERS or None in digests:
        raise BundleError(f"model {bundle.name!r}: the arguments of an ensemble must be member_1 to member_n")
    members = [load_bundle(bundle.folder / MEMBERS / str(number)) for number in range(1, len(digests) + 1)]
    for number, (member, digest) in enumerate(zip(members, digests, strict=True), start=1):
        if member.sha256 != digest or member.network == ENSEMBLE:
            raise BundleError(f"model {bundle.name!r}: its member {number} is not the one that it was made of")
        if member.cast.ids != bundle.cast.ids:
            raise BundleError(f"model {bundle.name!r}: its member {number} knows another cast")
    return members


def _read_shares(bundle: ModelBundle, members: int) -> NDArray[np.float32]:
    arrays = read_weights(bundle)
    shares = arrays.get(SHARES, np.zeros(0))
    fits = arrays.keys() == {SHARES} and shares.shape == (members,) and (shares >= 0).all()
    if not fits or abs(float(shares.sum()) - 1) > 1e-3:
        raise BundleError(f"model {bundle.name!r}: its weights must be {members} shares that add up to 1")
    return shares.astype(np.float32)


def _scale(pictures: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Shrink or enlarge (n, height, width, 3) pictures to (height, width)."""
    import cv2

    if pictures.shape[1:3] == size:
        return pictures
    scaled = np.empty((len(pictures), *size, 3), np.uint8)
    for index, picture in enumerate(pictures):
        larger = size[0] > picture.shape[0]
        how = cv2.INTER_LINEAR if larger else cv2.INTER_AREA
        scaled[index] = cv2.resize(picture, size[::-1], interpolation=how)
    return scaled
