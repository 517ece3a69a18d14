"""What a training run is told: one frozen, keyword-only value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidtag.errors import OptionError
from vidtag.predictors.networks import network_kind
from vidtag.records.bundles import DEFAULT_PREPROCESSING
from vidtag.records.entries import check, is_line
from vidtag.training.mix import FrameMix
from vidtag.training.mixing import MixSettings, change_mix

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
BALANCES = ("sqrt", "equal", "none")
_AT_LEAST_ONE = ("epochs", "frames", "batch_size", "workers")
_RANGES: Mapping[str, tuple[float, float]] = {
    "held_out": (0.0, 0.5),
    "frozen_blocks": (0, 13),
    "learning_rate": (1e-9, 1.0),
    "weight_decay": (0.0, 1.0),
    "ranking": (0.0, 100.0),
    "places": (0.0, 100.0),
    "early_stop": (0, 10_000),
    "save_seconds": (0.0, 86_400.0),
    "seed": (0, 2**31),
}


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """How a model is trained.

    Attributes:
        pictures: folders with a folder of pictures per character, and tables of pictures or boxes.
        output: folder of the bundle to write; its name is the model's name.
        cast: folder with cast.toml and icons, or None to name the characters after their folders.
        strangers: folders of pictures without anyone of the cast.
        boxes: tables like boxes.csv that say where somebody is.
        intervals: tables of labelled video, whose frames are learned from, too.
        dev: folder or table like `pictures` for choosing thresholds and measuring, or None to hold pictures out.
        held_out: share of the pictures held out where `dev` is None, 0-0.5; 0 learns from all and measures nothing.
        network: name of the network.
        arguments: what the network is built with.
        preprocessing: name of what is done to a picture before the network sees it.
        backbone: Keras `.weights.h5` file whose layers of the same names are taken over, or None.
        from_model: name or folder of a bundle of the same network whose weights training starts from, or None; where it
            knows another cast, all but those of its characters.
        stages: rounds before the others, as pairs of blocks of the backbone and rounds: what comes after these blocks
            learns on features of theirs that are calculated once.
        frozen_blocks: blocks of the backbone that are not trained after the stages, 0-13.
        input_size: (height, width) in px, each 32-2048.
        mix: shares of the kinds of training frames, or None for what suits the pictures (`suitable_mix`).
        set_mix: single settings of the mix that are changed, see `change_mix`.
        balance: how often a character is drawn: `sqrt`, by the root of the number of its pictures; `equal`; or `none`,
            by their number.
        epochs: number of rounds after the stages, >= 1.
        early_stop: rounds without a better figure after which training ends with the best weights, 0 for never.
        frames: frames drawn an epoch, >= 1.
        batch_size: frames a step, >= 1.
        optimizer: `adamw`, `adam` or `rmsprop`; empty for the network's usual one.
        learning_rate: highest rate, reached after the warm-up, > 0.
        weight_decay: of AdamW, >= 0.
        precision: one of `PRECISIONS`: what the network calculates in while it learns.
        doubt_from: round from which a score above 0.9 for somebody who may be there unnamed is not corrected any more.
        ranking: weight of the loss by which those who are named must come before all others, >= 0.
        places: weight of the loss by which maps must point where somebody is, >= 0.
        seed: of weights and frames, >= 0.
        runs: folder for the folder of this run, with its checkpoint, from which it can go on; None keeps none.
        save_seconds: time after which a checkpoint is due; one is saved at the end of every round in any case.
        note: why this run, one line.
        workers: threads that draw frames, >= 1.
        licence: of the weights, one line for the card.
        origin: of the pictures, one line for the card.
        overwrite: whether an existing bundle is replaced.

    Raises:
        OptionError: a value is outside its range.
    """

    pictures: tuple[Path, ...]
    output: Path
    cast: Path | None = None
    strangers: tuple[Path, ...] = ()
    boxes: tuple[Path, ...] = ()
    intervals: tuple[Path, ...] = ()
    dev: Path | None = None
    held_out: float = 0.1
    network: str = "mobilenet-detectors"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    preprocessing: str = DEFAULT_PREPROCESSING
    backbone: Path | None = None
    from_model: Path | None = None
    stages: tuple[tuple[int, int], ...] = ()
    frozen_blocks: int = 0
    input_size: tuple[int, int] = (144, 192)
    mix: FrameMix | None = None
    set_mix: MixSettings = field(default_factory=dict)
    balance: str = "sqrt"
    epochs: int = 10
    early_stop: int = 0
    frames: int = 16_000
    batch_size: int = 64
    optimizer: str = ""
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    precision: str = "float32"
    doubt_from: int = 3
    ranking: float = 0.5
    places: float = 0.2
    seed: int = 1
    runs: Path | None = None
    save_seconds: float = 120.0
    note: str = ""
    workers: int = 2
    licence: str = "not stated"
    origin: str = "not stated"
    overwrite: bool = False

    def __post_init__(self) -> None:
        for name in _AT_LEAST_ONE:
            check(getattr(self, name) >= 1, f"{name.replace('_', ' ')} must be 1 or more", getattr(self, name))
        for name, (lowest, highest) in _RANGES.items():
            value = getattr(self, name)
            check(lowest <= value <= highest, f"{name.replace('_', ' ')} must be {lowest} to {highest}", value)
        for side in self.input_size:
            check(32 <= side <= 2048, "input size must be 32 to 2048 px a side", self.input_size)
        for name, allowed in (("precision", PRECISIONS), ("balance", BALANCES)):
            check(getattr(self, name) in allowed, f"{name} must be one of {', '.join(allowed)}", getattr(self, name))
        for name in ("licence", "origin", "note"):
            text = getattr(self, name)
            check(is_line(text) or (name == "note" and not text), f"{name} must be one printable line", text)
        change_mix(self.mix or FrameMix(), self.set_mix)
        for blocks, epochs in self.stages:
            check(1 <= blocks <= 13 and epochs >= 1, "a stage is 1 to 13 blocks and 1 or more rounds", (blocks, epochs))
        kind = network_kind(self.network)
        kind.loss_of(self.arguments)
        if (self.frozen_blocks or self.stages) and not kind.block_end:
            raise OptionError(f"the network {self.network} has no backbone whose blocks could be frozen")

    @classmethod
    def for_network(cls, **given: Any) -> "TrainingOptions":
        """Make options where rounds, rate and input size that are not given, or None, are what suits the network."""
        kind = network_kind(given.get("network", cls.network))
        known = {name: value for name, value in given.items() if value is not None}
        usual = {name: getattr(kind, name) for name in ("epochs", "learning_rate", "input_size")}
        return cls(**usual | known)

    @property
    def steps(self) -> int:
        """Steps of the optimizer in an epoch."""
        return max(1, self.frames // self.batch_size)
