"""Addresses such as `s3://bucket/season/E01.mp4`: which are taken, and their parts. No credentials may be in them."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from vidtag.errors import OptionError

STORES = ("s3", "gs", "memory")
"""Protocols whose folders can be listed and written to; an object is there whole or not at all."""

SINGLE = ("http", "https")
"""Protocols that give one film at a time."""

FILE = "file"  # what it names is a path
PROTOCOLS = (*STORES, *SINGLE, FILE)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_CREDENTIALS = re.compile(r"//[^/\s]*@")
_SECRETS = re.compile(r"(?i)([?&](?:x-amz-[a-z-]+|x-goog-[a-z-]+|signature|sig|token|key|awsaccesskeyid)=)[^&\s'\"]+")


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a film or the results of a batch lie; not a path of this machine.

    Attributes:
        protocol: one of `STORES` and `SINGLE`.
        path: the bucket or host, and what follows, without a slash at either end.
    """

    protocol: str
    path: str

    def __str__(self) -> str:
        return f"{self.protocol}://{self.path}"

    def __truediv__(self, below: str) -> Self:
        return type(self)(self.protocol, f"{self.path}/{below}")

    @property
    def name(self) -> str:
        """The last part."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> Self:
        """The address of what holds it; of a bucket, the bucket."""
        return type(self)(self.protocol, self.path.rpartition("/")[0] or self.path)

    @property
    def as_path(self) -> PurePosixPath:
        """The path from the outermost that there is, to be compared with those of other films."""
        return PurePosixPath("/", self.path)

    def lies_in(self, folder: "Address") -> bool:
        """Say whether it is a folder or lies below it."""
        return self.protocol == folder.protocol and f"{self.path}/".startswith(f"{folder.path}/")


Place = Path | Address
"""Where a film, or a folder of results, lies."""


def is_address(text: str) -> bool:
    """Say whether a text looks like an address, of whatever protocol."""
    return _SCHEME.match(text) is not None


def parse_place(text: str, among: tuple[str, ...] = PROTOCOLS) -> Place:
    """Read a path, or an address of some protocols; `file://` gives a path.

    >>> parse_place("s3://shows/season/")
    Address(protocol='s3', path='shows/season')
    >>> parse_place("file:///shows/season").as_posix()
    '/shows/season'

    Raises:
        OptionError: another protocol; user name, password or signature in it; no bucket or host; parts such as `..`.
    """
    found = _SCHEME.match(text)
    if found is None:
        return Path(text)
    protocol, rest = found[1].lower(), text[found.end() :]
    if protocol not in among:
        raise OptionError(
            f"addresses that begin with {protocol}:// are not taken here; expected a path, or an address that begins "
            f"with {', '.join(f'{name}://' for name in among)}"
        )
    if protocol == FILE:
        if not rest.startswith("/"):
            raise OptionError(f"expected file:/// and an absolute path, got {protocol}://{rest:.200}")
        return Path(rest)
    _check_no_credentials(protocol, rest)
    parts = rest.rstrip("/").split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in rest:
        raise OptionError(
            f"{protocol}://{rest:.200} has an empty part, '.' or '..'; expected such as s3://bucket/season"
        )
    return Address(protocol, "/".join(parts))


def _check_no_credentials(protocol: str, rest: str) -> None:
    """Refuse an address with a secret in it; it is not repeated, as messages end in logs.

    A slash in a password ends what looks like the host, so a colon counts as well where no port can follow it.
    """
    host = rest.partition("/")[0]
    _, colon, port = host.partition(":")
    odd = bool(colon) and (protocol not in SINGLE or not port.isdecimal())
    if "@" in host or (odd and not host.startswith("[")):
        raise OptionError(
            f"an address of {protocol}:// holds a user name or a password; leave them out, and give them by the "
            "environment or the configuration of the store"
        )
    if protocol in SINGLE and ("?" in rest or "#" in rest):
        raise OptionError(
            f"an address of {protocol}:// has a '?' or '#', behind which keys may stand; expected a plain address, or "
            "one of s3:// or gs://"
        )


def without_secrets(text: str) -> str:
    """Take what may be a user name, a password or a signature out of what a library says.

    >>> without_secrets("no answer from http://me:secret@host/x?X-Amz-Signature=abc")
    'no answer from http://host/x?X-Amz-Signature=…'
    """
    return _SECRETS.sub(r"\1…", _CREDENTIALS.sub("//", text))
