"""The film with the bar: written in one go, or in pieces side by side."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from importlib import import_module
from itertools import pairwise
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING

from vidtag.cast import Cast
from vidtag.errors import InputError, OptionError
from vidtag.media.containers import container_of
from vidtag.media.info import Part, VideoInfo
from vidtag.media.picture import Picture, padded_size
from vidtag.media.stripencoder import StripEncoder
from vidtag.media.writer import FilmWriter
from vidtag.options import RenderOptions
from vidtag.parallel import Sum, side_by_side
from vidtag.scores import Provenance, Scores
from vidtag.scoring import Flags
from vidtag.wholefile import hidden_file

if TYPE_CHECKING:
    from vidtag.media.pieces import PieceWriter

BATCH = 64  # strips between two reports
IN_ONE_GO = "picture: its pieces would not have fitted together, so it was encoded in one go"


def load_drawing() -> None:
    """Import what draws the bar, where there is nothing else to do: MoviePy takes a third of a second."""
    import_module("vidtag.overlay.bar")


class Film:
    """The bar for one episode and the writers that take it.

    Args:
        info: the episode.
        cast: who the bar shows.
        render: how the film is made.

    Raises:
        InputError: the picture is too small for the bar.
    """

    def __init__(self, info: VideoInfo, cast: Cast, render: RenderOptions) -> None:
        from vidtag.overlay.bar import Bar  # MoviePy takes a while

        self._info, self._render = info, render
        self._drawing = threading.Lock()
        try:
            self._bar = Bar(cast, *padded_size(info), render.style, info.upright_sample_aspect)
        except OptionError as error:  # the style is known to be right, so it is the size
            size = f"{info.width}x{info.height} px"
            raise InputError(f"{info.path} is {size}, too small for a bar of {len(cast)} icons") from error

    def open(
        self,
        target: Path,
        rate: Fraction,
        origin: Fraction,
        part: Part,
        samples: Sequence[str] = (),
        keep_open: Sequence[int] = (),
    ) -> FilmWriter:
        """Open the film to be written in one go; see `FilmWriter`."""
        return FilmWriter(
            self._info,
            target,
            bar_height_px=self._bar.size[1],
            rate=rate,
            origin=origin,
            options=self._render,
            part=part,
            samples=samples,
            keep_open=keep_open,
        )

    def add(self, writer: StripEncoder, batches: Iterable[Flags]) -> None:
        """Draw the bar of every row of (n, characters) batches and hand it to a writer."""
        for batch in batches:
            for present in batch:
                with self._drawing:
                    strip = self._bar.draw(present)
                writer.write(strip)

    def write(
        self, target: Path, scores: Scores, cuts: Sequence[Fraction], report: Callable[[float], None]
    ) -> tuple[str, ...]:
        """Write the film of finished scores.

        Args:
            target: file to write, which may be lost.
            scores: of the episode.
            cuts: where it is cut into pieces that are written side by side, in seconds from the first frame; none: in
                one go.
            report: called with the share that is done, up to 1.

        Returns:
            A line for everything that could not be carried over as it is.

        Raises:
            OutputError: it could not be written.
        """
        made_of = scores.provenance
        flags = scores.flags(smooth=self._render.smooth)
        part = scored_part(made_of)
        if cuts:
            notes = self._write_pieces(target, made_of, self._pieces(flags, made_of, part, cuts), report)
            if notes is not None:
                return notes
        with self.open(target, made_of.rate, made_of.origin + made_of.start, part) as writer:
            self.add(writer, _reported(flags, lambda done: report(done / len(flags))))
            writer.finish(made_of.frames)
        return (*writer.notes, IN_ONE_GO) if cuts else writer.notes

    def _pieces(self, flags: Flags, made_of: Provenance, part: Part, cuts: Sequence[Fraction]) -> list["_Piece"]:
        """Give every piece the slots that its frames lie in; those at a cut belong to both sides."""
        origin, height = made_of.origin + made_of.start, self._bar.size[1]

        def slot(instant: Fraction) -> Fraction:
            return (self._info.first + instant - origin) * made_of.rate

        pieces = []
        for start, end in pairwise((part.start, *cuts, part.end)):
            assert start is not None
            first = max(0, floor(slot(start)))
            rows = flags[first : None if end is None else ceil(slot(end))]
            picture = Picture(self._info, height, made_of.rate, origin + first / made_of.rate, Part(start, end))
            pieces.append(_Piece(picture, rows))
        return pieces

    def _write_pieces(
        self, target: Path, made_of: Provenance, pieces: Sequence["_Piece"], report: Callable[[float], None]
    ) -> tuple[str, ...] | None:
        """Encode all pieces at the same time and join them; None if they do not fit together."""
        from vidtag.media.joining import join_pieces
        from vidtag.media.pieces import SUFFIX, PieceWriter, fit_together

        strips = sum(len(piece.flags) for piece in pieces)
        done = Sum(lambda count: report(count / strips))
        with ExitStack() as stack:
            paths = [stack.enter_context(hidden_file(target, SUFFIX)) for _ in pieces]
            writers = [
                stack.enter_context(
                    PieceWriter(piece.picture, path, options=self._render, container=container_of(target))
                )
                for piece, path in zip(pieces, paths, strict=True)
            ]
            works = [
                partial(self._fill, writer, piece.flags, done.part(number))
                for number, (writer, piece) in enumerate(zip(writers, pieces, strict=True))
            ]
            side_by_side(works, [writer.stop for writer in writers])
            if not fit_together(paths, made_of.frames):
                return None
            first, last = pieces[0].picture, pieces[-1].picture
            whole = replace(first, part=Part(first.part.start, last.part.end))
            end = made_of.origin + made_of.end
            return join_pieces(whole, paths, target, options=self._render, frames=made_of.frames, end=end)

    def _fill(self, writer: "PieceWriter", flags: Flags, report: Callable[[float], None]) -> None:
        self.add(writer, _reported(flags, report))
        writer.wait()


def scored_part(made_of: Provenance) -> Part:
    """Give the part of an episode that scores belong to."""
    return Part(made_of.start, None if made_of.to_end else made_of.end)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The picture of a piece, and (slots, characters) bool, who is lit from its first strip on."""

    picture: Picture
    flags: Flags


def _reported(flags: Flags, report: Callable[[float], None]) -> Iterator[Flags]:
    """Give flags in batches, and tell how many have been taken."""
    for first in range(0, len(flags), BATCH):
        batch = flags[first : first + BATCH]
        yield batch
        report(first + len(batch))
