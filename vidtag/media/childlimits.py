"""What a child process may use: memory, open files, written files. Where the platform has no such limits, nothing."""

import contextlib

from vidtag.limits import current_limits

MAX_FILES = 256
INSPECTION_S = 60  # seconds of processor time for looking into a file without reading it through

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def limit_child(pid: int, *, writes: bool) -> None:
    """Limit a child that has just been started (Linux only); its own children inherit the limits.

    Memory is counted as what it may write to: reserved addresses, of which every thread has many, cost nothing.

    Args:
        pid: of the child.
        writes: whether it may write files; pipes are none.
    """
    if not hasattr(resource, "prlimit"):
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it may have ended already
        for kind, most in _limits(writes).items():
            resource.prlimit(pid, kind, (most, most))


def limit_inspection(*, whole: bool) -> None:
    """Limit this process, which looks into a file: it writes no file, and is given `INSPECTION_S`.

    Args:
        whole: whether it reads the file through, which takes as long as it takes.
    """
    if resource is None:
        return
    limits = _limits(writes=False) | ({} if whole else {resource.RLIMIT_CPU: INSPECTION_S})
    for kind, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # there is a lower one already
            resource.setrlimit(kind, (most, most))


def _limits(writes: bool) -> dict[int, int]:
    limits = {
        resource.RLIMIT_DATA: current_limits().memory_bytes,
        resource.RLIMIT_NOFILE: MAX_FILES,
        resource.RLIMIT_CORE: 0,
    }
    return limits if writes else limits | {resource.RLIMIT_FSIZE: 0}
