"""The folder of a training run: what it was told, where it ran, how it went, and the state to go on from.

RUNS/<date>-<name>/
  run.json                  name, start, options, and the environment of each part of the run
  notes.md                  why; free to be added to
  history.csv               figures after each epoch
  curves.png                the same, drawn
  checkpoint.safetensors    the state
  result.json               figures and the model's folder, once it is finished
"""

import contextlib
import csv
import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from vidtag.errors import InputError, OutputError
from vidtag.hiddenfiles import PREFIX
from vidtag.training.checkpoints import Figures
from vidtag.training.options import TrainingOptions
from vidtag.training.optionsfile import options_of, plain_options
from vidtag.wholefile import whole_file

RUN, NOTES, HISTORY, CURVES, RESULT, LOCK = "run.json", "notes.md", "history.csv", "curves.png", "result.json", ".lock"
DEFAULT_RUNS = Path("runs")
FORMAT = 1
FINISHED, RUNNING, STOPPED = "finished", "running", "stopped"


@dataclass(frozen=True, slots=True)
class Run:
    """A run's folder and what it says.

    Attributes:
        folder: where it lies; its name is the run's name.
        started: local time, as ISO 8601.
        options: what it was told.
        parts: the environment of each part, oldest first: a run may be stopped and go on.
        writing: whether it has begun to write its model, which a further part may replace.
    """

    folder: Path
    started: str
    options: TrainingOptions
    parts: tuple[Mapping[str, Any], ...]
    writing: bool = False

    @property
    def note(self) -> str:
        """First line of its notes; empty without any."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return next(iter((self.folder / NOTES).read_text("utf-8").splitlines()), "").strip()
        return ""

    @property
    def state(self) -> str:
        """`FINISHED`, `RUNNING` or `STOPPED`."""
        if (self.folder / RESULT).is_file():
            return FINISHED
        return RUNNING if _is_locked(self.folder) else STOPPED

    def history(self) -> list[dict[str, float]]:
        """Read the figures of each epoch; none before the first has ended.

        Raises:
            InputError: the table is damaged.
        """
        path = self.folder / HISTORY
        if not path.is_file():
            return []
        try:
            with path.open(newline="", encoding="utf-8") as lines:
                rows = list(csv.DictReader(lines))
            return [{name: float(row[name]) for name in row if name != "epoch" and row[name]} for row in rows]
        except (OSError, ValueError, TypeError, csv.Error) as error:
            raise InputError(f"{path} is not the history of a run: {error}") from error

    def write_history(self, history: Sequence[Figures]) -> None:
        """Write the figures of each epoch.

        Raises:
            OutputError: the disk refuses.
        """
        names = list(dict.fromkeys(name for figures in history for name in figures))
        with whole_file(self.folder / HISTORY) as fresh, fresh.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, ["epoch", *names])
            table.writeheader()
            table.writerows({"epoch": epoch, **figures} for epoch, figures in enumerate(history, start=1))

    def finish(self, figures: Figures, model: Path) -> None:
        """Note that the model is written.

        Raises:
            OutputError: the disk refuses.
        """
        _write_json(self.folder / RESULT, {"ended": _now(), "figures": dict(figures), "model": str(model.absolute())})

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from going on with the same run; the lock ends with the process, however that ends.

        Raises:
            OutputError: another process is at it.
        """
        with (self.folder / LOCK).open("a", encoding="utf-8") as file:
            if not _try_lock(file):
                raise OutputError(f"{self.folder} is being trained by another process; wait for it or stop it")
            yield


def start_run(options: TrainingOptions) -> Run:
    """Make the folder of a new run in `options.runs`.

    Raises:
        OutputError: it cannot be made.
    """
    assert options.runs is not None
    started = _now()
    try:
        folder = _new_folder(options.runs, f"{started[:10]}-{options.output.absolute().name}")
    except OSError as error:
        raise OutputError(f"{options.runs} cannot be written ({error.strerror}); choose another --runs") from error
    run = Run(folder, started, options, ())
    if options.note:
        with whole_file(folder / NOTES) as fresh:
            fresh.write_text(options.note + "\n", "utf-8")
    _write_facts(run)
    return run


def continue_run(run: Run, environment: Mapping[str, Any]) -> Run:
    """Note where a further part of a run takes place, and remove what an earlier part was killed over.

    Raises:
        OutputError: the disk refuses.
    """
    for unfinished in run.folder.glob(f"{PREFIX}*"):
        unfinished.unlink(missing_ok=True)
    run = replace(run, parts=(*run.parts, {"started": _now(), **environment}))
    _write_facts(run)
    return run


def note_writing(run: Run) -> Run:
    """Note that a run begins to write its model, where nothing else lies.

    Raises:
        OutputError: the disk refuses.
    """
    run = replace(run, writing=True)
    _write_facts(run)
    return run


def read_run(folder: Path) -> Run:
    """Read the folder of a run.

    Raises:
        InputError: it is none, or of a later vidtag.
    """
    path = folder / RUN
    if not path.is_file():
        raise InputError(f"{folder} is not the folder of a training run: it holds no {RUN}")
    try:
        facts = json.loads(path.read_text("utf-8"))
        if facts["format"] != FORMAT:
            raise InputError(f"{path} is of format {facts['format']}, expected {FORMAT}; a newer vidtag may read it")
        options, writing = options_of(facts["options"], path), bool(facts.get("writing", False))
        return Run(folder, str(facts["started"]), options, tuple(map(dict, facts["parts"])), writing)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path} does not describe a training run: {error!r}") from error


def list_runs(folder: Path, report: Callable[[str], None]) -> list[Run]:
    """Read all runs in a folder, oldest first.

    Args:
        folder: which.
        report: called with a line for each run that cannot be read, which is left out.

    Raises:
        InputError: there is none.
    """
    places = sorted(path.parent for path in folder.glob(f"*/{RUN}"))
    if not places:
        raise InputError(f"{folder} holds no training runs; `vidtag train` puts them into runs/ unless told otherwise")
    found = []
    for place in places:
        try:
            found.append(read_run(place))
        except InputError as error:
            report(f"left out, as it is unreadable: {error}")
    return sorted(found, key=lambda run: run.started)


def _new_folder(runs: Path, name: str) -> Path:
    """Make a folder of that name, with a number behind it where there is one already."""
    runs.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = runs / (name if number == 1 else f"{name}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
        number += 1


def _write_facts(run: Run) -> None:
    facts = {"format": FORMAT, "started": run.started, "options": plain_options(run.options), "parts": list(run.parts)}
    _write_json(run.folder / RUN, {**facts, "writing": run.writing})


def _write_json(path: Path, facts: Mapping[str, Any]) -> None:
    with whole_file(path) as fresh:  # in ASCII, as the names of files need not be Unicode
        fresh.write_text(json.dumps(facts, indent=2) + "\n", "ascii")


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _is_locked(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("a", encoding="utf-8") as file:
            return not _try_lock(file)
    except OSError:
        return False


def _try_lock(file: IO[str]) -> bool:
    """Lock an open file until it is closed; False where another process has it. Systems without locks never have."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
