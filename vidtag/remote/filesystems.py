"""What reaches addresses: fsspec, with the packages of the protocols; its many errors become vidtag's own."""

import contextlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from vidtag.errors import SetupError, VidtagError
from vidtag.remote.addresses import Address, without_secrets

_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "s3": {"use_listings_cache": False, "max_concurrency": 2},  # parts of 50 MB that an upload holds at once
    "gs": {"use_listings_cache": False},
}
"""What is asked of the file system of a protocol; all else comes from its environment and configuration.

Listings are not kept: other runs write there, too.
"""


def filesystem(address: Address) -> Any:
    """Give fsspec's file system for an address; one a protocol and process.

    Raises:
        SetupError: fsspec, or its package for the protocol, is not installed.
    """
    return _filesystem(address.protocol)


@lru_cache
def _filesystem(protocol: str) -> Any:
    try:
        import fsspec

        return fsspec.filesystem(protocol, **_OPTIONS.get(protocol, {}))
    except ImportError as error:
        package = "gcsfs" if protocol == "gs" else "'vidtag[remote]'"
        raise SetupError(f"{protocol}:// needs a package that is missing ({error}); pip install {package}") from error


@contextlib.contextmanager
def reaching(address: Address, kind: type[VidtagError], what: str) -> Iterator[Any]:
    """Give the file system of an address; what goes wrong in the block becomes one kind of error.

    Args:
        address: what the block is about.
        kind: of the error.
        what: is said to be impossible, such as `be read`.

    Raises:
        SetupError: a package is missing.
    """
    found = filesystem(address)
    try:
        yield found
    except VidtagError:
        raise
    except Exception as error:  # botocore, aiohttp and others have no error in common with each other
        raise kind(f"{address} cannot {what} ({reason(error)}); {_REMEDY}") from error


_REMEDY = "check the address, the network, and the rights of the credentials that the environment gives"


def reason(error: BaseException) -> str:
    """Say in one line what a library complains of, without anything secret."""
    match error:
        case FileNotFoundError():
            return "it is not there"
        case PermissionError():
            return "access denied"
    text = without_secrets(" ".join(str(error).split()))
    return f"{type(error).__name__}: {text:.300}" if text else type(error).__name__
