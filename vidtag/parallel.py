"""Work on the pieces of a film side by side, in threads that mostly wait for an ffmpeg each."""

import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

Work = Callable[[], None]


def side_by_side(works: Sequence[Work], stops: Sequence[Work]) -> None:
    """Do all works at once and wait for all; if one fails, or a Ctrl-C comes, the others are stopped.

    Args:
        works: what to do.
        stops: what ends each work soon, called from another thread; it may then fail in whatever way.

    Raises:
        BaseException: what the work raised that failed first.
    """
    ended: SimpleQueue[BaseException | None] = SimpleQueue()
    threads = [threading.Thread(target=_run, args=(work, ended), daemon=True) for work in works]
    failure: BaseException | None = None
    try:
        for thread in threads:
            thread.start()
        for _ in works:
            error = ended.get()
            if error is not None and failure is None:
                failure = error
                _call(stops)
    except BaseException:
        _call(stops)
        raise
    finally:
        for thread in threads:
            if thread.ident is not None:  # it was started
                thread.join()
    if failure is not None:
        raise failure


def _run(work: Work, ended: "SimpleQueue[BaseException | None]") -> None:
    try:
        work()
    except BaseException as error:
        ended.put(error)
    else:
        ended.put(None)


def _call(stops: Sequence[Work]) -> None:
    for stop in stops:
        stop()


class Sum:
    """Adds up how far several threads are.

    Args:
        report: called with the sum whenever it grows, by one thread at a time.
    """

    def __init__(self, report: Callable[[float], None]) -> None:
        self._report = report
        self._parts: dict[int, float] = {}
        self._turn = threading.Lock()

    def part(self, number: int) -> Callable[[float], None]:
        """Give what one thread calls with how far it is."""

        def add(done: float) -> None:
            with self._turn:
                self._parts[number] = done
                self._report(sum(self._parts.values()))

        return add
