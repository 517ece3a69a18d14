"""Everything beside the picture: sound, subtitles, chapters, fonts. Copied where the container takes it, else said."""

import itertools
import re
from fractions import Fraction

import av
import pytest
from media_recipes import CHIRP, ffmpeg, luma_frames, packets, stream_kinds
from media_tagging import tag

from vidtag.media.info import Part
from vidtag.media.probe import probe

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=3")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello\n\n2\n00:00:02,000 --> 00:00:02,800\nWörld\n"
CHAPTERS = ";FFMETADATA1\ntitle=A film\n" + "".join(
    f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n"
    for start, end, title in ((0, 1000, "One"), (1000, 3000, "Two"))
)
ODD_TITLE = "One; a=b #1 \\ and\nmore"
SOUNDS = {"aac": ".mp4", "ac3": ".mp4", "libmp3lame": ".mkv", "flac": ".mkv", "libopus": ".mkv", "mp2": ".ts"}


def tone(layout="stereo", seconds=3):
    """Give a tone that differs from channel to channel as an input."""
    voices = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    voice = "|".join(f"sin({440 + 110 * n}*2*PI*t)/8" for n in range(voices))
    return ("-f", "lavfi", "-i", f"aevalsrc={voice}:c={layout}:d={seconds}")


def start_offset(path, number=5):
    """Say how much later a packet of sound is heard than the first frame is shown, in seconds."""
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0))
        first_picture = picture.pts * picture.time_base
    with av.open(str(path)) as container:
        packet = next(itertools.islice(container.demux(audio=0), number, None))
        return packet.pts * packet.time_base - first_picture


def sound_of(path):
    """Give the packets of the first sound track; AAC in MPEG-TS without the 7 bytes that stand before each there."""
    bare = 7 if path.suffix == ".ts" and "aac" in stream_kinds(path)[1] else 0
    return [packet[bare:] for packet in packets(path, "audio")]


def subtitle_texts(path):
    return [packet.decode(errors="replace") for packet in packets(path, "subtitle")]


def chapters_of(path):
    with av.open(str(path)) as container:
        return [
            (
                chapter["start"] * chapter["time_base"],
                chapter["end"] * chapter["time_base"],
                chapter["metadata"]["title"],
            )
            for chapter in container.chapters()
        ]


@pytest.fixture
def subtitle(tmp_path):
    path = tmp_path / "words.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


def sound_times(path, track=0):
    """Give when every packet of a sound track is heard after the first frame is shown, in seconds."""
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0))
        first = picture.pts * picture.time_base
    with av.open(str(path)) as container:
        return [
            float(p.pts * p.time_base - first) for p in container.demux(audio=track) if p.size and p.pts is not None
        ]


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize(("encoder", "suffix"), SOUNDS.items())
def test_sound_is_copied_packet_by_packet(tmp_path, encoder, suffix, layout):
    if encoder in ("libmp3lame", "mp2") and layout == "5.1":
        layout = "stereo"
    source = tmp_path / f"in{suffix}"
    ffmpeg(*PICTURE, *tone(layout), *X264, "-c:a", encoder, source)
    tagged = tag(source, target := tmp_path / ("out.mkv" if suffix == ".ts" else f"out{suffix}"))
    assert packets(target, "audio") == packets(source, "audio")
    assert tagged.notes == ()


@pytest.mark.parametrize("target", ["out.mp4", "out.mkv"])
def test_two_sound_tracks_keep_their_order_and_language(tmp_path, target):
    source = tmp_path / "in.mkv"
    languages = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu")
    maps = ("-map", 0, "-map", 1, "-map", 2)
    ffmpeg(*PICTURE, *tone("5.1"), *tone("mono"), *maps, *X264, "-c:a:0", "ac3", "-c:a:1", "aac", *languages, source)
    assert tag(source, tmp_path / target).notes == ()
    for number in range(2):
        assert packets(tmp_path / target, "audio", number) == packets(source, "audio", number)
    with av.open(str(tmp_path / target)) as container:
        assert [stream.metadata["language"] for stream in container.streams.audio] in (["eng", "deu"], ["eng", "ger"])


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (f"{name}{suffix}", f"out{target}")
        for name in ("sound_first", "sound_later")
        for suffix in (".mp4", ".mkv", ".ts")
        for target in (".mp4", ".mkv")
    ],
)
def test_sound_starts_as_much_before_or_after_the_picture_as_it_did(coded_clip, tmp_path, source, target):
    tag(coded_clip(source), tmp_path / target)
    assert abs(start_offset(tmp_path / target) - start_offset(coded_clip(source))) <= Fraction(1, 1000)
    assert sound_of(tmp_path / target) == sound_of(coded_clip(source))


