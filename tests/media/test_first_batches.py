"""Batches come as soon as it is sure that they belong to the film, the first one sooner; so does the tagged film."""

import fcntl
import os
import sys
import termios
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from vidtag.media.info import Part
from vidtag.media.picture import padded_size
from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.media.writer import FilmWriter
from vidtag.options import RenderOptions

FILM = Path(__file__).parents[2] / "samples" / "lantern-lane.mp4"
SIDE = 4  # px


class SlowFfmpeg:
    """Stands in for an ffmpeg that has decoded so much and is not done yet."""

    frames, samples = 0, 0

    def __init__(self, _arguments, *, stdout, keep_open):
        with os.fdopen(os.dup(keep_open[0]), "w", encoding="ascii") as log:
            log.write("#tb 0: 1/24\n")
            log.writelines(f"0, {tick}, {tick}, 1, 0, 0x0\n" for tick in range(self.frames))
        self.held = os.dup(keep_open[0])  # no end of the log
        reading, self.writing = os.pipe()
        os.write(self.writing, self.pictures())
        self.stdout = os.fdopen(reading, "rb", buffering=0)

    def pictures(self):
        """Give samples that are each of one value, their number."""
        return b"".join(bytes([number]) * (SIDE * SIDE * 3) for number in range(self.samples))

    def __exit__(self, *_error):
        self.stdout.close()
        os.close(self.writing)
        os.close(self.held)


@pytest.fixture
def open_slowly(monkeypatch):
    """Open the samples of a film of which so many frames and samples have been decoded."""

    def open_reader(frames, samples, **how):
        monkeypatch.setattr(SlowFfmpeg, "frames", frames)
        monkeypatch.setattr(SlowFfmpeg, "samples", samples)
        monkeypatch.setattr("vidtag.media.giver.Ffmpeg", SlowFfmpeg)
        reader = SampleReader(probe(FILM), input_size=(SIDE, SIDE), rate=Fraction(4), batch_size=8, **how)
        while reader._log.so_far()[0] < frames:
            pass
        return reader

    return open_reader


def numbers(batch):
    return batch[:, 0, 0, 0].tolist()


@pytest.mark.parametrize(("frames", "read"), [(44, 8), (43, 16)])
def test_a_batch_comes_when_a_frame_after_its_last_slots_begin_is_known(open_slowly, frames, read):
    """Slot 7 begins at 7/4 s, when frame 42 is shown; if the film ended with it, it might have no slot 7."""
    with open_slowly(frames=frames, samples=16) as reader:
        assert numbers(next(iter(reader))) == list(range(8))
        left = fcntl.ioctl(reader._ffmpeg.stdout, termios.FIONREAD, bytes(4))
        assert int.from_bytes(left, sys.byteorder) == (16 - read) * SIDE * SIDE * 3


def test_the_first_batch_can_be_small_and_the_next_one_fills_it_up(open_slowly):
    with open_slowly(frames=24 * 5, samples=17, begin_with=3) as reader:
        batches = iter(reader)
        assert [numbers(next(batches)) for _ in range(3)] == [[0, 1, 2], [3, 4, 5, 6, 7], list(range(8, 16))]


@pytest.mark.parametrize("begin_with", [0, 1, 4, 8, 100])
def test_small_beginnings_change_no_sample(begin_with):
    def read(**how):
        with SampleReader(probe(FILM), input_size=(24, 32), rate=Fraction(1), batch_size=8, **how) as reader:
            return [sample.tobytes() for batch in reader for sample in batch]

    assert read(begin_with=begin_with) == read()


def test_the_film_is_begun_with_the_first_strip(tmp_path):
    info, target = probe(FILM), tmp_path / "tagged.mp4"
    strip = np.zeros((32, padded_size(info)[0], 3), np.uint8)
    options = RenderOptions(preset="ultrafast")
    how = {"bar_height_px": 32, "rate": Fraction(4), "origin": info.first, "options": options, "part": Part()}
    with FilmWriter(info, target, **how) as writer:
        writer.write(strip)
        patience = time.monotonic() + 30
        while not target.exists() and time.monotonic() < patience:
            time.sleep(0.01)
        begun = target.exists()  # ffmpeg opens it behind all that it reads
    assert begun
