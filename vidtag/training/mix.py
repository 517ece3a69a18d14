"""How often each kind of training frame is drawn, and what scenes are like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vidtag.errors import OptionError
from vidtag.training.dataset import Example

KINDS = ("whole", "small", "beside", "scene", "nobody")


@dataclass(frozen=True, kw_only=True)
class FrameMix:
    """What the generator draws; the shares of the kinds add up to 1.

    Attributes:
        whole: one picture fitted into the frame, as a viewer's picture would be.
        small: one or two pictures, scaled down, off-centre on a ground without anyone.
        beside: two or three pictures side by side, now and then one of them without anyone.
        scene: one or more characters, cut out where that can be done, placed before a ground with little overlap.
        nobody: a frame without anyone.
        zoom: share of the pictures of which only a part is shown, as in a close-up, 0-1; never of completely labelled
            ones, where whoever has no box might be cut off unnoticed.
        tilt: share of the single pictures that are turned as a tilted camera or somebody lying would be, 0-1.
        stretch: share of the single pictures that fill the frame whatever their shape, as in films that are stored with
            a wrong pixel shape, 0-1.
        jitter: strength of the changes of colour and light, 0-1.
        fade: share of the frames that are darkened as by a fade to black, 0-1.
        crowd: probabilities of one, two, three … characters in a scene; add up to 1.
        scale: least and most size of a character in a scene, as a share of what would fit, above 0 up to 1.
        turn: most degrees that a cut-out or a tilted picture is turned either way, 0-180.
        least_visible: share of a character in a scene that must stay uncovered for it to count as present, 0-1.

    Raises:
        OptionError: a share is out of range or they do not add up to 1.
    """

    whole: float = 0.34
    small: float = 0.08
    beside: float = 0.32
    scene: float = 0.10
    nobody: float = 0.16
    zoom: float = 0.2
    tilt: float = 0.15
    stretch: float = 0.15
    jitter: float = 1.0
    fade: float = 0.03
    crowd: tuple[float, ...] = (0.35, 0.4, 0.2, 0.05)
    scale: tuple[float, float] = (0.25, 0.85)
    turn: float = 20.0
    least_visible: float = 0.4

    def __post_init__(self) -> None:
        shares = tuple(getattr(self, kind) for kind in KINDS)
        for name, values in (("shares of frames", shares), ("crowd", self.crowd)):
            if not values or not min(values) >= 0 or not abs(sum(values) - 1) <= 1e-6:
                raise OptionError(f"{name} must be 0 or more and add up to 1, got {values}")
        for name in ("zoom", "tilt", "stretch", "jitter", "fade", "turn", "least_visible"):
            most = 180.0 if name == "turn" else 1.0
            if not 0 <= getattr(self, name) <= most:
                raise OptionError(f"{name.replace('_', ' ')} must be 0 to {most:g}, got {getattr(self, name)}")
        if not 0 < self.scale[0] <= self.scale[1] <= 1:
            raise OptionError(f"scale must be two shares above 0 up to 1, the smaller first, got {self.scale}")

    def draw(self, random: np.random.Generator) -> str:
        """Pick the kind of a frame."""
        return KINDS[random.choice(len(KINDS), p=[getattr(self, kind) for kind in KINDS])]


def suitable_mix(examples: Sequence[Example]) -> FrameMix:
    """Give the usual mix; where most pictures are completely labelled scenes, they are mostly used as they are.

    Their light hardly changes either, because a fade to black may decide who still counts as present.
    """
    scenes = sum(example.complete for example in examples)
    if scenes > len(examples) / 2:
        return FrameMix(
            whole=0.86, small=0.0, beside=0.02, scene=0.0, nobody=0.12, tilt=0.0, stretch=0.0, jitter=0.15, fade=0.0
        )
    return FrameMix()