@pytest.fixture(scope="module")
def avi(tmp_path_factory):
    """AVI counts packets of sound and tells no times; where the picture has B-frames, ffmpeg puts in an empty one."""
    path = tmp_path_factory.mktemp("avi") / "film.avi"
    picture = ("-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=24")
    maps = ("-map", 0, "-map", 1, "-map", 2, "-c:v", "mpeg4", "-bf", 2, "-c:a:0", "aac", "-c:a:1", "pcm_s16le")
    ffmpeg(*picture, *CHIRP, *CHIRP, "-t", 24, *maps, path)
    return path


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm"])
def test_sound_of_an_avi_keeps_its_times(avi, tmp_path, suffix):
    """Packet by packet where it is copied, and its begin and end where it is encoded again."""
    tag(avi, target := tmp_path / f"out{suffix}")
    for track in range(2):
        before, after = sound_times(avi, track), sound_times(target, track)
        if packets(avi, "audio", track) == packets(target, "audio", track):
            assert after == pytest.approx(before, abs=0.001)
        assert (after[0], after[-1]) == pytest.approx((before[0], before[-1]), abs=0.05)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sound_of_a_part_of_an_avi_keeps_its_times(avi, tmp_path, suffix):
    tag(avi, target := tmp_path / f"out{suffix}", part=Part(Fraction(15), Fraction(20)))
    first = packets(avi, "audio").index(packets(target, "audio")[0])
    moved = sound_times(avi)[first] - sound_times(target)[0]
    assert moved == pytest.approx(15, abs=0.001)


@pytest.mark.parametrize("name", ["long.mp4", "long.mkv", "long.ts"])
@pytest.mark.parametrize(
    ("start", "end", "target"), [("15.5", "18", "o.mp4"), ("2", "4.25", "o.mkv"), ("25", None, "o.mov")]
)
def test_sound_of_a_part_begins_with_the_picture(coded_clip, tmp_path, name, start, end, target):
    """Copied sound comes in packets of 20 to 35 ms, so it may begin by one earlier or later."""
    tag(coded_clip(name), tmp_path / target, part=Part(Fraction(start), end and Fraction(end)))
    whole, part = packets(coded_clip(name), "audio"), packets(tmp_path / target, "audio")
    assert abs(start_offset(tmp_path / target, number=0)) <= Fraction(1, 20)
    assert next(luma_frames(tmp_path / target))[0] <= Fraction(1, 20)
    first = whole.index(part[3]) - 3
    assert whole[first : first + len(part)] == part
    assert abs(start_offset(coded_clip(name), first) - Fraction(start)) <= Fraction(1, 20)


@pytest.mark.parametrize("codec", ["srt", "ass", "webvtt"])
def test_text_subtitles_are_copied_to_matroska(tmp_path, subtitle, codec):
    source = tmp_path / "in.mkv"
    ffmpeg(*PICTURE, "-i", subtitle, *X264, "-c:s", codec, "-metadata:s:s:0", "language=deu", source)
    tagged = tag(source, tmp_path / "out.mkv")
    assert tagged.notes == ()
    assert packets(tmp_path / "out.mkv", "subtitle") == packets(source, "subtitle")
    assert stream_kinds(tmp_path / "out.mkv") == stream_kinds(source)


