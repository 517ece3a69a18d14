"""The connection to a Ray cluster, and whether any of its machines can do an episode."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

from vidtag.batch.needs import Needs
from vidtag.errors import OptionError, SetupError


def import_ray() -> Any:
    """Give the module; SetupError if it is not installed."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody unless the user wants it
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # no GPU asked for: leave those that are seen
    try:
        import ray
    except ImportError as error:
        raise SetupError(f"Ray is missing ({error}); install it: pip install 'vidtag[ray]'") from error
    return ray


@contextlib.contextmanager
def connected(needs: Needs) -> Iterator[None]:
    """Be connected to the cluster; one that the caller is connected to already is used and left connected.

    Raises:
        SetupError: Ray is not installed, or there is no cluster at the address.
        OptionError: no machine of the cluster has what an episode needs.
    """
    ray = import_ray()
    if ray.is_initialized():
        _check_room(needs)
        yield
        return
    try:
        with _signals_kept():
            ray.init(address=needs.address, logging_level="ERROR", log_to_driver=False)
    except (ConnectionError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
        why = str(error).strip().partition("\n")[0]
        where = f"at {needs.address}" if needs.address else "on this machine"
        raise SetupError(f"there is no Ray cluster {where} ({why}); start one: ray start --head") from error
    try:
        _check_room(needs)
        yield
    finally:
        ray.shutdown()


def has_room(needs: Needs) -> bool:
    """Say whether a machine that is alive has, when it is idle, what an episode needs."""
    return any(
        machine.get("CPU", 0) >= needs.cpus and machine.get("GPU", 0) >= needs.gpus for machine in _machines_alive()
    )


def _check_room(needs: Needs) -> None:
    if not has_room(needs):
        largest = max((machine.get("CPU", 0) for machine in _machines_alive()), default=0)
        raise OptionError(
            f"no machine of the cluster has {needs}, which an episode is to have; the largest has {largest:g} CPUs, "
            "see --cpus and --gpus"
        )


def _machines_alive() -> list[dict[str, float]]:
    return [node["Resources"] for node in import_ray().nodes() if node["Alive"]]


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Take back the handlers of signals that Ray sets: how vidtag is ended is decided elsewhere."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
