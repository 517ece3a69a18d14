"""The state of a training run on disk: one safetensors file, written beside the old one and then put in its place."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import InputError, OutputError

NAME = "last.safetensors"


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """What a run needs to go on.

    Attributes:
        epoch: epochs that are done.
        arrays: variables of network and optimizer by name.
        fingerprint: text of everything that must not change between the parts of a run.
        history: one mapping of figures per epoch.
    """

    epoch: int
    arrays: Mapping[str, NDArray[np.float32]]
    fingerprint: str
    history: tuple[Mapping[str, float], ...]


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint; the earlier one stays until the new one is complete.

    Raises:
        OutputError: the folder cannot be written.
    """
    from safetensors.numpy import save_file

    facts = {"epoch": checkpoint.epoch, "fingerprint": checkpoint.fingerprint, "history": list(checkpoint.history)}
    fresh = folder / f".{NAME}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {name: np.asarray(array, order="C") for name, array in checkpoint.arrays.items()}
        save_file(arrays, fresh, metadata={"facts": json.dumps(facts)})
        fresh.replace(folder / NAME)
    except Exception as error:
        fresh.unlink(missing_ok=True)
        raise OutputError(f"{folder}: the checkpoint cannot be written: {error}") from error


def load_checkpoint(folder: Path) -> Checkpoint | None:
    """Read a folder's checkpoint; None where there is none.

    Raises:
        InputError: the file is not a checkpoint.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / NAME
    if not path.is_file():
        return None
    try:
        with safe_open(os.fspath(path), framework="numpy") as file:
            facts = json.loads((file.metadata() or {})["facts"])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        return Checkpoint(int(facts["epoch"]), arrays, str(facts["fingerprint"]), tuple(facts["history"]))
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise InputError(f"{path} is not a checkpoint of vidtag ({error}); remove it to start anew") from error