@pytest.mark.parametrize("codec", ["srt", "ass"])
def test_text_subtitles_are_turned_into_what_mp4_holds(tmp_path, subtitle, codec):
    source = tmp_path / "in.mkv"
    ffmpeg(*PICTURE, "-i", subtitle, *X264, "-c:s", codec, source)
    tagged = tag(source, tmp_path / "out.mp4")
    assert stream_kinds(tmp_path / "out.mp4") == ["video h264", "subtitle mov_text"]
    assert [text for text in subtitle_texts(tmp_path / "out.mp4") if "Hello" in text or "Wörld" in text]
    assert len(tagged.notes) == 1
    assert "turned into mov_text" in tagged.notes[0]
    shown = ffmpeg("-i", tmp_path / "out.mp4", "-f", "srt", "-").decode()
    assert "00:00:00,500 --> 00:00:01,500" in shown
    assert "00:00:02,000 --> 00:00:02,800" in shown


def test_subtitles_of_a_part_move_with_it(tmp_path, subtitle):
    ffmpeg(*PICTURE, "-i", subtitle, *X264, "-c:s", "srt", tmp_path / "in.mkv")
    tag(tmp_path / "in.mkv", tmp_path / "out.mkv", part=Part(Fraction(9, 5)))
    shown = ffmpeg("-i", tmp_path / "out.mkv", "-f", "srt", "-").decode()
    assert "00:00:00,200 --> 00:00:01,000\nWörld" in shown
    assert "Hello" not in shown


def test_mp4_subtitles_are_turned_into_what_matroska_holds(tmp_path, subtitle):
    source = tmp_path / "in.mp4"
    ffmpeg(*PICTURE, "-i", subtitle, *X264, "-c:s", "mov_text", source)
    tagged = tag(source, tmp_path / "out.mkv")
    assert stream_kinds(tmp_path / "out.mkv") == ["video h264", "subtitle subrip"]
    assert "turned into srt" in tagged.notes[0]
    assert any("Wörld" in text for text in subtitle_texts(tmp_path / "out.mkv"))


@pytest.mark.parametrize("source", ["in.mkv", "in.mp4"])
@pytest.mark.parametrize("target", ["out.mkv", "out.mp4"])
def test_chapters_and_title_are_kept(tmp_path, source, target):
    (tmp_path / "chapters.txt").write_text(CHAPTERS)
    ffmpeg(*PICTURE, "-i", tmp_path / "chapters.txt", "-map_metadata", 1, *X264, tmp_path / source)
    tag(tmp_path / source, tmp_path / target)
    assert chapters_of(tmp_path / target) == [(0, 1, "One"), (1, 3, "Two")]
    with av.open(str(tmp_path / target)) as container:
        assert container.metadata["title"] == "A film"


@pytest.mark.parametrize("target", ["out.mkv", "out.mp4"])
@pytest.mark.parametrize("late", [0, 10])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("0", None, [(0, 1, ODD_TITLE), (1, 3, "Two")]),
        ("0", "2", [(0, 1, ODD_TITLE), (1, 2, "Two")]),
        ("0", "1", [(0, 1, ODD_TITLE)]),
        ("0.52", None, [(0, Fraction(12, 25), ODD_TITLE), (Fraction(12, 25), Fraction(62, 25), "Two")]),
        ("1.2", "2.4", [(0, Fraction(6, 5), "Two")]),
    ],
)
def test_chapters_move_with_the_picture_and_end_with_it(tmp_path, target, late, start, end, expected):
    source = tmp_path / "in.mkv"
    title = "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in ODD_TITLE)
    text = CHAPTERS.replace("One", title)
    for before in (1000, 3000, 0):
        text = re.sub(f"(START|END)={before}\n", rf"\1={before + 1000 * late}\n", text)
    (tmp_path / "chapters.txt").write_text(text)
    inputs = (*PICTURE, *tone(), "-i", tmp_path / "chapters.txt", "-map_metadata", 2)
    ffmpeg(*inputs, *X264, "-output_ts_offset", late, source)  # which leaves chapters where they are
    assert (probe(source).container_start, chapters_of(source)[0]) == (late, (late, late + 1, ODD_TITLE))
    tag(source, tmp_path / target, part=Part(Fraction(start), end and Fraction(end)))
    found = chapters_of(tmp_path / target)
    assert [title for *_, title in found] == [title for *_, title in expected]
    for (first, last, _), (wanted_first, wanted_last, _) in zip(found, expected, strict=True):
        assert abs(first - wanted_first) <= Fraction(1, 500)
        assert abs(last - wanted_last) <= Fraction(1, 500)


