"""Versions with known holes of the libraries that meet hostile files: through these a file could run code. Pure.

FFmpeg: CVE-2026-8461, a write behind the picture in one of its decoders, mended in the versions of `_MENDED`. OpenCV
reads still pictures: CVE-2023-4863 (WebP) up to 4.8.0, CVE-2025-53644 (JPEG) in 4.10 and 4.11. It brings an FFmpeg of
its own, which vidtag never uses.
"""

import re

_MENDED = {5: (5, 1, 10), 6: (6, 1, 6), 7: (7, 1, 5), 8: (8, 1, 2)}
_NUMBERS = re.compile(r"\bn?(\d+)\.(\d+)(?:\.(\d+))?")


def ffmpeg_flaw(version: str) -> str:
    """Say what is wrong with an FFmpeg, empty if nothing is known.

    Args:
        version: as it calls itself, such as `ffmpeg version n9.0.2-17-g2a571b6068` or `8.1.2`.

    >>> ffmpeg_flaw("ffmpeg version 7.0.2-static"), ffmpeg_flaw("ffmpeg version n9.0.2")
    ('CVE-2026-8461, mended in 7.1.5', '')
    """
    found = version_numbers(version)
    if found is None:  # such as a build of the day: nobody can tell
        return ""
    mended = _MENDED.get(found[0], (0, 0, 0) if found[0] > max(_MENDED) else min(_MENDED.values()))
    return f"CVE-2026-8461, mended in {'.'.join(map(str, mended))}" if found < mended else ""


def opencv_flaw(version: str) -> str:
    """Say what is wrong with an OpenCV, such as `4.11.0.86`, that reads pictures; empty if nothing is known."""
    found = version_numbers(version)
    if found is not None and found < (4, 8, 1):
        return "CVE-2023-4863, mended in 4.8.1.78"
    if found is not None and (4, 10, 0) <= found < (4, 12, 0):
        return "CVE-2025-53644, mended in 4.12.0.88"
    return ""


def version_numbers(version: str) -> tuple[int, int, int] | None:
    """Give the numbers of a release that calls itself like that; None for others, such as a build of the day."""
    match = _NUMBERS.search(version)
    return None if match is None else (int(match[1]), int(match[2]), int(match[3] or 0))
