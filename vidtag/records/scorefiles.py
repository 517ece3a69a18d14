"""Score files: NumPy `.npz` without pickle, so that thresholds, reports and bars never run the network again.

values      (samples, characters) float32 in [0, 1]
times       (samples,) float64 seconds from the first frame of the episode, the middle of each slot
characters  (characters,) text, the ids in column order
thresholds  (characters,) float32 in [0, 1]
meta        JSON text: format, rate, start, end, to_end, duration, origin, frames, source, size, fingerprint, model,
            digest, backend, version, and of a damaged film unknown, a list of [start, end] in fractions of seconds
"""

import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.cast import Cast
from vidtag.errors import InputError, LimitError, VidtagError
from vidtag.scores import Provenance, Scores
from vidtag.signals import signals_held
from vidtag.timeline import Interval
from vidtag.times import parse_fraction
from vidtag.wholefile import check_target, whole_file

FORMATS = (1, 2)  # 2 has stretches of which nothing is known; a vidtag that only knows 1 would call them empty
MAX_BYTES = 1 << 30  # of all arrays together, unpacked: 250 hours of 19 characters and more

_ARRAYS = ("values", "times", "characters", "thresholds", "meta")
_FRACTIONS = ("rate", "start", "end", "origin")
_TEXTS = ("source", "fingerprint", "model", "digest", "backend", "version")
_NUMBERS = ("frames", "size")
_UNREADABLE = (  # what zipfile, zlib and NumPy raise on damaged archives
    *(OSError, LookupError, ValueError, EOFError, MemoryError, RuntimeError, SyntaxError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)


def save_scores(scores: Scores, target: Path, *, overwrite: bool = False) -> Path:
    """Write a score file, whole or not at all, and give its absolute path.

    Raises:
        OutputError: the target exists and may not be replaced, or it cannot be written.
    """
    target = check_target(target, overwrite=overwrite)
    with whole_file(target, overwrite=overwrite) as temporary:
        write_scores(scores, temporary)
    return target


def write_scores(scores: Scores, path: Path) -> None:
    """Write a score file right away into `path`, which may be left broken; raises OSError where that fails."""
    origin = scores.provenance
    meta: dict[str, Any] = {"format": FORMATS[1 if scores.unknown else 0]}
    meta |= {key: str(getattr(origin, key)) for key in _FRACTIONS}
    meta |= {key: getattr(origin, key) for key in (*_TEXTS, *_NUMBERS)}
    meta["to_end"] = origin.to_end
    meta["duration"] = float(origin.end - origin.start)
    if scores.unknown:
        meta["unknown"] = [[str(interval.start), str(interval.end)] for interval in scores.unknown]
    with path.open("wb") as stream:
        np.savez_compressed(
            stream,
            values=scores.values,
            times=scores.times,
            characters=np.array(scores.cast.ids),
            thresholds=scores.thresholds,
            meta=np.array(json.dumps(meta)),
        )


def load_scores(path: Path) -> Scores:
    """Read a score file; the cast has ids and plain names, but no icons.

    Raises:
        InputError: missing, or not a score file of this format.
        LimitError: its arrays would take more than `MAX_BYTES`.
    """
    arrays = _read_arrays(path)
    try:
        meta = json.loads(str(arrays["meta"]))
        if meta["format"] not in FORMATS:
            found = f"{meta['format']!r:.40}"
            raise InputError(f"{path} has format {found}, expected 1 or 2; analyze the episode again")
        origin: dict[str, Any] = {key: parse_fraction(_text(meta[key])) for key in _FRACTIONS}
        origin |= {key: _text(meta[key]) for key in _TEXTS}
        origin |= {key: _whole_number(meta[key]) for key in _NUMBERS}
        return Scores(
            values=arrays["values"],
            thresholds=arrays["thresholds"],
            cast=Cast.of(*map(str, arrays["characters"])),
            provenance=Provenance(**origin, to_end=meta["to_end"] is True),
            unknown=tuple(_interval(*ends) for ends in meta.get("unknown", ())),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise InputError(f"{path} is not a whole score file ({type(error).__name__}: {error})") from error
    except VidtagError as error:
        raise InputError(f"{path} is not a sound score file: {error}") from error


@signals_held()
def _read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    if not path.is_file():
        raise InputError(
            f"{path} {'is not a file' if path.exists() else 'does not exist'}; expected a score file (.npz)"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_BYTES:
            raise LimitError(f"{path} unpacks to {size} bytes; the limit for a score file is {MAX_BYTES}")
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in _ARRAYS}
    except _UNREADABLE as error:
        raise InputError(f"{path} is not a score file ({error}); expected what `vidtag analyze` writes") from error


def _interval(start: object, end: object) -> Interval:
    return Interval(parse_fraction(_text(start)), parse_fraction(_text(end)))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise TypeError(f"expected a short text, got {value!r:.80}")
    return value


def _whole_number(value: object) -> int:
    if type(value) is not int or not abs(value) < 1 << 63:
        raise TypeError(f"expected a whole number, got {type(value).__name__}")
    return value
