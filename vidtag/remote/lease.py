"""One run at a time at an address: an object that its run renews, and that counts no more when nobody does.

The store knows no process, so nothing lets go of a lock when its run dies. Whoever finds a lock watches it: if it is
renewed, its run lives; if it is not for `LEASE_S`, it is taken over. Clocks of different machines are not compared.
"""

import contextlib
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator

from vidtag.errors import InputError, LockedError, OutputError, VidtagError
from vidtag.remote.addresses import Address
from vidtag.remote.filesystems import reaching

NAME = ".vidtag.lock"
RENEW_S = 5.0
LEASE_S = 30.0
_LOOK_EVERY_S = 1.0


class Lease:
    """A lock that this process holds and renews.

    Args:
        folder: that it is a lock of.
        token: tells the holder from all others.
    """

    def __init__(self, folder: Address, token: str) -> None:
        self._folder, self._address, self._token = folder, folder / NAME, token
        self._count = 0
        self._renewed = time.monotonic()
        self._is_lost = False

    def check(self) -> None:
        """Raise LockedError if another run has taken the lock, or may have."""
        if self._is_lost or time.monotonic() - self._renewed > LEASE_S:
            raise LockedError(
                f"{self._folder} could not be held: for {LEASE_S:g} s its lock was not renewed, and another run may "
                "write there now; run the batch again"
            )

    def take(self, *, over: bool) -> bool:
        """Write the lock; gives whether it is there now. Raises OutputError if it cannot be written.

        Args:
            over: replace the one that is there.
        """
        with reaching(self._address, OutputError, "be written") as found:
            try:
                found.pipe_file(str(self._address), self._text(), mode="overwrite" if over else "create")
            except OSError:  # FileExistsError, or what the store says instead
                if not over and read_lock(self._folder) is not None:
                    return False
                raise
        self._renewed = time.monotonic()
        return True

    def is_own(self) -> bool:
        """Say whether the lock that is there is this one."""
        held = read_lock(self._folder)
        return held is not None and _holder(held)[0] == self._token

    def renew(self) -> None:
        """Say that the run lives, if the lock is still its own."""
        with contextlib.suppress(VidtagError):  # the network is away; whether for too long, `check` says
            if not self.is_own():
                self._is_lost = True
                return
            self._count += 1
            self.take(over=True)

    def release(self) -> None:
        """Remove the lock, if it is still its own."""
        with contextlib.suppress(VidtagError), reaching(self._address, OutputError, "be removed") as found:
            if self.is_own():
                found.rm_file(str(self._address))

    def _text(self) -> bytes:
        return json.dumps([self._token, socket.gethostname(), os.getpid(), self._count]).encode()


@contextlib.contextmanager
def leased(folder: Address, say: Callable[[str], None] = lambda text: None) -> Iterator[Lease]:
    """Hold an address for this process; a lock that is there is watched, see above.

    Args:
        folder: where the results go.
        say: called with a line before a lock is watched.

    Raises:
        LockedError: another run holds it.
        OutputError: the lock cannot be written.
    """
    lease = Lease(folder, secrets.token_hex(8))
    if read_lock(folder) is not None or not lease.take(over=False):  # not every store refuses to replace
        _take_over(folder, lease, say)
    ending = threading.Event()

    def keep() -> None:
        while not ending.wait(RENEW_S):
            lease.renew()

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        ending.set()
        keeper.join()
        lease.release()


def read_lock(folder: Address) -> bytes | None:
    """Read the lock of an address, None if there is none; InputError if it cannot be read."""
    with reaching(folder / NAME, InputError, "be read") as found:
        try:
            return bytes(found.cat_file(str(folder / NAME)))
        except FileNotFoundError:
            return None


def _take_over(folder: Address, lease: Lease, say: Callable[[str], None]) -> None:
    """Watch a lock until its run shows that it lives, or it has gone, or time is up; then take it.

    Of several that take it over at once the last one has it: all look again when all must have written.
    """
    held = read_lock(folder)
    say(f"{folder} has the lock of a run{_on(held)}; waiting up to {LEASE_S:g} s whether it lives")
    last = time.monotonic() + LEASE_S
    while time.monotonic() < last:
        time.sleep(min(_LOOK_EVERY_S, LEASE_S / 4))
        now = read_lock(folder)
        if now is None:
            if lease.take(over=False):
                return
            raise LockedError(_in_use(folder, read_lock(folder)))
        if now != held:
            raise LockedError(_in_use(folder, now))
    lease.take(over=True)
    time.sleep(2 * min(_LOOK_EVERY_S, LEASE_S / 4))
    if not lease.is_own():
        raise LockedError(_in_use(folder, read_lock(folder)))


def _in_use(folder: Address, held: bytes | None) -> str:
    return f"{folder} is being written by another run{_on(held)}; wait for it, or choose another output"


def _holder(held: bytes) -> tuple[str, str]:
    """Give the token and who holds it, both empty if that cannot be read."""
    try:
        token, machine, process, _ = json.loads(held)
        return str(token), f"process {int(process)} on {machine!s:.100}"
    except (ValueError, TypeError):
        return "", ""


def _on(held: bytes | None) -> str:
    who = _holder(held)[1] if held else ""
    return f" ({who})" if who else ""
