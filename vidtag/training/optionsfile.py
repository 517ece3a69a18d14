"""Training options as plain values for a JSON file, and back."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vidtag.errors import InputError, VidtagError
from vidtag.training.mix import FrameMix
from vidtag.training.options import TrainingOptions

_PATHS = ("output", "cast", "dev", "backbone", "from_model", "runs")
_MANY_PATHS = ("pictures", "strangers", "boxes", "intervals")


def plain_options(options: TrainingOptions) -> dict[str, Any]:
    """Give options as values that JSON knows; paths are absolute, so that a run can go on from any folder."""
    return {field.name: _plain(getattr(options, field.name)) for field in dataclasses.fields(options)}


def options_of(plain: Mapping[str, Any], place: Path) -> TrainingOptions:
    """Make options of what `plain_options` gave.

    Args:
        plain: values by name; names that are missing have their defaults.
        place: file they come from, for the message.

    Raises:
        InputError: a name is unknown, or a value does not fit.
    """
    try:
        values = {name: value for name, value in plain.items() if value is not None}
        values |= {name: Path(values[name]) for name in _PATHS if name in values}
        values |= {name: tuple(map(Path, values[name])) for name in _MANY_PATHS if name in values}
        if "mix" in values:
            mix: dict[str, Any] = values["mix"]
            values["mix"] = FrameMix(**{key: _as_tuple(value) for key, value in mix.items()})
        if "input_size" in values:
            values["input_size"] = tuple(values["input_size"])
        values["set_mix"] = {name: tuple(given) for name, given in values.get("set_mix", {}).items()}
        values["stages"] = tuple((blocks, epochs) for blocks, epochs in values.get("stages", ()))
        return TrainingOptions(**values)
    except (TypeError, ValueError, AttributeError, VidtagError) as error:
        raise InputError(f"{place} holds no options of a training that this vidtag knows: {error}") from error


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value.absolute())
    if isinstance(value, FrameMix):
        return dataclasses.asdict(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value
