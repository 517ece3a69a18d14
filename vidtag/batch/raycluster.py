"""The connection to a Ray cluster, and whether any of its machines can do an episode."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

from vidtag.batch.needs import Needs
from vidtag.errors import OptionError, SetupError

CONNECTING_S = 10.0


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
def connected(needs: Needs) -> Iterator[Needs]:
    """Be connected to the cluster; one that the caller is connected to already is used and left connected.

    Gives the needs with a number of processors that a machine of this cluster has.

    Raises:
        SetupError: Ray is not installed, or there is no cluster at the address.
        OptionError: no machine of the cluster has what an episode needs.
    """
    ray = import_ray()
    if ray.is_initialized():
        yield _met(needs)
        return
    _check_somebody_listens(needs.address or os.environ.get("RAY_ADDRESS", ""))
    try:
        with _signals_kept():
            ray.init(address=needs.address, logging_level="ERROR", log_to_driver=False)
    except (ConnectionError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
        raise _no_cluster(needs.address, str(error).strip().partition("\n")[0]) from error
    try:
        yield _met(needs)
    finally:
        ray.shutdown()


def has_room(needs: Needs) -> bool:
    """Say whether a machine that is alive has, when it is idle, what an episode needs."""
    return any(
        machine.get("CPU", 0) >= (needs.cpus or 1) and machine.get("GPU", 0) >= needs.gpus
        for machine in _machines_alive()
    )


def _check_somebody_listens(address: str) -> None:
    """Find within `CONNECTING_S` that nobody does: Ray itself tries for a minute, and says so in lines of its own.

    Raises:
        SetupError: nobody listens at HOST:PORT; other forms of address are left to Ray.
    """
    host, colon, port = address.rpartition(":")
    if not colon or "/" in host or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECTING_S).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise _no_cluster(address, str(error)) from error


def _no_cluster(address: str | None, why: str) -> SetupError:
    where = f"at {address}" if address else "on this machine"
    return SetupError(f"there is no Ray cluster {where} ({why}); start one: ray start --head")


def _met(needs: Needs) -> Needs:
    """Give the needs with a number of processors; OptionError if no machine has what they ask for."""
    largest = max((machine.get("CPU", 0) for machine in _machines_alive()), default=0)
    needs = needs.of(largest)
    if not has_room(needs):
        raise OptionError(
            f"no machine of the cluster has {needs}, which an episode is to have; the largest has {largest:g} CPUs, "
            "see --cpus and --gpus"
        )
    return needs


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
