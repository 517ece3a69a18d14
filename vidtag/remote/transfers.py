"""Films to this machine, results from it: whole or not at all, and somebody is told while it goes on."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vidtag.errors import InputError, OutputError
from vidtag.remote.addresses import Address
from vidtag.remote.filesystems import reaching

GoingOn = Callable[[], None]
"""Called now and then, in the thread that waits, as long as bytes arrive somewhere."""

_LOOK_EVERY_S = 0.5


def fetch(address: Address, size: int, target: Path, going_on: GoingOn = lambda: None) -> None:
    """Copy what lies at an address to a new file, which nobody else looks at before this returns.

    Args:
        address: of the file.
        size: that it is to have, in bytes.
        target: the file to write.
        going_on: told as long as something arrives.

    Raises:
        InputError: it cannot be read, or has another size.
        OutputError: the file cannot be written.
    """
    try:
        target.touch()
    except OSError as error:
        raise OutputError(f"{address} cannot be kept as {target} ({error.strerror}); set TMPDIR to another") from error
    with reaching(address, InputError, "be fetched") as found:
        _watched(lambda callback: found.get_file(str(address), str(target), callback=callback), going_on)
    came = target.stat().st_size
    if came != size:
        raise InputError(f"{address} had {size} bytes, but {came} came; run the batch again")


def store(source: Path, address: Address, going_on: GoingOn = lambda: None) -> None:
    """Copy a file to an address; what lay there is replaced when all has arrived, and not before.

    Raises:
        OutputError: it cannot be written.
    """
    with reaching(address, OutputError, "be written") as found:
        _watched(lambda callback: found.put_file(str(source), str(address), callback=callback), going_on)
        size, there = source.stat().st_size, found.info(str(address))["size"]
        if there != size:
            raise OutputError(f"{address} should have {size} bytes, but has {there}; run the batch again")


def discard(address: Address) -> None:
    """Remove what lies at an address, if it is there.

    Raises:
        OutputError: it cannot be removed.
    """
    with reaching(address, OutputError, "be removed") as found:
        try:
            found.rm_file(str(address))
        except FileNotFoundError:
            return


def _watched(transfer: Callable[[Any], None], going_on: GoingOn) -> None:
    """Transfer in a thread beside, and say so here whenever bytes have moved: how far an episode is belongs here."""
    from fsspec.callbacks import Callback

    moved = threading.Event()
    failed: list[BaseException] = []

    class Moving(Callback):  # type: ignore[misc]
        def call(self, *_arguments: Any, **_named: Any) -> None:
            moved.set()

    def run() -> None:
        try:
            transfer(Moving())
        except BaseException as error:
            failed.append(error)

    beside = threading.Thread(target=run, daemon=True)  # given up where this thread is ended
    beside.start()
    while beside.is_alive():
        beside.join(_LOOK_EVERY_S)
        if moved.is_set():
            moved.clear()
            going_on()
    if failed:
        raise failed[0]
