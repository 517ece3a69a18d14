"""Where jobs are done, by name."""

from collections.abc import Mapping

from vidtag.batch.jobs import Executor
from vidtag.batch.processes import run_in_processes
from vidtag.batch.rayexecutor import run_in_ray
from vidtag.batch.serial import run_serially
from vidtag.errors import OptionError

EXECUTORS: Mapping[str, Executor] = {"processes": run_in_processes, "serial": run_serially, "ray": run_in_ray}


def find_executor(name: str) -> Executor:
    """Give what does the jobs; OptionError names those there are."""
    if name not in EXECUTORS:
        raise OptionError(f"no executor is called {name!r}; there are: {', '.join(EXECUTORS)}")
    return EXECUTORS[name]
