"""Live bars of a batch on a terminal: a line an episode in work, and one for all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from vidtag.batch.events import Begun, Ended, Event, Failed, Finished, Noted, Progressed, Started
from vidtag.cli.batchwords import Overall, one_line, spoken
from vidtag.times import format_time

LEAST_NAME, FIGURES = 12, 52  # columns for the name at least, and for all that stands behind it


@contextmanager
def bars() -> Iterator[Callable[[Event], None]]:
    """Show the bars on stderr until the block ends; give what is told of events."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=16),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[figures]}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bars(console, progress).show


class _Bars:
    def __init__(self, console: Console, progress: Progress) -> None:
        self._console, self._progress, self._all = console, progress, Overall()
        self._tasks: dict[str, TaskID] = {}
        self._whole = progress.add_task("all", total=None, figures="")
        self._columns = max(LEAST_NAME, console.width - FIGURES)

    def show(self, event: Event) -> None:
        """Bring the bars up to date; what ends an episode becomes a line above them."""
        self._all.add(event)
        match event:
            case Begun():
                name = self._shortened(event.episode)
                self._tasks[event.episode] = self._progress.add_task(name, total=None, figures="")
            case Progressed():
                self._move(event)
            case Finished() | Failed():
                self._end(event.episode)
        if isinstance(event, Started | Finished | Failed | Noted | Ended):
            self._console.print(one_line(spoken(event) or ""), markup=False, highlight=False)
        left = self._all.left_s
        figures = "" if left is None else f"{format_time(left)} left"
        self._progress.update(self._whole, completed=self._all.done, total=self._all.size or None, figures=figures)

    def _move(self, event: Progressed) -> None:
        rest = (event.total_s or 0) - event.done_s
        left = f", {format_time(rest / event.speed)} left" if event.speed and rest > 0 else ""
        figures = f"{event.speed:.1f} x real time{left}"
        task = self._tasks[event.episode]
        self._progress.update(task, completed=event.done_s, total=event.total_s, figures=figures)

    def _end(self, episode: str) -> None:
        task = self._tasks.pop(episode, None)
        if task is not None:
            self._progress.remove_task(task)

    def _shortened(self, name: str) -> str:
        shown = one_line(name)
        return shown if len(shown) <= self._columns else "…" + shown[1 - self._columns :]
