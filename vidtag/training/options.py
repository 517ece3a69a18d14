"""What a training run is told: one frozen, keyword-only value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidtag.errors import OptionError
from vidtag.training.mix import FrameMix


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """How a model is trained.

    Attributes:
        pictures: folder with a folder of pictures per character.
        output: folder of the bundle to write; its name is the model's name.
        cast: folder with cast.toml and icons, or None to name the characters after their folders.
        strangers: folders of pictures without anyone of the cast.
        boxes: tables like boxes.csv that say where somebody is.
        dev: folder like `pictures` for choosing thresholds and measuring, or None to hold pictures out.
        held_out: share of the pictures held out where `dev` is None, 0.02-0.5.
        network: name of the network.
        arguments: what the network is built with.
        backbone: Keras `.weights.h5` file whose layers of the same names are taken over, or None.
        from_model: bundle of the same network and cast whose weights training starts from, or None.
        frozen_blocks: blocks of the backbone that are not trained, 0-13.
        input_size: (height, width) in px, each 32-2048.
        mix: shares of the kinds of training frames, or None for what suits the pictures (`suitable_mix`).
        epochs: number of rounds, >= 1.
        frames: frames drawn an epoch, >= 1.
        batch_size: frames a step, >= 1.
        learning_rate: highest rate, reached after the warm-up, > 0.
        weight_decay: of AdamW, >= 0.
        doubt_from: round from which a score above 0.9 for somebody who may be there unnamed is not corrected any more.
        ranking: weight of the loss by which those who are named must come before all others, >= 0.
        places: weight of the loss by which maps must point where somebody is, >= 0.
        seed: of weights and frames, >= 0.
        checkpoints: folder for the state after each epoch, from which a later run goes on; None keeps none.
        workers: threads that draw frames, >= 1.
        licence: of the weights, one line for the card.
        origin: of the pictures, one line for the card.
        overwrite: whether an existing bundle is replaced.

    Raises:
        OptionError: a value is outside its range.
    """

    pictures: Path
    output: Path
    cast: Path | None = None
    strangers: tuple[Path, ...] = ()
    boxes: tuple[Path, ...] = ()
    dev: Path | None = None
    held_out: float = 0.1
    network: str = "mobilenet-detectors"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    backbone: Path | None = None
    from_model: Path | None = None
    frozen_blocks: int = 0
    input_size: tuple[int, int] = (144, 192)
    mix: FrameMix | None = None
    epochs: int = 10
    frames: int = 16_000
    batch_size: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    doubt_from: int = 3
    ranking: float = 0.5
    places: float = 0.2
    seed: int = 1
    checkpoints: Path | None = None
    workers: int = 2
    licence: str = "not stated"
    origin: str = "not stated"
    overwrite: bool = False

    def __post_init__(self) -> None:
        for name in ("epochs", "frames", "batch_size", "workers"):
            if getattr(self, name) < 1:
                raise OptionError(f"{name.replace('_', ' ')} must be 1 or more, got {getattr(self, name)}")
        for name, lowest, highest in (
            ("held_out", 0.02, 0.5),
            ("frozen_blocks", 0, 13),
            ("learning_rate", 1e-9, 1.0),
            ("weight_decay", 0.0, 1.0),
            ("ranking", 0.0, 100.0),
            ("places", 0.0, 100.0),
            ("seed", 0, 2**31),
        ):
            value = getattr(self, name)
            if not lowest <= value <= highest:
                raise OptionError(f"{name.replace('_', ' ')} must be {lowest} to {highest}, got {value}")
        if any(not 32 <= side <= 2048 for side in self.input_size):
            raise OptionError(f"input size must be 32 to 2048 px a side, got {self.input_size}")

    @property
    def steps(self) -> int:
        """Steps of the optimizer in an epoch."""
        return max(1, self.frames // self.batch_size)
