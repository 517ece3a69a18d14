"""A film joined of pieces against the same film written in one go: nothing but the coding of the picture may differ."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_recipes import (
    BLOCK,
    CHANGES,
    CODED_CLIPS,
    HEIGHT,
    everything_but_pictures,
    ffmpeg,
    film_frames,
    length_and_rate,
    luma_frames,
    make_changing_clip,
    make_coded_clip,
    picture_clock,
    psnr,
    read_code,
)
from media_tagging import BAR_HEIGHT, tag, tag_in_pieces, wrong_bars

from vidtag.errors import OutputError
from vidtag.media import cutting
from vidtag.media.containers import container_of
from vidtag.media.cutting import cut_at_key_frames
from vidtag.media.info import Part
from vidtag.media.joining import join_pieces
from vidtag.media.picture import Picture
from vidtag.media.pieces import PieceWriter, fit_together
from vidtag.media.probe import probe
from vidtag.options import RenderOptions

FOUR = Fraction(4)
PRESETS = {"libvpx-vp9": "8", "prores_ks": None}
SHORT_CLIPS = sorted(name for name in CODED_CLIPS if not name.startswith("long"))
CHAPTERS = ";FFMETADATA1\ntitle=A film\n" + "".join(
    f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={start + 2000}\ntitle=From {start}\n" for start in (0, 2000)
)
SUBTITLE = "1\n00:00:00,500 --> 00:00:01,500\nHello\n\n2\n00:00:02,900 --> 00:00:03,100\nOver a seam\n"


@pytest.fixture(autouse=True)
def _short_pieces(monkeypatch):
    monkeypatch.setattr(cutting, "SHORTEST_PIECE", Fraction(1, 2))


def check_joined(source, folder, suffix, *, pieces=3, rate=FOUR, part=None, options=None):
    """Write a film in one go and in pieces, and compare."""
    one, joined = folder / f"one{suffix}", folder / f"joined{suffix}"
    info = probe(source)
    cuts = cut_at_key_frames(info, part or Part(), pieces)
    first = tag(source, one, rate=rate, part=part, options=options)
    second = tag_in_pieces(source, joined, cuts, rate=rate, part=part, options=options)
    assert first == second
    shown = [shown - info.first for shown in picture_clock(source)[0]]
    shown = [s for s in shown if not part or (part.start <= s and (part.end is None or s < part.end))]
    assert wrong_bars(joined, second.begin - info.first, rate, shown) == []
    pairs = list(zip(luma_frames(one), luma_frames(joined), strict=True))
    assert [read_code(a[1][:HEIGHT], BLOCK) for a, _ in pairs] == [read_code(b[1][:HEIGHT], BLOCK) for _, b in pairs]
    assert min(psnr(a[1], b[1]) for a, b in pairs) >= 35
    assert everything_but_pictures(joined) == everything_but_pictures(one)
    if not source.name.startswith(("gaps", "jitter")):  # else an encoder says anything of the last frame's length
        assert length_and_rate(joined) == pytest.approx(length_and_rate(one), rel=0.001)
    return cuts


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("film.mp4", ".mp4"),  # 23.976, B-frames
        ("film.mp4", ".mkv"),
        ("gaps.mkv", ".mp4"),
        ("jitter.mp4", ".mkv"),
        ("late.ts", ".mp4"),
        ("sound_later.mp4", ".mp4"),
        ("sound_first.mkv", ".mkv"),
        ("pal.webm", ".webm"),
        ("ntsc.avi", ".mkv"),
    ],
)
def test_nothing_but_the_coding_differs(coded_clip, tmp_path, name, suffix):
    assert check_joined(coded_clip(name), tmp_path, suffix)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov", ".webm"])
@pytest.mark.parametrize("name", SHORT_CLIPS)
def test_nothing_but_the_coding_differs_anywhere(coded_clip, tmp_path, name, suffix):
    check_joined(coded_clip(name), tmp_path, suffix, pieces=4)


@pytest.mark.slow
@pytest.mark.parametrize("rate", ["5/2", "24000/1001", "7", "60"])
@pytest.mark.parametrize("name", ["film.mp4", "gaps.mkv", "late.ts", "sixty.avi"])
def test_other_rates(coded_clip, tmp_path, name, rate):
    assert check_joined(coded_clip(name), tmp_path, ".mp4", rate=Fraction(rate))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["long.mp4", "long.mkv", "long.ts", "long.webm"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(("start", "end"), [("0", None), ("12.5", None), ("12", None), ("11", "29"), ("0", "25")])
def test_long_films_and_parts_of_them(coded_clip, tmp_path, name, suffix, start, end):
    part = Part(Fraction(start), end and Fraction(end))
    assert len(check_joined(coded_clip(name), tmp_path, suffix, pieces=5, part=part)) >= 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoder", "suffix"),
    [
        ("libx265", ".mp4"),
        ("libx265", ".mkv"),
        ("libsvtav1", ".mkv"),
        ("libaom-av1", ".mp4"),
        ("libvpx-vp9", ".webm"),
        ("libvpx", ".webm"),
        ("mpeg4", ".mp4"),
        ("ffv1", ".mkv"),
    ],
)
@pytest.mark.parametrize("name", ["film.mp4", "gaps.mkv"])
def test_other_encoders(coded_clip, tmp_path, name, encoder, suffix):
    preset = {"libx265": "medium", "libsvtav1": "12", "libaom-av1": "8"}.get(encoder)
    assert check_joined(coded_clip(name), tmp_path, suffix, options=RenderOptions(encoder=encoder, preset=preset))


@pytest.mark.parametrize(("preset", "suffix"), [("slow", ".mp4"), ("slow", ".mkv")])
@pytest.mark.parametrize("name", ["film.mp4", "jitter.mkv"])
def test_many_reordered_frames(coded_clip, tmp_path, name, preset, suffix):
    assert check_joined(coded_clip(name), tmp_path, suffix, options=RenderOptions(preset=preset))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_last_frame_that_is_shown_for_long_is_shown_as_long(tmp_path, suffix):
    source = make_coded_clip(tmp_path / "in.mp4", frames=80)
    slow = tmp_path / "slow.mp4"
    ffmpeg("-i", source, "-c", "copy", "-bsf:v", "setts=pts=PTS:dts=DTS:duration='if(gte(N,78),3/TB,DURATION)'", slow)
    assert picture_clock(slow)[1] > 2
    check_joined(slow, tmp_path, suffix)
    assert picture_clock(tmp_path / f"joined{suffix}")[1] > 2


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_chapters_subtitles_and_title_are_kept(tmp_path, suffix):
    (tmp_path / "chapters.txt").write_text(CHAPTERS)
    (tmp_path / "text.srt").write_text(SUBTITLE)
    inputs = ("-f", "lavfi", "-i", "sine=d=4", "-i", tmp_path / "text.srt", "-i", tmp_path / "chapters.txt")
    said = ("-map", 0, "-map", 1, "-map", 2, "-map_metadata", 3, "-c:a", "ac3", "-c:s", "srt")
    source = make_coded_clip(tmp_path / "in.mkv", frames=100, inputs=inputs, extra=said)
    assert check_joined(source, tmp_path, suffix)
    assert any("Over a seam" in str(entry) for entry in everything_but_pictures(tmp_path / f"joined{suffix}"))


def test_a_turned_film_is_joined_upright(tmp_path):
    make_coded_clip(tmp_path / "in.mp4", frames=80)
    ffmpeg("-display_rotation", 90, "-i", tmp_path / "in.mp4", "-c", "copy", tmp_path / "turned.mp4")
    source, one, joined = (tmp_path / name for name in ("turned.mp4", "one.mp4", "joined.mp4"))
    cuts = cut_at_key_frames(probe(source), Part(), 2)
    assert tag(source, one) == tag_in_pieces(source, joined, cuts)
    assert everything_but_pictures(joined) == everything_but_pictures(one)


def write_pieces(source, folder, ends, encoder="libx264", suffix=".mkv"):
    """Write pieces with a plain grey bar, each from one instant to another."""
    info, paths = probe(source), []
    options = RenderOptions(encoder=encoder, preset=PRESETS.get(encoder, "ultrafast"))
    container = container_of(folder / f"out{suffix}")
    for number, (start, end) in enumerate(ends):
        part = Part(Fraction(start), None if end is None else Fraction(end))
        picture = Picture(info, BAR_HEIGHT, FOUR, info.first + part.start, part)
        paths.append(folder / f"{number}.nut")
        with PieceWriter(picture, paths[-1], options=options, container=container) as writer:
            for _ in range(90):
                writer.write(np.full((BAR_HEIGHT, picture.size[0], 3), 128, np.uint8))
            writer.wait()
    return paths


@pytest.mark.parametrize("suffix", [".mkv", ".webm"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_recording_that_changes_in_the_middle_comes_out_alike(tmp_path, change, suffix):
    source = make_changing_clip(tmp_path / "recording.ts", change, 400)  # longer than what is decoded before a piece
    one, joined = tmp_path / f"one{suffix}", tmp_path / f"joined{suffix}"
    assert tag(source, one) == tag_in_pieces(source, joined, [Fraction(15)])
    assert everything_but_pictures(joined) == everything_but_pictures(one)
    pairs = zip(film_frames(one, "rgb24"), film_frames(joined, "rgb24"), strict=True)
    assert min(psnr(a, b) for (_, a), (_, b) in pairs) >= 40


def test_pieces_that_need_other_decoders_do_not_fit_together(coded_clip, tmp_path):
    first = write_pieces(coded_clip("pal.mkv"), tmp_path, [("0", "2"), ("2", None)])
    (tmp_path / "other").mkdir()
    second = write_pieces(coded_clip("pal.mkv"), tmp_path / "other", [("0", "2"), ("2", None)], "libx265")
    assert fit_together(first, 101)
    assert fit_together(second, 101)
    assert not fit_together([first[0], second[1]], 101)


def test_what_nut_does_not_hold_does_not_fit_together(coded_clip, tmp_path):
    pieces = write_pieces(coded_clip("pal.mkv"), tmp_path, [("0", "2"), ("2", None)], "prores_ks", ".mov")
    assert not fit_together(pieces, 101)


@pytest.mark.parametrize("ends", [[("0", "2"), ("1.8", None)], [("0", "2"), ("2.2", None)], [("2", None), ("0", "2")]])
def test_pieces_that_overlap_or_leave_a_gap_do_not_fit_together(coded_clip, tmp_path, ends):
    assert not fit_together(write_pieces(coded_clip("pal.mkv"), tmp_path, ends), 101)


def test_a_piece_without_a_frame_ends_and_does_not_fit(coded_clip, tmp_path):
    paths = write_pieces(coded_clip("pal.mkv"), tmp_path, [("0", "2"), ("2", None), ("50", None)])
    assert not fit_together(paths, 101)
    assert fit_together(paths[:2], 101)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_that_is_always_full_is_an_output_error(coded_clip, tmp_path):
    source = coded_clip("pal.mkv")
    paths = write_pieces(source, tmp_path, [("0", "2"), ("2", None)])
    picture = Picture(probe(source), BAR_HEIGHT, FOUR, Fraction(0), Part())
    (tmp_path / "full.mkv").symlink_to("/dev/full")
    with pytest.raises(OutputError, match="No space left on device"):
        join_pieces(picture, paths, tmp_path / "full.mkv", options=RenderOptions(), frames=101, end=Fraction("4.04"))
