"""Films are cut at key frames, near equal lengths, and stay whole where that is not worth it or not possible."""

from dataclasses import replace
from fractions import Fraction

import av
import pytest
from media_recipes import make_film, picture_clock

from vidtag.media import cutting
from vidtag.media.cutting import cut_at_key_frames
from vidtag.media.info import Part
from vidtag.media.probe import probe


@pytest.fixture
def short_pieces(monkeypatch):
    monkeypatch.setattr(cutting, "SHORTEST_PIECE", Fraction(1))


def key_frames(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        first = picture_clock(path)[0][0]
        return {p.pts * stream.time_base - first for p in container.demux(stream) if p.is_keyframe and p.size}


@pytest.mark.parametrize("name", ["film.mp4", "pal.mkv", "sixty.ts", "late.ts", "late.mkv", "gaps.webm", "ntsc.avi"])
@pytest.mark.parametrize("pieces", [2, 3])
def test_cuts_are_key_frames_near_equal_lengths(short_pieces, coded_clip, name, pieces):
    info = probe(coded_clip(name))
    cuts = cut_at_key_frames(info, Part(), pieces)
    assert len(cuts) == pieces - 1
    assert set(cuts) <= key_frames(coded_clip(name))
    for number, cut in enumerate(cuts, 1):
        assert abs(cut - info.promised_duration * number / pieces) <= Fraction("1.1")  # there is one every 12 frames


def test_a_part_is_cut_within(short_pieces, coded_clip):
    cuts = cut_at_key_frames(probe(coded_clip("long.mp4")), Part(Fraction(5), Fraction(15)), 5)
    assert len(cuts) == 4
    assert all(5 < cut < 15 for cut in cuts)
    assert list(cuts) == sorted(cuts)


def test_one_piece_is_no_cut(coded_clip):
    assert cut_at_key_frames(probe(coded_clip("long.mp4")), Part(), 1) == ()


def test_a_short_film_has_fewer_pieces(coded_clip):
    assert cut_at_key_frames(probe(coded_clip("film.mp4")), Part(), 4) == ()
    assert len(cut_at_key_frames(probe(coded_clip("long.mp4")), Part(), 64)) == 1  # 29 s
    assert cut_at_key_frames(probe(coded_clip("long.mp4")), Part(Fraction(25)), 4) == ()


def test_few_key_frames_make_fewer_pieces(short_pieces, tmp_path):
    film = make_film(tmp_path / "film.mp4", "-c:v", "libx264", "-g", 50, source="color=s=64x64:r=10:d=20")
    assert cut_at_key_frames(probe(film), Part(), 8) == (5, 10, 15)
    film = make_film(tmp_path / "one.mp4", "-c:v", "libx264", "-g", 500, source="color=s=64x64:r=10:d=20")
    assert cut_at_key_frames(probe(film), Part(), 8) == ()


def test_what_does_not_say_its_length_stays_whole(short_pieces, coded_clip):
    info = probe(coded_clip("film.mp4"))
    assert cut_at_key_frames(replace(info, promised_end=None), Part(), 2) == ()
    assert len(cut_at_key_frames(replace(info, promised_end=None), Part(end=Fraction(4)), 2)) == 1


def test_a_clock_that_begins_below_0_stays_whole(short_pieces, coded_clip):
    info = probe(coded_clip("film.mp4"))
    assert cut_at_key_frames(replace(info, first=Fraction(-1)), Part(), 2) == ()


def test_a_film_that_kills_its_reader_stays_whole(short_pieces, coded_clip, monkeypatch):
    info = probe(coded_clip("film.mp4"))
    monkeypatch.setattr("vidtag.media.isolated._START", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert cut_at_key_frames(info, Part(), 2) == ()
