"""What lies at addresses: is it there, how large is it, what lies below, which film is it. Nothing is fetched whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from vidtag.errors import InputError
from vidtag.media.probe import fingerprint_of
from vidtag.remote.addresses import SINGLE, Address
from vidtag.remote.filesystems import reaching


@dataclass(frozen=True, slots=True)
class Stored:
    """A file at an address.

    Attributes:
        address: where it lies.
        size: in bytes, >= 0.
    """

    address: Address
    size: int


def stored_at(address: Address) -> Stored | None:
    """Give the file that lies at an address, None if there is none.

    Raises:
        InputError: it cannot be told, or the server says no size.
    """
    with reaching(address, InputError, "be looked at") as found:
        try:
            info = found.info(str(address))
        except FileNotFoundError:
            return None
        if info["type"] != "file":
            return None
        if not isinstance(info.get("size"), int):
            raise InputError(f"{address} is of unknown size, as its server says none; fetch it and give its path")
        return Stored(address, info["size"])


def stored_below(folder: Address) -> list[Stored]:
    """List the files below an address, by their names; none if there is no such folder.

    Raises:
        InputError: it cannot be listed.
    """
    with reaching(folder, InputError, "be listed") as found:
        listed = found.find(str(folder), detail=True)
        return sorted(_files(folder, listed.items()), key=lambda stored: stored.address)


def matching(pattern: Address) -> list[Stored]:
    """List the files that a pattern such as `s3://shows/S*/*.mp4` matches, and those below the folders it matches.

    Raises:
        InputError: the pattern is none, or its place cannot be listed.
    """
    with reaching(pattern, InputError, "be listed") as found:
        matches = found.glob(str(pattern), detail=True)
        files = {stored.address: stored for stored in _files(pattern, matches.items())}
        folders = [name for name, info in matches.items() if info["type"] == "directory"]
    for folder in (_address(pattern.protocol, name) for name in folders):
        if folder is not None:
            files |= {stored.address: stored for stored in stored_below(folder)}
    return [files[address] for address in sorted(files)]


def fingerprint_at(stored: Stored) -> str:
    """Hash what tells a film from another, as `fingerprint` does for a path; reads three blocks.

    Raises:
        InputError: it cannot be read, or its server gives no parts of files.
    """

    def read(position: int, count: int) -> bytes:
        end = min(position + count, stored.size)
        block: bytes = found.cat_file(str(stored.address), start=position, end=end)
        if len(block) != end - position:
            raise InputError(f"{stored.address}: its server gives no parts of files; fetch it and give its path")
        return block

    with reaching(stored.address, InputError, "be read") as found:
        return fingerprint_of(stored.size, read)


def can_be_listed(address: Address) -> bool:
    """Say whether an address may be a folder or a pattern."""
    return address.protocol not in SINGLE


def _files(near: Address, listed: Iterable[tuple[str, Any]]) -> Iterator[Stored]:
    for name, info in listed:
        address = _address(near.protocol, name) if info["type"] == "file" else None
        if address is not None:
            yield Stored(address, int(info["size"]))


def _address(protocol: str, name: str) -> Address | None:
    """Make an address of a name as fsspec lists it; None if it has parts that no path can have.

    Results are named after films: a part `..` would lead out of their folder.
    """
    parts = name.removeprefix(f"{protocol}://").strip("/").split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in name:
        return None
    return Address(protocol, "/".join(parts))
