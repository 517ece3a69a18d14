"""Runs reader and writer together without a network: every strip shows the number of its slot."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
from media_recipes import coded, luma_frames, read_code

from vidtag.media.info import Part
from vidtag.media.picture import padded_size
from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.media.writer import FilmWriter
from vidtag.options import RenderOptions

BAR_HEIGHT, BAR_BLOCK = 32, 16
FAST = {".webm": RenderOptions(preset="8")}  # else the preset `ultrafast`


@dataclass(frozen=True)
class Tagged:
    """What a run gave: the notes, how many frames were read, and the instant (file's clock) of the first slot."""

    notes: tuple[str, ...]
    frames: int
    begin: Fraction


def tag(
    source: Path,
    target: Path,
    *,
    rate=Fraction(4),
    part=None,
    options: RenderOptions | None = None,
    grey: int | None = None,
) -> Tagged:
    """Write `source` to `target` with a strip a slot that shows the slot's number, or one plain grey."""
    info, part = probe(source), part or Part()
    options = options or FAST.get(target.suffix, RenderOptions(preset="ultrafast"))
    width = padded_size(info)[0]
    with SampleReader(info, input_size=(8, 8), rate=rate, batch_size=16, part=part) as reader:
        begin = reader.origin() + part.start
        with FilmWriter(
            info, target, bar_height_px=BAR_HEIGHT, rate=rate, origin=begin, options=options, part=part
        ) as writer:
            slot = 0
            for batch in reader:
                for _ in batch:
                    strip = (
                        coded(slot, width, BAR_HEIGHT, BAR_BLOCK)
                        if grey is None
                        else np.full((BAR_HEIGHT, width), grey)
                    )
                    writer.write(np.ascontiguousarray(np.repeat(strip[..., None], 3, axis=2), np.uint8))
                    slot += 1
            writer.finish(reader.span().frames)
        return Tagged(writer.notes, reader.span().frames, begin)


def wrong_bars(
    target: Path, begin: Fraction, rate: Fraction, source_times: list[Fraction]
) -> list[tuple[int, int, int]]:
    """List the frames whose bar is not of their slot: number, slot expected, slot shown."""
    wrong = []
    for number, ((_, picture), shown) in enumerate(zip(luma_frames(target), source_times, strict=True)):
        expected = floor((shown - begin) * rate)
        found = read_code(picture[-BAR_HEIGHT:], BAR_BLOCK)
        if found != expected:
            wrong.append((number, expected, found))
    return wrong
