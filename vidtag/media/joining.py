"""Join the pieces of a tagged film without encoding again.

The packets of all pieces go into one ffmpeg as one stream, each with its own time; so at a seam nothing is moved, as
it would be if the pieces were laid one after another by their lengths. That ffmpeg takes sound and all else from the
episode, with the same arguments as for a film that is written in one go.

libav is used in this process for the pieces only, which our own ffmpeg encoded; the episode is met by children.

NUT, the form of the pieces, holds neither decoding times nor how long a frame is shown. Both follow from the times of
showing, but for the first few decoding times and the last length, which ffmpeg is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fractions import Fraction
from heapq import heappop, heappush
from io import BufferedWriter, RawIOBase
from itertools import islice
from math import lcm
from pathlib import Path
from typing import IO, Any

import av
from av.packet import Packet
from av.video.stream import VideoStream

from vidtag.errors import OutputError
from vidtag.media.chapters import chapter_input
from vidtag.media.containers import Container, container_of, plan_streams
from vidtag.media.ffmpeg import Ffmpeg
from vidtag.media.guard import guarded_input
from vidtag.media.info import StreamInfo, VideoInfo
from vidtag.media.isolated import isolated
from vidtag.media.parts import film_clock, film_start, part_arguments, steady_arguments
from vidtag.media.picture import Picture, choose_encoding
from vidtag.media.stallwatch import StallWatch
from vidtag.media.verify import verify_film
from vidtag.options import RenderOptions

# Ticks a second in ffmpeg's MP4: of a picture at least, of the whole film at least, and at most.
_LEAST_TICKS, _MOVIE_TICKS, _MOST_TICKS = 10_000, 1000, 2**31
_TOLD = 32  # decoding times that ffmpeg is told; it may know them from the 7th on
_MOST_REORDERED = 16  # frames that a packet can be ahead of its turn, in H.264 and H.265


def join_pieces(
    picture: Picture,
    pieces: Sequence[Path],
    target: Path,
    *,
    options: RenderOptions,
    frames: int,
    end: Fraction,
) -> tuple[str, ...]:
    """Write the film of all pieces with the episode's sound and all else that goes with it, and check it.

    Args:
        picture: of the whole film.
        pieces: in their order; they fit together.
        target: file to write, which may be lost; its suffix chooses the container.
        options: those of the pieces.
        frames: how many the film has.
        end: when the last frame stops being shown, in seconds of the episode's own clock.

    Returns:
        A line for everything that could not be carried over as it is.

    Raises:
        OutputError: ffmpeg failed, or the film is not as it should be.
    """
    info, part, container = picture.info, picture.part, container_of(target)
    plan, encoding = plan_streams(info, container), choose_encoding(info, options, container)
    begin, cut_us = film_start(info, part)
    shortest = 1 / info.rate if part.end is not None else Fraction(0)  # the end of a part may cut its last frame short
    times = _times_to_tell(pieces, frames, end, shortest)
    with chapter_input(info, begin, part, number=2, cut_us=cut_us) as chapters:
        arguments = [
            *("-copyts", *part_arguments(info, part), *plan.clocks, *steady_arguments(info)),
            *guarded_input(info.path),
            *("-bsf:v", times, "-protocol_whitelist", "pipe", "-f", "nut"),
            *("-i", "pipe:0"),
            *chapters.arguments,
            *("-map", "1:0", "-c:v", "copy", *encoding.tag, *_clock_arguments(info, container, plan.streams)),
            *plan.arguments,
            *chapters.mapping,
            *film_clock(info, part),
            *("-y", "-f", container.muxer, f"file:{target}"),
        ]
        _run(arguments, chapters.keep_open, pieces, target)
    verify_film(target, frames=frames, size=picture.size, streams=plan.streams)
    return (*plan.notes, *encoding.notes)


def _run(arguments: Sequence[str], keep_open: Sequence[int], pieces: Sequence[Path], target: Path) -> None:
    """Let ffmpeg write the film; the pieces are fed from a thread, as libav would swallow a Ctrl-C."""
    with ThreadPoolExecutor(1) as pool, Ffmpeg(arguments, stdin=True, keep_open=keep_open) as ffmpeg:
        assert ffmpeg.stdin is not None
        with StallWatch(ffmpeg, target, lambda: 0) as watch:
            pool.submit(_feed, pieces, ffmpeg.stdin).result()
            code = ffmpeg.finish()
        if code != 0:
            raise OutputError(f"the tagged film could not be written: {watch.complaint() or ffmpeg.complaint()}")


class _WhileRead(RawIOBase):
    """A pipe that takes whatever is written when nobody reads it any more: the reader's exit code and words tell more.

    An error would go through libav, which makes another one of it.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe, self.is_read = pipe, True

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.is_read:
            try:
                return self._pipe.write(data)
            except BrokenPipeError:
                self.is_read = False
        return len(data)

    def close(self) -> None:
        with suppress(BrokenPipeError):
            self._pipe.close()
        super().close()


