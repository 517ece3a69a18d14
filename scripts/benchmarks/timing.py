"""How often a second something can be done."""

import time
from collections.abc import Callable
from math import ceil

_REPEATS = 3


def rates_of(
    run: Callable[[int], object], least_s: float, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Say how often a second something is done.

    Args:
        run: does it so many times and returns when all of it is done.
        least_s: how long a run must last to count, > 0; the number of times grows until it does.
        clock: gives seconds.

    Returns:
        Times per second, of three runs.
    """
    count, rates = 1, list[float]()
    run(count)  # what is compiled or allocated when it is first used
    while len(rates) < _REPEATS:
        start = clock()
        run(count)
        took = max(clock() - start, 1e-9)
        if took >= least_s:
            rates.append(count / took)
        else:
            count = max(2 * count, min(ceil(1.1 * count * least_s / took), 100 * count))
    return rates
