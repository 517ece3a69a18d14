"""Names for the frames of several episodes: by episode and time, and never the same for two."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from pathlib import Path

from vidtag.errors import UsageError
from vidtag.records.reports import episode_name

MOST_BYTES = 200  # of a label; file systems take names of 255


def episode_labels(episodes: Sequence[Path]) -> list[str]:
    """Name episodes after their files; those that share a name also after their folders, or else by number.

    Args:
        episodes: files; two are never the same.

    Returns:
        A label for each, all different also where capitals do not count.

    Raises:
        UsageError: an episode is given twice.

    >>> episode_labels([Path("one/E1.mp4"), Path("two/E1.mp4"), Path("two/E2.mp4")])
    ['one-E1', 'two-E1', 'E2']
    """
    for place, times in Counter(episode.resolve() for episode in episodes).items():
        if times > 1:
            raise UsageError(f"{place} is given {times} times; give every episode once")
    places = [episode.absolute() for episode in episodes]
    labels = [_clean(place) for place in places]
    for longer in _WAYS:
        twice = {label for label, times in Counter(map(str.casefold, labels)).items() if times > 1}
        if not twice:
            break
        labels = [
            longer(place) if label.casefold() in twice else label for label, place in zip(labels, places, strict=True)
        ]
    return _numbered(labels)


def frame_name(label: str, seconds: Fraction, suffix: str) -> str:
    """Name the frame of an episode that is on screen at `seconds`; the time has 2 decimals, or 3 where 2 do not do.

    >>> frame_name("E1", Fraction(25, 2), "jpg"), frame_name("E1", Fraction(1, 8), "png")
    ('E1_0012.50.jpg', 'E1_0000.125.png')
    """
    whole, _, decimals = seconds_text(seconds).partition(".")
    return f"{label}_{whole.zfill(4)}.{decimals[:3]}.{suffix}"


def seconds_text(seconds: Fraction) -> str:
    """Write seconds with 2 decimals, or cut off after 6 where 2 are not exact.

    Cut off, as frames of a clock of milliseconds begin on whole ones: rounded up, the text could mean the next frame.
    """
    places = 2 if (seconds * 100).denominator == 1 else 6
    whole, rest = divmod(floor(seconds * 10**places), 10**places)
    return f"{whole}.{rest:0{places}d}"


def _clean(place: Path, name: str | None = None) -> str:
    """Give a label that every file system takes."""
    text = "".join(letter if letter.isprintable() else "_" for letter in name or episode_name(place))
    return text.encode()[:MOST_BYTES].decode(errors="ignore")


_WAYS: tuple[Callable[[Path], str], ...] = (
    lambda place: _clean(place, f"{place.parent.name}-{episode_name(place)}"),
    lambda place: _clean(place, f"{place.parent.parent.name}-{place.parent.name}-{episode_name(place)}"),
    lambda place: _clean(place, f"{episode_name(place)}-{place.suffix.lstrip('.')}"),
)


def _numbered(labels: Sequence[str]) -> list[str]:
    """Add -2, -3, … to labels that were given already."""
    taken: set[str] = set()
    numbered = []
    for label in labels:
        unique, number = label, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{label}-{number}"
        taken.add(unique.casefold())
        numbered.append(unique)
    return numbered
