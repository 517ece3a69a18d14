"""The state of a training run on disk: one safetensors file, written beside the old one and then put in its place."""

import json
import os
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import InputError, OutputError
from vidtag.wholefile import whole_file

NAME = "checkpoint.safetensors"

Figures = Mapping[str, float]


@dataclass(eq=False, slots=True, kw_only=True)
class Progress:
    """How far a run is; changes as it goes.

    Attributes:
        stage: number of the stage.
        epoch: epochs that are done.
        step: steps of the next epoch that are done.
        losses: of these steps.
        history: one mapping of figures per epoch.
        best: weights by name after the best epoch of the last stage, where it may stop early; empty before.
    """

    stage: int = 0
    epoch: int = 0
    step: int = 0
    losses: list[float] = field(default_factory=list)
    history: list[Figures] = field(default_factory=list)
    best: dict[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """What a run needs to go on.

    Attributes:
        progress: how far it is.
        arrays: what `Learner.state` gave.
        data: digest of what it learns from, which must not change between the parts of a run.
    """

    progress: Progress
    arrays: Mapping[str, NDArray[Any]]
    data: str


class CheckpointKeeper:
    """Keeps a run's checkpoint in a folder.

    Args:
        folder: of the run, or None to keep nothing.
        seconds: time after which the next one is due.
        data: digest of what is learned from.
    """

    def __init__(self, folder: Path | None, seconds: float = 0.0, data: str = "") -> None:
        self.folder, self._seconds, self._data = folder, seconds, data
        self._saved = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return self.folder is not None and time.monotonic() - self._saved >= self._seconds

    def save(self, progress: Progress, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Save the state of a run.

        Raises:
            OutputError: the disk refuses; the earlier checkpoint is as it was.
        """
        if self.folder is None:
            return
        try:
            save_checkpoint(self.folder, Checkpoint(progress, arrays, self._data))
        except OutputError as error:
            earlier = (
                "the earlier checkpoint is whole" if (self.folder / NAME).is_file() else "no checkpoint is kept yet"
            )
            raise OutputError(f"{error}; {earlier}") from error
        self._saved = time.monotonic()

    def load(self) -> Checkpoint | None:
        """Give the checkpoint, None where there is none yet.

        Raises:
            InputError: the file is not a checkpoint, or the run learned from other pictures.
        """
        saved = load_checkpoint(self.folder) if self.folder is not None else None
        if saved is not None and saved.data != self._data:
            raise InputError(
                f"the pictures are not those that the run {self.folder} began with: bring them back as they were, "
                "or begin a new run without --resume"
            )
        return saved

    @property
    def remedy(self) -> str:
        """How to go on with the run."""
        return f"`vidtag train --resume {shlex.quote(str(self.folder))}` goes on"


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a folder's checkpoint; the earlier one stays until the new one is complete and on the disk.

    Raises:
        OutputError: the folder cannot be written.
    """
    from safetensors.numpy import save

    progress = checkpoint.progress
    facts = {name: getattr(progress, name) for name in ("stage", "epoch", "step", "losses", "history")}
    facts |= {"data": checkpoint.data}
    arrays = {f"state/{name}": array for name, array in checkpoint.arrays.items()}
    arrays |= {f"best/{name}": array for name, array in progress.best.items()}
    ordered = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    with whole_file(folder / NAME) as fresh:
        fresh.write_bytes(save(ordered, metadata={"facts": json.dumps(facts)}))


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
        data = str(facts.pop("data"))
        progress = Progress(**facts, best=_part(arrays, "best/"))
        return Checkpoint(progress, _part(arrays, "state/"), data)
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is not a checkpoint of vidtag ({error}); remove it to start the run anew") from error


def _part(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
