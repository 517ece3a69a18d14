"""What the results of an episode depend on, stage by stage, as plain values: a stage is redone if any of them differs.

Left out is what changes the speed only: threads, the size of batches, pieces.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vidtag.batch.targets import REPORTS, SCORES, VIDEO
from vidtag.cast import Cast
from vidtag.media.containers import container_of
from vidtag.media.encoders import encoder_arguments
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.records.bundles import ModelBundle

Key = Mapping[str, Any]
Keys = Mapping[str, Key]

THRESHOLDS = "thresholds"  # the part of the scores' key that does not need the network


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What is to be known of a model to tell whether it has changed.

    Attributes:
        bundle: the model.
        key: of all that changes scores; see `model_key`.
        thresholds: digest of its thresholds.
        cast: digest of names, colours and icons.
        backend: what runs it, a key of `BACKENDS`.
    """

    bundle: ModelBundle
    key: str
    thresholds: str
    cast: str
    backend: str

    @classmethod
    def of(cls, bundle: ModelBundle, backend: str) -> "Model":
        """Look at a model; reads its icons."""
        thresholds = _digest(bundle.thresholds.tobytes())
        return cls(
            bundle=bundle, key=model_key(bundle), thresholds=thresholds, cast=_cast_key(bundle.cast), backend=backend
        )


def model_key(bundle: ModelBundle) -> str:
    """Digest all of a model that changes its scores: weights, network, preprocessing, calibration, characters."""
    parts = [
        *(bundle.sha256, bundle.network, dict(bundle.arguments), bundle.input_size, bundle.preprocessing),
        *(bundle.precision, asdict(bundle.calibration), bundle.cast.ids),
    ]
    return digest(parts)


def keys_of(
    *, name: str, fingerprint: str, model: Model, analysis: AnalysisOptions, render: RenderOptions, suffix: str
) -> Keys:
    """Say what every stage of an episode depends on.

    Args:
        name: of the episode.
        fingerprint: of the film.
        model: that scores it.
        analysis: how it is looked at.
        render: how the tagged film is made.
        suffix: of the tagged film.
    """
    scores = {
        "fingerprint": fingerprint,
        "model": model.key,
        "backend": model.backend,
        "precision": analysis.precision,
        "rate": str(analysis.rate),
        "keep_going": analysis.keep_going,
        "start": str(analysis.start or 0),
        "end": None if analysis.end is None else str(analysis.end),
    }
    flags = {"scores": digest(scores), THRESHOLDS: model.thresholds, "smooth": render.smooth}
    encoder = render.encoder or container_of(Path(f"film{suffix}")).video_encoder
    return {
        SCORES: {**scores, THRESHOLDS: model.thresholds},
        REPORTS: {**flags, "episode": name},
        VIDEO: {
            **flags,
            "style": render.style,
            "encoder": encoder_arguments(encoder, render),
            "suffix": suffix,
            "cast": model.cast,
        },
    }


def needs_network(made: Key | None, wanted: Key) -> bool:
    """Say whether scores that were made by one key are other scores by another, whatever the thresholds."""
    return made is None or {**made, THRESHOLDS: None} != {**wanted, THRESHOLDS: None}


def go_together(made: Keys) -> bool:
    """Say whether scores and reports are there, and the reports are made from these scores."""
    if SCORES not in made or REPORTS not in made:
        return False
    scores, reports = dict(made[SCORES]), made[REPORTS]
    thresholds = scores.pop(THRESHOLDS, None)
    return bool(reports.get("scores") == digest(scores) and reports.get(THRESHOLDS) == thresholds)


def digest(value: object) -> str:
    """Digest plain values, by their JSON: 16 hexadecimal digits."""
    return _digest(json.dumps(value, sort_keys=True).encode())


def _cast_key(cast: Cast) -> str:
    icons = [_digest(each.icon.read_bytes()) if each.icon and each.icon.is_file() else None for each in cast]
    return digest([[each.name, each.colour, icon] for each, icon in zip(cast, icons, strict=True)])


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
