"""Chapters of a film that does not begin where its episode did, or ends sooner: ffmpeg moves packets, but not these."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from vidtag.media.info import Chapter, Part, VideoInfo

_SPECIAL = re.compile(r"([=;#\\\n])")


@dataclass(frozen=True, slots=True)
class ChapterInput:
    """How chapters are handed to ffmpeg.

    Attributes:
        arguments: of a further input, empty if there is none.
        mapping: of the output.
        keep_open: file descriptors that ffmpeg must inherit.
    """

    arguments: tuple[str, ...]
    mapping: tuple[str, ...]
    keep_open: tuple[int, ...]


def cut_chapters(info: VideoInfo, begin: Fraction, part: Part) -> tuple[Chapter, ...]:
    """Count chapters from `begin` (seconds of the file's clock) on and cut off what lies outside the part."""
    end = None if part.end is None else info.first + part.end - begin
    moved = []
    for chapter in info.chapters:
        first, last = max(Fraction(0), chapter.start - begin), chapter.end - begin
        last = last if end is None else min(last, end)
        if first < last:
            moved.append(Chapter(first, last, chapter.title))
    return tuple(moved)


def chapter_text(chapters: Sequence[Chapter], clock_start_us: int) -> str:
    """Write ffmpeg's metadata file; `clock_start_us` is added to all times, in microseconds."""
    lines = [";FFMETADATA1"]
    for chapter in chapters:
        start, end = (clock_start_us + round(time * 1_000_000) for time in (chapter.start, chapter.end))
        title = _SPECIAL.sub(r"\\\1", chapter.title)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000000", f"START={start}", f"END={end}", f"title={title}"]
    return "\n".join(lines) + "\n"


@contextmanager
def chapter_input(info: VideoInfo, begin: Fraction, part: Part, *, number: int, cut_us: int) -> Iterator[ChapterInput]:
    """Give ffmpeg the chapters; it must be started within the block.

    Args:
        info: the episode.
        begin: instant of the file's clock that is 0 in the film, in seconds.
        part: what is written.
        number: of the input, if one is needed.
        cut_us: the output's own `-ss` in microseconds, which ffmpeg takes off chapters.
    """
    chapters = cut_chapters(info, begin, part)
    if chapters == info.chapters or not chapters:
        yield ChapterInput((), ("-map_chapters", "0" if chapters else "-1"), ())
        return
    with tempfile.TemporaryFile() as stream:
        stream.write(chapter_text(chapters, cut_us).encode())
        stream.seek(0)
        source = ("-protocol_whitelist", "pipe", "-f", "ffmetadata", "-i", f"pipe:{stream.fileno()}")
        yield ChapterInput(source, ("-map_chapters", str(number)), (stream.fileno(),))
