"""Model bundles on disk, read and found by name. Reading one runs no code of the bundle.

models/<name>/
  bundle.toml           name, network and arguments, input size, preprocessing, precision, SHA-256, licence, origin,
                        accuracy, calibration, characters with their thresholds, and the thresholds before these
  weights.safetensors   arrays by name, float16 or float32
  icons/<id>.png        one per character, where there is one
  MODEL_CARD.md         for people
"""

import difflib
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.calibration import UNCALIBRATED, Calibration
from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError
from vidtag.options import FLOAT32, INT8
from vidtag.records.calibrations import (
    MOST_CHOICES,
    ThresholdChoice,
    check_thresholds,
    parse_calibration,
    parse_choices,
    thresholds_of,
)
from vidtag.records.casts import parse_cast, read_toml
from vidtag.records.entries import MOST_LETTERS, check, is_line, is_number, take

TABLE, WEIGHTS, CARD = "bundle.toml", "weights.safetensors", "MODEL_CARD.md"
FORMATS = (1, 2)  # 2 has what changes the scores, preprocessing or calibration; a vidtag that only knows 1 must refuse
DEFAULT_PREPROCESSING = "pad"
VARIABLE = "VIDTAG_MODELS"
MOST_SIDE_PX = 2048
MOST_WEIGHTS_BYTES = 2_000_000_000

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ModelBundle:
    """A trained model: whom it knows, how it is built, where its weights lie.

    Attributes:
        name: 1-64 letters, digits, `.`, `_` or `-`.
        cast: column order of scores and thresholds.
        network: name of the network.
        input_size: (height, width) in px, each 32-2048.
        thresholds: (characters,) float32 above 0 and below 1; a calibrated score above means present.
        folder: where the bundle lies, or shall lie.
        sha256: of the weights file, 64 hexadecimal digits; nothing but zeros before there is one.
        arguments: what the network is built with; numbers, texts or booleans by name, a word each.
        licence: of the weights, one printable line.
        origin: of what it learned from, one printable line.
        accuracy: measured figures by name, a printable line each.
        preprocessing: name of what is done to a picture before the network sees it.
        precision: what the network is calculated in on a processor unless asked otherwise: `float32`, or `int8` where
            that was measured to do as well.
        calibration: what turns the network's scores into those that leave a predictor.
        chosen: how the thresholds were chosen, one printable line.
        before: earlier choices of thresholds, oldest first, at most 20.

    Raises:
        OptionError: a value is out of range or the lengths do not agree.
    """

    name: str
    cast: Cast
    network: str
    input_size: tuple[int, int]
    thresholds: NDArray[np.float32]
    folder: Path
    sha256: str = "0" * 64
    arguments: Mapping[str, Any] = field(default_factory=dict)
    licence: str = "not stated"
    origin: str = "not stated"
    accuracy: Mapping[str, float] = field(default_factory=dict)
    preprocessing: str = DEFAULT_PREPROCESSING
    precision: str = FLOAT32
    calibration: Calibration = UNCALIBRATED
    chosen: str = "not stated"
    before: tuple[ThresholdChoice, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name)
        for name in ("network", "preprocessing"):
            check(_NAME.fullmatch(getattr(self, name)), f"{name} must be a name", getattr(self, name))
        check(self.precision in (FLOAT32, INT8), f"precision must be {FLOAT32} or {INT8}", self.precision)
        sides = [side for side in self.input_size if type(side) is int and 32 <= side <= MOST_SIDE_PX]
        check(len(sides) == len(self.input_size) == 2, f"input_size must be two of 32-{MOST_SIDE_PX}", self.input_size)
        check(_DIGEST.fullmatch(self.sha256), "sha256 must be 64 hexadecimal digits", self.sha256)
        plain = all(name.isidentifier() and _is_plain(value) for name, value in self.arguments.items())
        check(plain, "arguments must be numbers or short texts, each with a word as its name", list(self.arguments))
        finite = all(is_line(name) and is_number(value) for name, value in self.accuracy.items())
        check(finite, "accuracy must be numbers, each with a printable name", list(self.accuracy))
        for name in ("licence", "origin", "chosen"):
            text = getattr(self, name)
            check(is_line(text), f"{name} must be one printable line of 1-{MOST_LETTERS} letters", text)
        check_thresholds(self.thresholds, len(self.cast))
        self.calibration.check_fits(len(self.cast))
        check(len(self.before) <= MOST_CHOICES, f"at most {MOST_CHOICES} earlier choices are kept", len(self.before))
        for choice in self.before:
            choice.check_fits(len(self.cast))

    @property
    def weights(self) -> Path:
        """The weights file."""
        return self.folder / WEIGHTS


def check_name(name: str) -> None:
    """Refuse what cannot name a model: it takes 1-64 letters, digits, `.`, `_` or `-`.

    Raises:
        OptionError: other signs, or too long.
    """
    check(_NAME.fullmatch(name), "a model's name must be 1-64 letters, digits, '.', '_' or '-'", name)


def load_bundle(folder: Path) -> ModelBundle:
    """Read a bundle and check its weights against the digest that it states.

    Raises:
        BundleError: a part is missing, wrong or of another format, or the digest differs.
    """
    path = folder / TABLE
    if not path.is_file():
        raise BundleError(f"{folder} is not a model bundle: it holds no {TABLE}")
    try:
        bundle = _parse(read_toml(path), folder)
    except (OSError, ValueError, ArithmeticError, RuntimeError, OptionError) as error:
        raise BundleError(f"{path}: {_one_line(error)}") from None
    _check_digest(bundle, _digest(bundle.weights))
    return bundle


