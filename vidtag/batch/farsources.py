"""Which films of a season lie at an address: all below a folder, those that a pattern matches, or one."""

import glob
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import PurePosixPath

from vidtag.batch.walking import TAGGED, is_tagged, is_video
from vidtag.errors import InputError
from vidtag.remote.addresses import Address, Place
from vidtag.remote.objects import Stored, can_be_listed, matching, stored_at, stored_below


def films_at(address: Address, out: Place, complain: Callable[[str], None]) -> Iterator[tuple[Address, Address]]:
    """Give the films that an address stands for, each with the folder that it counts from.

    Args:
        address: of a folder, a film, or a pattern.
        out: place of the results; nothing in it is taken, unless it is the season's folder itself.
        complain: called with a line for what is passed over although it is asked for.

    Raises:
        InputError: there is nothing.
        SetupError: a package for the protocol is missing.
    """
    if stored_at(address) is not None:
        if is_tagged(PurePosixPath(address.name)):
            complain(f"{address} is passed over: a name that ends with {TAGGED} before its suffix has the bar")
        else:
            yield address, address.folder
        return
    base, found = _listed(address) if can_be_listed(address) else (address, [])
    if not found:
        raise InputError(f"{address} does not exist; expected a folder with films, a film, or a pattern")
    for stored in found:
        if _is_film(stored.address, base) and not (isinstance(out, Address) and _is_in(stored.address, out, base)):
            yield stored.address, base


def _listed(address: Address) -> tuple[Address, list[Stored]]:
    """List a folder, or what a pattern matches, which counts from the folder before its first sign with a meaning."""
    if not glob.has_magic(address.path):
        return address, stored_below(address)
    plain = list(takewhile(lambda part: not glob.has_magic(part), address.path.split("/")))
    if not plain:
        raise InputError(f"{address} has no bucket; expected such as s3://shows/S*/*.mp4")
    return Address(address.protocol, "/".join(plain)), matching(address)


def _is_film(address: Address, base: Address) -> bool:
    below = PurePosixPath(address.path[len(base.path) + 1 :])
    return is_video(below) and not any(part.startswith(".") for part in below.parts)


def _is_in(address: Address, out: Address, base: Address) -> bool:
    return out != base and out.lies_in(base) and address.lies_in(out)
