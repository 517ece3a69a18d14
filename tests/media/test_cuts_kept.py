"""Where a shot begins, the tagged film has a key frame, as it would without a bar, which hides cuts from encoders."""

from fractions import Fraction
from itertools import pairwise

import av
import pytest
from media_recipes import ffmpeg, make_film
from media_tagging import tag, tag_in_pieces

from vidtag.media import encoders
from vidtag.media.encoders import misses_cuts
from vidtag.media.info import Part
from vidtag.options import RenderOptions

LOSSLESS = ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-g", "24")
SHOTS = (0, 2, 3, 5)  # seconds at which they begin
# Smooth pictures, of which the bar is the harder part. All is said, as what is not is chosen by chance, seed or not.
SHOT = "gradients=s=160x120:r=24:d={}:speed=0.02:n=2:c0={}:c1={}:x0=0:y0=0:x1=159:y1=119"
COLOURS = [("0x102030", "0x304050"), ("0xd0a060", "0xf0d0a0"), ("0x204020", "0x406040"), ("0xa0b0e0", "0xd0e0ff")]


def key_frames(path):
    """List the seconds of the key frames."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return [
            packet.pts * stream.time_base for packet in container.demux(stream) if packet.size and packet.is_keyframe
        ]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Make a film of four shots, each of them moving, with a key frame every second."""
    lengths = [end - begin for begin, end in zip(SHOTS, (*SHOTS[1:], 7), strict=True)]
    shots = [f"{SHOT.format(length, *COLOURS[number])}[{number}]" for number, length in enumerate(lengths)]
    joined = "".join(f"[{number}]" for number in range(len(shots))) + f"concat=n={len(shots)}"
    return make_film(tmp_path_factory.mktemp("film") / "in.mkv", *LOSSLESS, source=";".join((*shots, joined)))


@pytest.mark.parametrize("encoder", ["libx264", "libx265"])
def test_every_shot_begins_with_a_key_frame_and_nothing_else_does(film, tmp_path, encoder):
    tag(film, tmp_path / "out.mkv", options=RenderOptions(encoder=encoder))
    assert key_frames(tmp_path / "out.mkv") == list(SHOTS)


def test_cuts_are_found_in_odd_sizes_full_colour_and_ten_bits(film, tmp_path):
    odd = tmp_path / "odd.mkv"
    ffmpeg("-i", film, "-vf", "scale=161:121,format=yuv444p10", *LOSSLESS, odd)
    tag(odd, tmp_path / "out.mkv", options=RenderOptions())
    assert key_frames(tmp_path / "out.mkv") == list(SHOTS)


def test_marks_are_no_closer_than_key_frames_of_the_encoder_are(tmp_path):
    """Where light flickers on drawings that stand for two frames, each drawing differs like a new shot."""
    flicker = f"{SHOT.format(4, *COLOURS[0])},geq=lum='clip(lum(X,Y)+60*mod(floor(N/2),2),16,235)':cb=128:cr=128"
    make_film(tmp_path / "in.mkv", *LOSSLESS, source=flicker)
    tag(tmp_path / "in.mkv", tmp_path / "out.mkv", options=RenderOptions())
    found = key_frames(tmp_path / "out.mkv")
    assert len(found) > 1, "none is taken for a shot, so the film does not try what it is for"
    assert all(after - before >= 1 for before, after in pairwise(found))


def test_a_part_of_a_film_has_key_frames_at_its_cuts_and_none_shortly_behind_its_beginning(film, tmp_path):
    part = Part(Fraction(3, 2), Fraction(6))
    tag(film, tmp_path / "out.mkv", part=part, options=RenderOptions())
    assert key_frames(tmp_path / "out.mkv") == [0, Fraction(3, 2), Fraction(7, 2)]


def test_pieces_begin_where_they_are_cut_and_have_the_same_key_frames_else(film, tmp_path):
    tag_in_pieces(film, tmp_path / "out.mkv", (Fraction(4),), options=RenderOptions())
    assert key_frames(tmp_path / "out.mkv") == sorted((*SHOTS, 4))


def test_the_quickest_preset_looks_for_no_cuts_with_or_without_a_bar(film, tmp_path):
    ffmpeg("-i", film, "-c:v", "libx264", "-preset", "ultrafast", tmp_path / "plain.mkv")
    tag(film, tmp_path / "out.mkv", options=RenderOptions(preset="ultrafast"))
    assert key_frames(tmp_path / "plain.mkv") == key_frames(tmp_path / "out.mkv") == [0]


@pytest.mark.parametrize(
    ("encoder", "preset", "expected"),
    [
        ("libx264", None, True),
        ("libx265", "medium", True),
        ("libx264", "0", False),
        ("libvpx-vp9", None, False),
        ("prores_ks", None, False),
    ],
)
def test_cuts_are_marked_for_encoders_that_look_for_them(encoder, preset, expected):
    assert misses_cuts(encoder, RenderOptions(preset=preset)) is expected


@pytest.mark.parametrize("version", ["ffmpeg version 7.0.2-static", "ffmpeg version N-118000-gabc"])
def test_an_ffmpeg_that_may_not_know_marks_is_given_none(monkeypatch, version):
    monkeypatch.setattr(encoders, "ffmpeg_version", lambda: version)
    assert not misses_cuts("libx264", RenderOptions())
