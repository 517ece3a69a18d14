"""Model bundles on disk, read and found by name. Reading one runs no code of the bundle.

models/<name>/
  bundle.toml           name, network and arguments, input size, SHA-256, licence, origin, accuracy, characters
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

from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError
from vidtag.records.casts import parse_cast, read_toml

TABLE, WEIGHTS, CARD = "bundle.toml", "weights.safetensors", "MODEL_CARD.md"
FORMAT = 1
VARIABLE = "VIDTAG_MODELS"
MOST_SIDE_PX = 2048
MOST_LETTERS = 1000
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
        thresholds: (characters,) float32 above 0 and below 1; a score above means present.
        folder: where the bundle lies, or shall lie.
        sha256: of the weights file, 64 hexadecimal digits; nothing but zeros before there is one.
        arguments: what the network is built with; numbers, texts or booleans by name, a word each.
        licence: of the weights, one printable line.
        origin: of what it learned from, one printable line.
        accuracy: measured figures by name, a printable line each.

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

    def __post_init__(self) -> None:
        check_name(self.name)
        _check(_NAME.fullmatch(self.network), "network must be a name", self.network)
        sides = [side for side in self.input_size if type(side) is int and 32 <= side <= MOST_SIDE_PX]
        _check(len(sides) == len(self.input_size) == 2, f"input_size must be two of 32-{MOST_SIDE_PX}", self.input_size)
        _check(_DIGEST.fullmatch(self.sha256), "sha256 must be 64 hexadecimal digits", self.sha256)
        plain = all(name.isidentifier() and _is_plain(value) for name, value in self.arguments.items())
        _check(plain, "arguments must be numbers or short texts, each with a word as its name", list(self.arguments))
        finite = all(_is_line(name) and _is_number(value) for name, value in self.accuracy.items())
        _check(finite, "accuracy must be numbers, each with a printable name", list(self.accuracy))
        for name in ("licence", "origin"):
            text = getattr(self, name)
            _check(_is_line(text), f"{name} must be one printable line of 1-{MOST_LETTERS} letters", text)
        fits = self.thresholds.shape == (len(self.cast),) and bool(
            ((self.thresholds > 0) & (self.thresholds < 1)).all()
        )
        _check(fits, f"thresholds must be {len(self.cast)} numbers above 0 and below 1", self.thresholds.tolist())

    @property
    def weights(self) -> Path:
        """The weights file."""
        return self.folder / WEIGHTS


def check_name(name: str) -> None:
    """Refuse what cannot name a model: it takes 1-64 letters, digits, `.`, `_` or `-`.

    Raises:
        OptionError: other signs, or too long.
    """
    _check(_NAME.fullmatch(name), "a model's name must be 1-64 letters, digits, '.', '_' or '-'", name)


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
    found = _digest(bundle.weights)
    if found != bundle.sha256:
        raise BundleError(
            f"{bundle.weights} is damaged or was changed: its SHA-256 is {found[:16]}…, {TABLE} expects "
            f"{bundle.sha256[:16]}…; install the model again"
        )
    return bundle


def read_weights(bundle: ModelBundle) -> dict[str, NDArray[Any]]:
    """Read the arrays of a bundle's weights by name.

    Raises:
        BundleError: the file is no safetensors file, or holds what NumPy has no type for, such as bfloat16.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays = dict(load_file(bundle.weights))
    except (SafetensorError, OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        raise BundleError(
            f"{bundle.weights} is not a safetensors file of float16 or float32 arrays ({_one_line(error)}); "
            "install the model again"
        ) from None
    for name, array in arrays.items():
        if not _is_line(name):
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
    written = _entry(table, "format", int)
    _check(written == FORMAT, f"this vidtag reads bundles of format {FORMAT}; a newer vidtag may be needed", written)
    cast = parse_cast(table, folder)
    thresholds = [_entry(entry, "threshold", int | float) for entry in table["character"]]
    for value in thresholds:
        _check(_is_number(value), "every threshold must be above 0 and below 1", value)
    return ModelBundle(
        name=_entry(table, "name", str),
        cast=cast,
        network=_entry(table, "network", str),
        input_size=tuple(_entry(table, "input_size", list)),
        thresholds=np.array(thresholds, np.float32),
        sha256=_entry(table, "sha256", str),
        folder=folder,
        arguments=_entry(table, "arguments", dict),
        licence=_entry(table, "licence", str),
        origin=_entry(table, "origin", str),
        accuracy=_entry(table, "accuracy", dict),
    )


def _entry(table: Mapping[str, Any], key: str, kind: Any) -> Any:
    if key not in table:
        raise OptionError(f"the entry {key!r} is missing")
    value = table[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        wanted = getattr(kind, "__name__", str(kind))
        raise OptionError(f"the entry {key!r} must be of type {wanted}, got {type(value).__name__}")
    return value


def _check(holds: Any, message: str, found: object) -> None:
    if not holds:
        raise OptionError(f"{message}, got {str(found)[:80]!r}")


def _is_number(value: object) -> bool:
    """Say whether a value is a number that float32 holds; TOML knows whole numbers that no float holds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 3e38  # NaN is not, either


def _is_plain(value: object) -> bool:
    return isinstance(value, bool) or _is_number(value) or (isinstance(value, str) and _is_line(value))


def _is_line(text: str) -> bool:
    """Say whether a text can be shown as it is: one line without control signs, not empty and not too long."""
    return 0 < len(text) <= MOST_LETTERS and text.isprintable()


def _one_line(error: Exception) -> str:
    """Give an error's text, which may quote the file, so that a terminal can show it."""
    return "".join(sign if sign.isprintable() else " " for sign in str(error)[:300])


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
