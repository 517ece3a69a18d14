"""Measures tasks in turn: every round runs each once, so that a slow minute of the machine hits all of them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .processes import Cost, measure, median_cost
from .tables import Row
from .tasks import Task

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """A task and what its runs cost, in order; at least one."""

    task: Task
    runs: tuple[Cost, ...]

    @property
    def median(self) -> Cost:
        """The median of each figure."""
        return median_cost(self.runs)


def run_in_turn(tasks: Sequence[Task], runs: int, say: Say, measure: Callable[..., Cost] = measure) -> list[Measured]:
    """Run tasks round by round.

    Args:
        tasks: in the order of the first round; every second round goes backwards.
        runs: rounds, >= 1.
        say: called with a line for each run.
        measure: what runs a command in an environment and gives its cost.

    Raises:
        CommandFailedError: a command fails.
    """
    costs: dict[str, list[Cost]] = {task.name: [] for task in tasks}
    for number in range(runs):
        for task in tasks[:: 1 if number % 2 == 0 else -1]:
            if task.once and costs[task.name]:
                continue
            cost = measure(task.command, task.environment)
            costs[task.name].append(cost)
            say(f"round {number + 1} of {runs}: {task.name} {cost.wall_s:.2f} s")
    return [Measured(task, tuple(costs[task.name])) for task in tasks]


def rows_of(measured: Sequence[Measured], **labels: Any) -> list[Row]:
    """Give plain values, a row a task.

    Args:
        measured: with every task's limit among them.
        labels: what is the same in all rows, such as the film.

    Returns:
        Rows with the labels, `name`, `limit`, `runs` (a `Cost` each, as a table), `median`, and `ratio`: each figure of
        the median divided by that of the limit; None for a limit.
    """
    medians = {one.task.name: asdict(one.median) for one in measured}
    rows = []
    for one in measured:
        name, limit = one.task.name, one.task.limit
        ratio = {key: _ratio(value, medians[limit][key]) for key, value in medians[name].items()} if limit else None
        runs = [asdict(cost) for cost in one.runs]
        rows.append({**labels, "name": name, "limit": limit, "runs": runs, "median": medians[name], "ratio": ratio})
    return rows


def _ratio(value: float, limit: float) -> float | None:
    return value / limit if limit else None
