"""Changes single settings of the mix of training frames, as `--set-mix NAME=VALUE` gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from vidtag.errors import OptionError
from vidtag.training.mix import KINDS, FrameMix

MixSettings = Mapping[str, tuple[float, ...]]
"""Values by the names of `FrameMix`'s attributes; one value, or several for `crowd` and `scale`."""


def parse_mix_settings(texts: Sequence[str]) -> MixSettings:
    """Read settings such as `scene=0.5` or `crowd=0.5,0.3,0.2`.

    Raises:
        OptionError: a name that the mix does not have, or something else than numbers.

    >>> parse_mix_settings(["scene=0.5", "scale=0.3,0.6"])
    {'scene': (0.5,), 'scale': (0.3, 0.6)}
    """
    known = [field.name for field in fields(FrameMix)]
    settings: dict[str, tuple[float, ...]] = {}
    for text in texts:
        name, _, values = text.partition("=")
        if name not in known:
            raise OptionError(f"the mix of frames has no {name!r}; there are {', '.join(known)}")
        try:
            settings[name] = tuple(float(value) for value in values.split(","))
        except ValueError:
            raise OptionError(f"expected NAME=NUMBER such as scene=0.5, got {text!r}") from None
    return settings


def change_mix(mix: FrameMix, settings: MixSettings) -> FrameMix:
    """Change some settings; the shares of kinds that are not named shrink or grow together, so that all add up to 1.

    Raises:
        OptionError: a value is out of its range, or there is not the number of values that a setting takes.
    """
    changes: dict[str, Any] = {}
    for name, values in settings.items():
        wanted = {"crowd": len(values), "scale": 2}.get(name, 1)
        if len(values) != wanted:
            raise OptionError(f"{name} takes {'one value' if wanted == 1 else 'two values'}, got {len(values)}")
        changes[name] = values if isinstance(getattr(mix, name), tuple) else values[0]
    if named := [kind for kind in KINDS if kind in changes]:
        left = 1 - sum(changes[kind] for kind in named)
        others = {kind: getattr(mix, kind) for kind in KINDS if kind not in named}
        whole = sum(others.values())
        changes |= {kind: max(0.0, left) * share / whole if whole else share for kind, share in others.items()}
    return replace(mix, **changes)
