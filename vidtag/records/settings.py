"""`vidtag.toml`: defaults for the episodes in its folder and below. The command line wins."""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from vidtag.errors import InputError, OptionError

NAME = "vidtag.toml"
MAX_BYTES = 64 * 1024

KEYS = (
    "model",
    "style",
    "encoder",
    "preset",
    "crf",
    "rate",
    "smooth",
    "batch-size",
    "backend",
    "precision",
    "threads",
    "parallel",
)


def find_settings(episode: Path) -> Path | None:
    """Find the nearest `vidtag.toml`, in the episode's folder or above, or None."""
    folder = episode.absolute().parent
    return next((found for parent in (folder, *folder.parents) if (found := parent / NAME).is_file()), None)


def read_settings(path: Path) -> Mapping[str, str]:
    """Read the settings as text, the way they would stand on the command line; keys are option names.

    A model given as a path counts from the folder of the file.

    Raises:
        InputError: not TOML, or too large.
        OptionError: an unknown key, with the nearest known one, or a value that is no text or number.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES} bytes; expected a few lines of settings")
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # a ValueError also where a number has too many digits
        raise InputError(f'{path} is not a TOML file ({error}); expected lines such as model = "simpsons"') from error
    return {key: _setting(path, key, value) for key, value in table.items()}


def _setting(path: Path, key: str, value: object) -> str:
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(KEYS)}"
        raise OptionError(f"{path}: unknown key {key!r}; {hint}")
    if isinstance(value, bool) and key == "smooth" and not value:
        return "off"
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise OptionError(f"{path}: {key} must be a text or a number, got {value!r:.80}")
    text = str(value)
    if key == "model" and ("/" in text or text.startswith(".")):
        return str(path.parent / Path(text).expanduser())
    return text
