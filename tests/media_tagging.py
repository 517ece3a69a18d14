"""Runs reader and writer together without a network: every strip shows the number of its slot."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path

import numpy as np
from media_recipes import coded, luma_frames, read_code

from vidtag.media.containers import container_of
from vidtag.media.info import Part
from vidtag.media.joining import join_pieces
from vidtag.media.picture import Picture, padded_size
from vidtag.media.pieces import PieceWriter, fit_together
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


def tag_in_pieces(
    source: Path, target: Path, cuts, *, rate=Fraction(4), part=None, options: RenderOptions | None = None
) -> Tagged:
    """Do what `tag` does, in pieces that are cut at `cuts`, in seconds from the first frame."""
    info, part = probe(source), part or Part()
    options = options or FAST.get(target.suffix, RenderOptions(preset="ultrafast"))
    with SampleReader(info, input_size=(8, 8), rate=rate, batch_size=16, part=part) as reader:
        begin, slots = reader.origin() + part.start, sum(len(batch) for batch in reader)
        frames, end = reader.span().frames, reader.origin() + reader.end()
    paths = []
    for number, ends in enumerate(pairwise((part.start, *cuts, part.end))):
        first = max(0, floor((info.first + ends[0] - begin) * rate))
        picture = Picture(info, BAR_HEIGHT, rate, begin + first / rate, Part(*ends))
        paths.append(target.with_name(f"{number}.nut"))
        with PieceWriter(picture, paths[-1], options=options, container=container_of(target)) as writer:
            for slot in range(first, slots):
                strip = coded(slot, picture.size[0], BAR_HEIGHT, BAR_BLOCK)
                writer.write(np.ascontiguousarray(np.repeat(strip[..., None], 3, axis=2), np.uint8))
            writer.wait()
    assert fit_together(paths, frames)
    whole = Picture(info, BAR_HEIGHT, rate, begin, part)
    return Tagged(join_pieces(whole, paths, target, options=options, frames=frames, end=end), frames, begin)


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
