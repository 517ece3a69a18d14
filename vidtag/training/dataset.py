"""Reads listed pictures into memory as examples: shrunk, with their labels by column, boxes and cut-outs."""

import hashlib
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import InputError
from vidtag.training.listing import EVERYBODY, STRANGER, Listed

SMALLEST_SIDE_PX = 16
MOST_PIXELS = 40_000_000
MOST_BYTES = 200_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Example:
    """A picture in memory with what is known of it.

    Attributes:
        path: where it was read.
        picture: (height, width, 3) uint8 RGB.
        labels: (characters,) float32: 1 present, 0 surely absent, -1 absent as far as anybody said.
        boxes: (n, 5) float32 rows of column (-1 for a stranger), left, top, right, bottom as fractions of the picture.
        group: name of the episode or clip it is from; empty where nobody says.
        opacity: (height, width) uint8 of a cut-out, 255 where the character is; None for a full picture.
    """

    path: Path
    picture: NDArray[np.uint8]
    labels: NDArray[np.float32]
    boxes: NDArray[np.float32]
    group: str = ""
    opacity: NDArray[np.uint8] | None = None

    @classmethod
    def showing(
        cls, path: Path, picture: NDArray[np.uint8], columns: Sequence[int], characters: int, *, complete: bool = False
    ) -> "Example":
        """Make an example of a picture that shows the characters of some columns and, if complete, nobody else."""
        labels = np.full(characters, 0.0 if complete else -1.0, np.float32)
        labels[list(columns)] = 1.0
        return cls(path, picture, labels, np.zeros((0, 5), np.float32))

    @property
    def columns(self) -> tuple[int, ...]:
        """The characters it shows, as columns of the cast; empty for nobody."""
        return tuple(np.flatnonzero(self.labels == 1).tolist())

    @property
    def complete(self) -> bool:
        """Whether every character that it does not name is surely absent."""
        return bool((self.labels >= 0).all())


@dataclass(frozen=True, slots=True)
class Skipped:
    """A picture that was left out, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A decoded picture (height, width, 3), its opacity where it has one, and the SHA-256 of its file."""

    picture: NDArray[np.uint8]
    opacity: NDArray[np.uint8] | None
    digest: bytes


def load_examples(
    listed: Sequence[Listed], cast: Cast, longest_side_px: int, workers: int = 2
) -> tuple[list[Example], list[Skipped]]:
    """Read pictures into memory, shrunk to a longest side; those that cannot serve are reported, not raised.

    A file whose bytes were read before is skipped, and what its entry says is added to the first one's.

    Args:
        listed: what to read.
        cast: gives the columns.
        longest_side_px: larger pictures are shrunk to it.
        workers: threads that decode.

    Returns:
        The examples in the listed order, and the pictures that were skipped.

    Raises:
        InputError: a picture names a character that is not in the cast.
    """
    for entry in listed:
        _check_names(entry, cast)
    first: dict[bytes, int] = {}
    kept: list[tuple[Listed, _Read]] = []
    skipped = []
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda entry: _read(entry.path, longest_side_px), listed)
        for entry, answer in zip(listed, answers, strict=True):
            if isinstance(answer, str):
                skipped.append(Skipped(entry.path, answer))
            elif answer.digest in first:
                earlier, read = kept[first[answer.digest]]
                kept[first[answer.digest]] = earlier.merged(entry), read
                if entry.path.absolute() != earlier.path.absolute():  # else a folder and a table name the same file
                    skipped.append(Skipped(entry.path, f"is a copy of {earlier.path}"))
            else:
                first[answer.digest] = len(kept)
                kept.append((entry, answer))
    return [_example(entry, read, cast) for entry, read in kept], skipped


def read_picture(path: Path, longest_side_px: int) -> NDArray[np.uint8] | str:
    """Read a picture as (height, width, 3) uint8 RGB, shrunk to a longest side; or say why it cannot serve."""
    read = _read(path, longest_side_px)
    return read if isinstance(read, str) else read.picture


def _check_names(entry: Listed, cast: Cast) -> None:
    named = (*entry.characters, *(name for name in sorted(entry.known) if name != EVERYBODY))
    for identity in named:
        if identity not in cast.ids:
            raise InputError(f"{entry.path} names {identity!r}, who is not in the cast: {', '.join(cast.ids)}")


def _example(entry: Listed, read: _Read, cast: Cast) -> Example:
    columns = {identity: column for column, identity in enumerate(cast.ids)}
    labels = np.full(len(cast), 0.0 if entry.complete else -1.0, np.float32)
    labels[[columns[name] for name in entry.known if name != EVERYBODY]] = 0.0
    labels[[columns[name] for name in entry.characters]] = 1.0
    rows = [(-1 if box.character == STRANGER else columns[box.character], *box.corners) for box in entry.boxes]
    boxes = np.array(rows, np.float32).reshape(-1, 5)
    return Example(entry.path, read.picture, labels, boxes, entry.group, read.opacity)


def _read(path: Path, longest_side_px: int) -> _Read | str:
    from PIL import Image

    try:
        if not path.is_file():  # reading a pipe would wait for ever
            return "is no file"
        if path.stat().st_size > MOST_BYTES:
            return f"is too large (at most {MOST_BYTES // 1_000_000} MB are read)"
        with warnings.catch_warnings(), Image.open(path) as header:
            warnings.simplefilter("ignore")
            width, height = header.size
        data = path.read_bytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return f"cannot be read ({type(error).__name__})"
    if min(width, height) < SMALLEST_SIDE_PX:
        return f"is tiny ({width}x{height} px; at least {SMALLEST_SIDE_PX} a side are needed)"
    if width * height > MOST_PIXELS:
        return f"is huge ({width}x{height} px; at most {MOST_PIXELS // 1_000_000} million pixels are read)"
    decoded = _decode(data)
    if decoded is None:
        return "cannot be decoded"
    if decoded.shape[2] == 4 and not decoded[..., 3].any():
        return "is transparent all over"
    scale = longest_side_px / max(decoded.shape[:2])
    if scale < 1:
        size = (max(1, round(decoded.shape[1] * scale)), max(1, round(decoded.shape[0] * scale)))
        decoded = np.asarray(cv2.resize(decoded, size, interpolation=cv2.INTER_AREA), np.uint8)
    opacity = np.ascontiguousarray(decoded[..., 3]) if decoded.shape[2] == 4 else None
    picture = np.asarray(cv2.cvtColor(decoded[..., :3], cv2.COLOR_BGR2RGB), np.uint8)
    return _Read(picture, opacity, hashlib.sha256(data).digest())


def _decode(data: bytes) -> NDArray[np.uint8] | None:
    """Decode to (height, width, 3 or 4) uint8 BGR(A); 4 only where some of the picture is transparent."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # what is wrong with a picture is ours to say
    array = np.frombuffer(data, np.uint8)
    jpeg = data.startswith(b"\xff\xd8")
    decoded = None if jpeg else cv2.imdecode(array, cv2.IMREAD_UNCHANGED)
    if decoded is not None and decoded.ndim == 3 and decoded.shape[2] == 4 and decoded.dtype in (np.uint8, np.uint16):
        decoded = np.asarray(decoded >> 8, np.uint8) if decoded.dtype == np.uint16 else decoded
        return np.asarray(decoded, np.uint8) if decoded[..., 3].min() < 255 else np.asarray(decoded[..., :3], np.uint8)
    # What is grey or has 16 bits a channel becomes 8-bit BGR; a picture's Exif turn is honoured.
    decoded = cv2.imdecode(array, cv2.IMREAD_COLOR)
    return None if decoded is None else np.asarray(decoded, np.uint8)