def test_a_part_without_chapters_has_none(tmp_path):
    (tmp_path / "chapters.txt").write_text(
        CHAPTERS.split("[CHAPTER]")[0] + "[CHAPTER]" + CHAPTERS.split("[CHAPTER]")[1]
    )
    ffmpeg(*PICTURE, "-i", tmp_path / "chapters.txt", "-map_metadata", 1, *X264, tmp_path / "in.mkv")
    assert [title for *_, title in chapters_of(tmp_path / "in.mkv")] == ["One"]
    tag(tmp_path / "in.mkv", tmp_path / "out.mkv", part=Part(Fraction(2)))
    assert chapters_of(tmp_path / "out.mkv") == []


def test_fonts_are_kept_by_matroska_and_named_where_they_are_not(tmp_path, subtitle):
    source = tmp_path / "in.mkv"
    (tmp_path / "font.ttf").write_bytes(b"not really a font")
    attach = ("-attach", tmp_path / "font.ttf", "-metadata:s:t", "mimetype=application/x-truetype-font")
    ffmpeg(*PICTURE, "-i", subtitle, *X264, "-c:s", "ass", *attach, source)
    assert tag(source, tmp_path / "out.mkv").notes == ()
    assert stream_kinds(tmp_path / "out.mkv") == stream_kinds(source)
    notes = tag(source, tmp_path / "out.mp4").notes
    assert any("attachment" in note and "left out" in note for note in notes)


def test_webm_encodes_other_sound_again_and_says_so(tmp_path):
    source = tmp_path / "in.mkv"
    ffmpeg(*PICTURE, *tone("5.1"), *X264, "-c:a", "ac3", source)
    tagged = tag(source, tmp_path / "out.webm")
    assert stream_kinds(tmp_path / "out.webm") == ["video vp9", "audio opus"]
    assert len(tagged.notes) == 1
    assert "encoded again as libopus" in tagged.notes[0]
    assert abs(start_offset(tmp_path / "out.webm", number=0)) <= Fraction(1, 50)


def test_webm_copies_opus_and_webvtt(tmp_path, subtitle):
    source = tmp_path / "in.webm"
    vp9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", 8)
    ffmpeg(*PICTURE, *tone(), "-i", subtitle, *vp9, "-c:a", "libopus", "-c:s", "webvtt", source)
    assert tag(source, tmp_path / "out.webm").notes == ()
    assert packets(tmp_path / "out.webm", "audio") == packets(source, "audio")
    assert stream_kinds(tmp_path / "out.webm") == stream_kinds(source)


def test_a_cover_is_not_taken_for_the_film(tmp_path):
    source = tmp_path / "in.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64:d=1:r=1", "-frames:v", 1, tmp_path / "cover.png")
    cover = ("-i", tmp_path / "cover.png", "-map", 0, "-map", 1, "-c:v:1", "png", "-disposition:v:1", "attached_pic")
    ffmpeg(*PICTURE, *cover, "-c:v:0", "libx264", "-preset", "ultrafast", source)
    tagged = tag(source, tmp_path / "out.mp4")
    assert tagged.frames == 75
    assert any("cover" in note for note in tagged.notes)


def test_big_buck_bunny_keeps_its_5_1_sound(shared_data, tmp_path):
    source = shared_data / "video" / "big_buck_bunny_480p_30s.mp4"
    tagged = tag(source, tmp_path / "out.mp4", part=Part(Fraction(0), Fraction(4)))
    whole, part = packets(source, "audio"), packets(tmp_path / "out.mp4", "audio")
    assert part == whole[: len(part)]
    assert 4 * 48000 / 1024 - 3 <= len(part) <= 4 * 48000 / 1024 + 3
    assert tagged.frames == 96
    assert abs(start_offset(tmp_path / "out.mp4") - start_offset(source)) <= Fraction(1, 1000)


def test_popeye_keeps_its_subtitles(shared_data, tmp_path):
    source = shared_data / "popeye" / "minute_b.mkv"
    tag(source, tmp_path / "out.mkv", part=Part(Fraction(0), Fraction(20)))
    whole, part = packets(source, "subtitle"), packets(tmp_path / "out.mkv", "subtitle")
    assert part
    assert part == whole[: len(part)]
