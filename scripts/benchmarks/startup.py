"""How long it takes until commands answer, or until encoding begins."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

from .films import Film
from .processes import CommandFailedError, end_command, measure, start_command
from .rounds import Say
from .tables import Row
from .tasks import Contender, Task, encode

_LOOK_S = 0.002  # between two looks for the film's first bytes
_LEAST_RUNS = 5
_PRESET = "veryfast"


def start_up(film: Film, *, contender: Contender, runs: int, folder: Path, say: Say) -> list[Row]:
    """Measure start-up times in turn.

    Args:
        film: what is annotated; one as long as its file's header takes to be written, some seconds, is enough.
        contender: the vidtag.
        runs: rounds; five at least are made.
        folder: for temporary files.
        say: called with a line for each row.

    Returns:
        Rows with `name`, `runs` in seconds, in order, and their `median`.
    """
    scoring = contender.analyze(film, folder)
    measure(scoring.command, scoring.environment)
    scores = folder / "film.scores.npz"
    empty = folder / "start-up"
    empty.mkdir(exist_ok=True)
    whole = partial(_whole_run, contender)
    tries: dict[str, Callable[[], float]] = {
        "--help": partial(whole, "--help"),
        "report": partial(whole, "report", scores, "-o", folder / "report.csv", "--overwrite"),
        "annotate, until it encodes": partial(time_to_encoding, contender.annotate(film, empty, _PRESET), empty),
        "plain re-encode, until it encodes": partial(time_to_encoding, encode(film, empty, _PRESET), empty),
    }
    seconds: dict[str, list[float]] = {name: [] for name in tries}
    for _ in range(max(runs, _LEAST_RUNS)):
        for name, attempt in tries.items():
            seconds[name].append(attempt())
    for name, taken in seconds.items():
        say(f"start-up: {name} {median(taken):.3f} s")
    return [{"name": name, "runs": taken, "median": median(taken)} for name, taken in seconds.items()]


def _whole_run(contender: Contender, *words: object) -> float:
    return measure(contender.vidtag(*words), contender.environment).wall_s


def time_to_encoding(task: Task, folder: Path) -> float:
    """Run a task until the film that it writes is no longer empty, end it, and give the seconds that this took.

    ffmpeg writes the first bytes, the header, when its encoder has been opened, which it is by the first frame that
    comes out of the filters. vidtag writes the film under a temporary name with the suffix of the film.

    Args:
        task: writes a film (.mp4) into the folder.
        folder: holds nothing else; it is emptied.

    Raises:
        CommandFailedError: the task ended before.
    """
    for path in folder.iterdir():
        path.unlink()
    with TemporaryFile() as said:
        start = time.perf_counter()
        process = start_command(task.command, said, task.environment)
        try:
            while not _film_has_begun(folder):
                if process.poll() is not None and not _film_has_begun(folder):
                    raise CommandFailedError(f"{task.name} ended with exit code {process.returncode} without a film")
                time.sleep(_LOOK_S)
            return time.perf_counter() - start
        finally:
            end_command(process)


def _film_has_begun(folder: Path) -> bool:
    for path in folder.iterdir():
        try:
            if path.suffix == ".mp4" and path.stat().st_size:
                return True
        except OSError:  # it has just got its name
            continue
    return False