def read_weights(bundle: ModelBundle) -> dict[str, NDArray[Any]]:
    """Read the arrays of a bundle's weights by name.

    Raises:
        BundleError: the file was changed since the bundle was read, is no safetensors file, or holds what NumPy has no
            type for, such as bfloat16.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        data = bundle.weights.read_bytes()
        _check_digest(bundle, hashlib.sha256(data).hexdigest())
        arrays = dict(load(data))
    except (SafetensorError, OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        raise BundleError(
            f"{bundle.weights} is not a safetensors file of float16 or float32 arrays ({_one_line(error)}); "
            "install the model again"
        ) from None
    for name, array in arrays.items():
        if not is_line(name):
            raise BundleError(f"{bundle.weights} names an array {name[:80]!r}, expected printable names")
        if array.dtype not in (np.float16, np.float32):  # TensorFlow teaches NumPy bfloat16 and the like
            raise BundleError(
                f"{bundle.weights} is not a safetensors file of float16 or float32 arrays ({name} is {array.dtype}); "
                "install the model again"
            )
    return arrays


def model_folders() -> list[Path]:
    """List the folders that bundles are looked for in, first come first served; they need not exist."""
    import platformdirs

    package = Path(__file__).resolve().parent.parent
    shipped = package / "shipped_models"
    return [
        *(Path(entry) for entry in os.environ.get(VARIABLE, "").split(os.pathsep) if entry),
        Path(platformdirs.user_data_dir("vidtag", appauthor=False)) / "models",
        shipped if shipped.is_dir() else package.parent / "models",
    ]


def installed_folders() -> dict[str, Path]:
    """Give the folder of each installed bundle by its name, unread; earlier places hide later ones of the same name."""
    found: dict[str, Path] = {}
    for place in model_folders():
        tables = sorted(place.glob(f"*/{TABLE}")) if place.is_dir() else []
        for table in tables:
            if not table.parent.name.startswith("."):
                found.setdefault(table.parent.name, table.parent)
    return found


def installed_bundles() -> list[ModelBundle]:
    """Read all installed bundles, by name; damaged ones are left out (`load_bundle` says what is wrong with one)."""
    bundles = []
    for _, folder in sorted(installed_folders().items()):
        try:
            bundles.append(load_bundle(folder))
        except BundleError:
            continue
    return bundles


def find_bundle(name_or_path: str | Path) -> ModelBundle:
    """Read the bundle of a folder, or else the installed one of a name.

    Args:
        name_or_path: such as `simpsons` or `models/my-show`; an existing folder with a bundle.toml is a path.

    Raises:
        BundleError: there is none, or it is damaged.
    """
    path = Path(name_or_path)
    if (path / TABLE).is_file():
        return load_bundle(path)
    if len(path.parts) != 1 or path.is_absolute() or path.parts[0] in ("..", "~"):
        raise BundleError(
            f"{path} is not a model bundle: it {'holds no ' + TABLE if path.is_dir() else 'does not exist'}"
        )
    installed = installed_folders()
    if str(name_or_path) in installed:
        return load_bundle(installed[str(name_or_path)])
    near = difflib.get_close_matches(str(name_or_path), installed, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"installed: {', '.join(sorted(installed)) or 'none'}."
    raise BundleError(f"no model is called {str(name_or_path)!r}; {hint} A folder with a {TABLE} can be given as well")


def _parse(table: Mapping[str, Any], folder: Path) -> ModelBundle:
    """Make a bundle of what bundle.toml says.

    Raises:
        OptionError: an entry is missing, of the wrong type or out of range.
    """
    written = take(table, "format", int)
    newest = FORMATS[-1]
    check(written in FORMATS, f"this vidtag reads bundles of format 1-{newest}; a newer vidtag may be needed", written)
    cast = parse_cast(table, folder)
    return ModelBundle(
        name=take(table, "name", str),
        cast=cast,
        network=take(table, "network", str),
        input_size=tuple(take(table, "input_size", list)),
        thresholds=thresholds_of([take(entry, "threshold", int | float) for entry in table["character"]]),
        sha256=take(table, "sha256", str),
        folder=folder,
        arguments=take(table, "arguments", dict),
        licence=take(table, "licence", str),
        origin=take(table, "origin", str),
        accuracy=take(table, "accuracy", dict),
        preprocessing=take(table, "preprocessing", str, DEFAULT_PREPROCESSING),
        precision=take(table, "precision", str, FLOAT32),
        calibration=parse_calibration(take(table, "calibration", dict, {})),
        chosen=take(table, "chosen", str, "not stated"),
        before=parse_choices(take(table, "before", list, [])),
    )


def _is_plain(value: object) -> bool:
    return isinstance(value, bool) or is_number(value) or (isinstance(value, str) and is_line(value))


def _one_line(error: Exception) -> str:
    """Give an error's text, which may quote the file, so that a terminal can show it."""
    return "".join(sign if sign.isprintable() else " " for sign in str(error)[:300])


def _check_digest(bundle: ModelBundle, found: str) -> None:
    if found != bundle.sha256:
        raise BundleError(
            f"{bundle.weights} is damaged or was changed: its SHA-256 is {found[:16]}…, {TABLE} expects "
            f"{bundle.sha256[:16]}…; install the model again"
        )


def _digest(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():  # a pipe would wait for ever
            raise BundleError(f"{path} is not a file; install the model again")
        if path.stat().st_size > MOST_WEIGHTS_BYTES:
            raise BundleError(f"{path} is larger than {MOST_WEIGHTS_BYTES // 1_000_000_000} GB")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BundleError(f"{path} cannot be read ({error.strerror}); install the model again") from None
