"""Films by their places, whether these are paths or addresses: are they there, how large are they, which are they."""

from pathlib import Path

from vidtag.errors import InputError, VidtagError
from vidtag.media.guard import check_readable
from vidtag.media.probe import fingerprint
from vidtag.remote.addresses import SINGLE, STORES, Place, is_address, parse_place
from vidtag.remote.objects import fingerprint_at, stored_at


def looked_at(film: Place) -> tuple[str, int]:
    """Give the fingerprint of a film and its size in bytes; reads three blocks.

    Raises:
        InputError: it is not there, empty, or cannot be read.
    """
    if isinstance(film, Path):
        return _looked_at_file(film)
    stored = stored_at(film)
    if stored is None:
        raise InputError(f"{film} does not exist; expected a video file")
    if not stored.size:
        raise InputError(f"{film} is empty (0 bytes); expected a video file")
    return fingerprint_at(stored), stored.size


def is_there(film: str) -> bool:
    """Say whether there is a film, by its place as text, as far as that can be told."""
    try:
        if not is_address(film):
            return Path(film).exists()
        place = parse_place(film, (*STORES, *SINGLE))
        return not isinstance(place, Path) and stored_at(place) is not None
    except VidtagError:
        return False


def _looked_at_file(path: Path) -> tuple[str, int]:
    try:
        return fingerprint(check_readable(path)), path.stat().st_size
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}); check the disk and its cable") from error