def _feed(pieces: Sequence[Path], pipe: IO[bytes]) -> None:
    """Write the packets of all pieces as one NUT stream, as long as somebody reads it, and close the pipe."""
    raw = _WhileRead(pipe)
    with (
        BufferedWriter(raw) as stream,
        av.open(stream, "w", format="nut", options={"avoid_negative_ts": "disabled"}) as output,
    ):
        target: VideoStream | None = None
        for packet in _with_decoding_times(_packets(pieces)):
            if not raw.is_read:
                return
            if target is None:
                target = output.add_stream_from_template(packet.stream, opaque=True)  # opens no encoder
                target.time_base = packet.time_base
                target.metadata.update(packet.stream.metadata)
            packet.stream = target
            output.mux_one(packet)


def _packets(pieces: Sequence[Path]) -> "Iterator[Packet[VideoStream]]":
    """Give the packets of all pieces."""
    for piece in pieces:
        with av.open(f"file:{piece}") as source:
            packets = source.demux(source.streams.video[0])
            yield from (packet for packet in packets if packet.size and packet.pts is not None)


def _with_decoding_times(packets: "Iterable[Packet[VideoStream]]") -> "Iterator[Packet[VideoStream]]":
    """Give every packet the time at which the frame so many before it, in the order of showing, is shown.

    NUT keeps no decoding times, but must be told some that increase and never lie behind the time of showing.
    """
    waiting: list[int] = []
    first = 0
    for number, packet in enumerate(packets):
        assert packet.pts is not None
        first = first if number else packet.pts
        heappush(waiting, packet.pts)
        packet.dts = first + number - _MOST_REORDERED if number < _MOST_REORDERED else heappop(waiting)
        yield packet


def _clock_arguments(info: VideoInfo, container: Container, kept: Sequence[StreamInfo]) -> list[str]:
    """Tell a container what it would take from the encoder, where it would take NUT's clock or guess otherwise."""
    with isolated("clocks", info.path, str(info.index)) as answer:
        guessed, *said = answer()
    rate = Fraction(guessed or info.rate)  # as ffmpeg guesses
    clocks = [Fraction(said[stream.index] or info.time_base) for stream in kept]
    if container.muxer in ("matroska", "webm"):
        return ["-r", f"{rate.numerator}/{rate.denominator}"]  # says it only; MP4 would round all times to it
    ticks = info.time_base.denominator
    while ticks < _LEAST_TICKS:
        ticks *= 2
    common = lcm(_MOVIE_TICKS, info.time_base.denominator, *(clock.denominator for clock in clocks))
    movie = ["-movie_timescale", str(common)] if common < _MOST_TICKS else []
    return ["-video_track_timescale", str(ticks), *movie]


def _times_to_tell(pieces: Sequence[Path], frames: int, end: Fraction, shortest: Fraction) -> str:
    """Give the filter that says what NUT does not: the first decoding times, and how long the last frame is shown."""
    decoding = "DTS"  # of a packet behind the first ones, ffmpeg knows it by the times of those before it
    for number, before in reversed(list(enumerate(_first_decoding_times(pieces[0])))):
        decoding = f"if(eq(N,{number}),STARTPTS-round({before}/TB),{decoding})"
    numbers, shown = _last_packets(pieces[-1], frames)
    chosen = "+".join(f"eq(N,{number})" for number in numbers)
    duration = f"if({chosen},round({max(shortest, end - shown)}/TB),DURATION)"
    return f"setts=pts=PTS:dts='{decoding}':duration='{duration}'"


def _first_decoding_times(piece: Path) -> list[Fraction]:
    """Give the seconds from the decoding of each of the first packets to when the first frame is shown.

    A packet is decoded when the frame so many before it, in the order of showing, is shown; the very first ones as far
    ahead as the encoder itself would have put them.
    """
    with av.open(f"file:{piece}") as source:
        stream = source.streams.video[0]
        packets = (packet for packet in source.demux(stream) if packet.size and packet.pts is not None)
        first = [(packet.pts, packet.dts) for packet in islice(packets, _TOLD + _MOST_REORDERED)]
        time_base = stream.time_base or Fraction(0)
    order = [pts for pts, _ in first if pts is not None]
    shown = sorted(order)
    needed = max(number - shown.index(pts) for number, pts in enumerate(order))
    said = next((number for number, (_, dts) in enumerate(first) if dts is not None), 0)
    ahead = min(max(needed, said), len(shown) - 1)
    before = [shown[ahead] - shown[number] for number in range(ahead)]
    behind = [shown[0] - shown[number] for number in range(len(shown) - ahead)]
    return [ticks * time_base for ticks in (*before, *behind)][: min(_TOLD, len(shown))]


def _last_packets(piece: Path, frames: int) -> tuple[set[int], Fraction]:
    """Find the packet of the last frame shown and the last packet of all, which make the film's end.

    Args:
        piece: the last one.
        frames: of the film.

    Returns:
        Their numbers in the film, and when the last frame is shown in seconds of the piece's clock.
    """
    with av.open(f"file:{piece}") as source:
        stream = source.streams.video[0]
        shown = [packet.pts for packet in source.demux(stream) if packet.size and packet.pts is not None]
        last = max(shown)
        return {frames - 1, frames - len(shown) + shown.index(last)}, last * (stream.time_base or Fraction(0))
