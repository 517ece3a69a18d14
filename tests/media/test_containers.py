"""What becomes of each stream and pixel format; pure, so no film is needed."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.errors import OptionError, ShapeError
from vidtag.media.containers import CONTAINERS, container_of, default_suffix, pixel_format_for, plan_streams
from vidtag.media.encoders import (
    ENCODERS,
    _card_answers,
    choose_encoder,
    decoder_arguments,
    encoder_arguments,
    tag_arguments,
)
from vidtag.media.ffmpeg import encoder_pixel_formats
from vidtag.media.info import FrameSpan, Part, StreamInfo, VideoInfo
from vidtag.options import RenderOptions

H264 = (
    "yuv420p",
    "yuvj420p",
    "yuv422p",
    "yuvj422p",
    "yuv444p",
    "yuvj444p",
    "nv12",
    "yuv420p10le",
    "yuv422p10le",
    "gray",
)


def film(*others, **changes):
    known = {
        "path": Path("/a/film.mkv"),
        "format": "matroska",
        "index": 0,
        "codec": "h264",
        "width": 640,
        "height": 480,
    }
    known |= {"pixel_format": "yuv420p", "rate": Fraction(25), "time_base": Fraction(1, 1000), "first": Fraction(0)}
    known |= {"promised_end": Fraction(9), "container_start": Fraction(0), "others": others}
    return VideoInfo(**(known | changes))


def test_the_suffix_chooses_the_container():
    assert container_of(Path("a.MKV")).muxer == "matroska"
    assert [default_suffix(Path(name)) for name in ("a.mp4", "a.AVI", "a.ts", "a")] == [".mp4", ".mkv", ".mkv", ".mkv"]
    with pytest.raises(OptionError, match=r"\.mp4, .*\.webm"):
        container_of(Path("a.gif"))


def test_streams_are_mapped_by_their_index_and_numbered_by_kind():
    others = [StreamInfo(1, "audio", "aac"), StreamInfo(2, "data", "unknown"), StreamInfo(3, "subtitle", "ass")]
    others += [StreamInfo(5, "audio", "ac3"), StreamInfo(6, "subtitle", "hdmv_pgs_subtitle")]
    plan = plan_streams(film(*others), container_of(Path("a.mp4")))
    assert [stream.index for stream in plan.streams] == [1, 3, 5]
    maps = [plan.arguments[n + 1 : n + 4] for n in range(0, len(plan.arguments), 4)]
    assert maps == [("0:1", "-c:a:0", "copy"), ("0:3", "-c:s:0", "mov_text"), ("0:5", "-c:a:1", "copy")]
    assert len(plan.notes) == 3  # data and pictures as subtitles are left out, text is turned


def test_the_clock_of_an_avi_is_made_finer_for_sound_that_is_copied_and_no_other():
    sounds = [StreamInfo(1, "audio", "aac"), StreamInfo(2, "audio", "pcm_s16le"), StreamInfo(3, "audio", "mp3")]
    plan = plan_streams(film(*sounds, format="avi"), container_of(Path("a.mp4")))
    assert plan.clocks[::2] == ("-bsf:1", "-bsf:3")
    assert plan_streams(film(*sounds), container_of(Path("a.mp4"))).clocks == ()


@given(
    st.lists(
        st.builds(
            StreamInfo,
            st.integers(1, 60),
            st.sampled_from(["audio", "video", "subtitle", "data", "attachment"]),
            st.sampled_from(
                ["aac", "opus", "pcm_s16le", "subrip", "ass", "dvd_subtitle", "mov_text", "h264", "unknown"]
            ),
        ),
        max_size=8,
    ),
    st.sampled_from(sorted(CONTAINERS)),
)
def test_what_is_not_kept_as_it_is_gets_a_line(others, suffix):
    plan = plan_streams(film(*others), CONTAINERS[suffix])
    copied = sum(argument == "copy" for argument in plan.arguments)
    assert copied + len(plan.notes) == len(others)
    assert plan.arguments.count("-map") == len(plan.streams)


@pytest.mark.parametrize(
    ("source", "chosen", "said"),
    [
        ("yuv420p", "yuv420p", ""),
        ("yuvj420p", "yuvj420p", ""),
        ("yuv444p", "yuv444p", ""),
        ("yuv420p10le", "yuv420p10le", ""),
        ("p010le", "yuv420p10le", ""),
        ("nv12", "yuv420p", ""),
        ("gray", "yuv420p", ""),
        ("yuv411p", "yuv444p", ""),
        ("yuv410p", "yuv444p", ""),
        ("yuva420p", "yuv420p", "transparency is dropped"),
        ("yuv420p12le", "yuv420p10le", "12 bits become 10"),
        ("yuv444p10le", "yuv420p10le", "colour is stored at lower resolution"),
        ("rgb24", "yuv420p", "colour is stored at lower resolution"),
        ("bgr0", "yuv420p", "colour is stored at lower resolution"),
        ("gbrp10le", "yuv420p10le", "colour is stored at lower resolution"),
        ("bgra", "yuv420p", "transparency is dropped; colour is stored at lower resolution"),
        ("pal8", "yuv420p", ""),
    ],
)
def test_pixel_formats(source, chosen, said):
    assert pixel_format_for(source, H264) == (chosen, said)


def test_pixel_formats_of_an_encoder_that_takes_little():
    assert pixel_format_for("yuv422p10le", ("yuv420p",)) == (
        "yuv420p",
        "10 bits become 8; colour is stored at lower resolution",
    )


def test_pixel_formats_of_an_encoder_without_4_2_0():
    prores = ("yuv422p10le", "yuv444p10le", "yuva444p10le")
    assert pixel_format_for("yuv420p", prores) == ("yuv422p10le", "")
    assert pixel_format_for("yuv422p", prores) == ("yuv422p10le", "")
    assert pixel_format_for("yuv444p", prores) == ("yuv444p10le", "")
    assert pixel_format_for("yuv420p", ("bgr0", "rgb24")) == ("bgr0", "")
    assert pixel_format_for("rgb24", ("bgr0", "rgb24")) == ("bgr0", "")


def test_a_palette_is_no_loss_worth_a_word():
    assert pixel_format_for("bgra", H264, palette=True) == ("yuv420p", "transparency is dropped")


@pytest.mark.parametrize(
    "encoder", ["prores_ks", "libx264rgb", "qtrle", "mjpeg", "libx264", "libx265", "libvpx-vp9", "libsvtav1", "mpeg4"]
)
def test_every_format_that_is_chosen_is_one_the_encoder_takes(encoder):
    takes = encoder_pixel_formats(encoder)
    assert takes
    for source in (
        "yuv420p",
        "yuvj420p",
        "yuvj444p",
        "yuv444p10le",
        "rgb24",
        "gbrp",
        "pal8",
        "gray10le",
        "yuv440p",
        "bgra",
    ):
        assert pixel_format_for(source, takes)[0] in takes


def test_words_of_the_options_reach_the_encoder():
    arguments = encoder_arguments("libx264", RenderOptions(preset="slow", crf=20))
    assert arguments == ["-c:v", "libx264", "-preset", "slow", "-crf", "20"]
    assert "-cq" in encoder_arguments("h264_nvenc", RenderOptions(crf=20))
    assert "hvc1" in tag_arguments("libx265", CONTAINERS[".mp4"])
    assert tag_arguments("libx265", CONTAINERS[".mkv"]) == []
    assert encoder_arguments("prores_ks", RenderOptions()) == ["-c:v", "prores_ks"]
    assert all("-c:v" in encoder_arguments(name, RenderOptions()) for name in ENCODERS)


@pytest.mark.parametrize(
    ("options", "suffix", "named"),
    [
        (RenderOptions(preset="hurry"), ".mp4", "hurry"),
        (RenderOptions(preset="hurry"), ".webm", "hurry"),
        (RenderOptions(encoder="libx265", preset="hurry"), ".mp4", "hurry"),
        (RenderOptions(encoder="libsvtav1", preset="99"), ".mkv", "99"),
        (RenderOptions(encoder="libaom-av1", preset="99"), ".mkv", "99"),
        (RenderOptions(encoder="libx999"), ".mkv", "this ffmpeg has no video encoder 'libx999'; .* libx264"),
        (RenderOptions(encoder="aac"), ".mkv", "no video encoder 'aac'"),
    ],
)
def test_an_encoder_that_does_not_take_its_options_is_refused_at_once(options, suffix, named):
    with pytest.raises(OptionError, match=named):
        choose_encoder(options, CONTAINERS[suffix])


def test_an_encoder_that_is_known_but_not_there_is_refused(monkeypatch):
    monkeypatch.setattr("vidtag.media.encoders.encoder_pixel_formats", lambda name: H264 if name == "libx264" else ())
    with pytest.raises(OptionError, match=r"has no video encoder 'h264_nvenc'; known to work are libx264$"):
        choose_encoder(RenderOptions(encoder="h264_nvenc"), CONTAINERS[".mkv"])


@pytest.fixture
def working(monkeypatch):
    """Let these encoders run on this machine, and no others."""
    names = {"libx264", "libvpx-vp9"}
    monkeypatch.setattr("vidtag.media.encoders.encoder_pixel_formats", lambda _name: H264)
    monkeypatch.setattr("vidtag.media.encoders._complaint", lambda name, _words: "" if name in names else "no driver")
    return names


def test_auto_takes_an_encoder_of_a_graphics_card_only_where_it_works(working):
    auto = RenderOptions(encoder="auto")
    assert choose_encoder(auto, CONTAINERS[".mkv"]) == "libx264"
    working.add("hevc_nvenc")
    assert choose_encoder(auto, CONTAINERS[".mp4"]) == "hevc_nvenc"
    working.add("h264_nvenc")
    assert choose_encoder(auto, CONTAINERS[".mkv"]) == "h264_nvenc"
    assert choose_encoder(auto, CONTAINERS[".webm"]) == "libvpx-vp9"


def test_an_encoder_without_its_graphics_card_says_what_it_needs(working):
    with pytest.raises(OptionError, match=r"h264_nvenc .* no driver \(it needs an NVIDIA GPU and its driver\); check"):
        choose_encoder(RenderOptions(encoder="h264_nvenc"), CONTAINERS[".mkv"])


@pytest.mark.parametrize("name", [name for name in ENCODERS if "nvenc" not in name])
def test_encoders_work_with_their_own_defaults(name):
    assert choose_encoder(RenderOptions(encoder=name), CONTAINERS[".mkv"]) == name


def test_turned_films_change_sides():
    turned = film(rotation=90, sample_aspect=Fraction(2))
    assert (turned.upright_size, turned.upright_sample_aspect) == ((480, 640), Fraction(1, 2))
    assert film(rotation=180).upright_size == (640, 480)


@pytest.mark.parametrize("changes", [{"width": 0}, {"rate": Fraction(0)}, {"time_base": Fraction(0)}, {"rotation": 45}])
def test_films_that_cannot_be_are_refused(changes):
    with pytest.raises(ShapeError):
        film(**changes)


def test_length_is_promised_only_where_the_header_says_so():
    assert film(first=Fraction(2)).promised_duration == 7
    assert film(promised_end=None).promised_duration is None
    assert film(first=Fraction(10)).promised_duration is None


@pytest.mark.parametrize(("ticks", "end"), [(3600, "1.04"), (0, "1.05"), (45, "1.05")])
def test_a_last_frame_of_no_length_is_shown_as_long_as_others(ticks, end):
    span = FrameSpan(Fraction(1, 90_000), 0, 90_000, ticks, 21)
    assert span.end(Fraction(20)) == Fraction(end)


@pytest.mark.parametrize(("start", "end"), [(-1, None), (2, 2), (3, 2)])
def test_parts_that_are_empty_are_refused(start, end):
    with pytest.raises(ShapeError):
        Part(Fraction(start), end and Fraction(end))


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 2), (16, 8), (64, 16)])
def test_the_decoder_before_an_encoder_leaves_it_the_processor(monkeypatch, cores, threads):
    monkeypatch.setattr("vidtag.media.encoders.usable_cores", lambda: cores)
    assert decoder_arguments("libx264", 0) == ["-threads", str(threads)]
    assert decoder_arguments("libx264", 7) == ["-threads", "7"]
    assert decoder_arguments("h264_vaapi", 0) == []  # which may leave it the processor anyway


@pytest.mark.parametrize("answers", [True, False])
def test_a_card_that_encodes_decodes_too(monkeypatch, answers):
    monkeypatch.setattr("vidtag.media.encoders._card_answers", lambda: answers)
    card = ["-hwaccel", "cuda"] if answers else []
    assert decoder_arguments("hevc_nvenc", 0) == card  # all cores are free for what the card does not know
    assert decoder_arguments("hevc_nvenc", 2) == [*card, "-threads", "2"]


def test_a_card_that_is_not_there_does_not_answer():
    if any(Path("/dev").glob("nvidia*")):
        pytest.skip("there is one")
    assert not _card_answers()
