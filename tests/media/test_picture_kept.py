"""What the tagged film keeps of the picture: its look, colour tags, shape, bits, and which way is up."""

from fractions import Fraction

import av
import numpy as np
import pytest
from media_recipes import ffmpeg, make_film, plane, psnr
from media_tagging import BAR_HEIGHT, tag

from vidtag.media.probe import probe
from vidtag.options import RenderOptions

LOSSLESS = ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
FILMS = {  # what a drawn film has: plain areas, hard edges, text, gradients, movement
    "pattern": "testsrc2=s=320x180:r=25:d=2",
    "pan": "testsrc=s=640x360:r=25:d=2,scroll=h=0.01,crop=320:180",
    "gradients": "gradients=s=320x180:r=25:d=2:speed=0.05:seed=1",
}


def frames_of(path):
    """Decode all frames; what a test asks of them, it asks of `av` itself."""
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def picture_psnr(source, target, peak=255):
    """Compare all three planes of all frames outside the bar, in dB."""
    pairs = list(zip(frames_of(source), frames_of(target), strict=True))
    found = []
    for number in range(3):
        planes = [(plane(a, number), plane(b, number)) for a, b in pairs]
        originals = np.stack([original for original, _ in planes])
        rows, columns = originals.shape[1:]
        found.append(psnr(originals, np.stack([tagged[:rows, :columns] for _, tagged in planes]), peak))
    return min(found)


@pytest.mark.parametrize("name", FILMS)
def test_picture_is_visually_lossless_at_the_default_quality(tmp_path, name):
    source = make_film(tmp_path / "in.mkv", *LOSSLESS, source=FILMS[name])
    tag(source, tmp_path / "out.mp4", options=RenderOptions())
    assert picture_psnr(source, tmp_path / "out.mp4") >= 42


def test_webm_is_visually_lossless_at_the_default_quality(tmp_path):
    source = make_film(tmp_path / "in.mkv", *LOSSLESS, source=FILMS["pattern"])
    tag(source, tmp_path / "out.webm", options=RenderOptions())
    assert picture_psnr(source, tmp_path / "out.webm") >= 42


def test_picture_is_not_touched_at_all_without_loss(tmp_path):
    """With a lossless encoder every sample of every plane comes out as it was: nothing went through RGB."""
    source = make_film(tmp_path / "in.mkv", *LOSSLESS)
    tag(source, tmp_path / "out.mkv", options=RenderOptions(crf=0, preset="ultrafast"))
    assert picture_psnr(source, tmp_path / "out.mkv") == float("inf")


FULL = 2  # ffmpeg's number
COLOURS = {
    "bt709": ("tv", 1, 1, 1),
    "bt601": ("tv", 6, 6, 6),
    "bt2020": ("tv", 9, 14, 9),
    "bt2020, constant luminance": ("tv", 9, 14, 10),
    "a matrix that ffmpeg does not know": ("tv", 1, 1, 8),
    "full range": ("pc", 1, 1, 1),
    "not said": ("tv", 2, 2, 2),
}


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("name", COLOURS)
def test_colour_tags_are_kept_and_the_bar_has_the_right_colour(tmp_path, name, suffix):
    span, primaries, transfer, matrix = COLOURS[name]
    said = f"range={span}:color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}"
    source = make_film(tmp_path / "in.mkv", "-vf", f"format=yuv420p,setparams={said}", *LOSSLESS)
    target = tmp_path / f"out{suffix}"
    tag(source, target, grey=180, options=RenderOptions(crf=0, preset="ultrafast"))
    before, after = frames_of(source)[0], frames_of(target)[0]
    assert (after.color_range == FULL) == (before.color_range == FULL) == (span == "pc")
    assert (after.color_primaries, after.color_trc, after.colorspace) == (primaries, transfer, matrix)
    expected = 180 if span == "pc" else 16 + 219 * 180 / 255
    assert abs(plane(after, 0)[-BAR_HEIGHT + 4 : -4].mean() - expected) <= 1.5
    assert picture_psnr(source, target) == float("inf")


def test_an_encoder_without_yuv_takes_a_film_of_a_matrix_that_ffmpeg_does_not_know(tmp_path):
    source = make_film(tmp_path / "in.mkv", "-vf", "format=yuv420p,setparams=colorspace=ycgco", *LOSSLESS)
    target = tmp_path / "out.mkv"
    tag(source, target, grey=180, options=RenderOptions(encoder="libx264rgb", preset="ultrafast"))
    assert len(frames_of(target)) == len(frames_of(source))


@pytest.mark.parametrize("matrix", ["bt709", "smpte170m", "bt2020nc"])
def test_colours_of_the_bar_follow_the_matrix_of_the_picture(tmp_path, matrix):
    """A red strip is red again when the film is shown by its own tags."""
    from vidtag.media.info import Part
    from vidtag.media.reader import SampleReader
    from vidtag.media.writer import FilmWriter

    source = make_film(tmp_path / "in.mkv", "-vf", f"format=yuv420p,setparams=range=tv:colorspace={matrix}", *LOSSLESS)
    info, red = probe(source), np.array([200, 40, 30], np.uint8)
    rate, options = Fraction(4), RenderOptions(preset="ultrafast", crf=4)
    with SampleReader(info, input_size=(8, 8), rate=rate, batch_size=8) as reader:
        samples = sum(len(batch) for batch in reader)
        with FilmWriter(
            info, tmp_path / "o.mp4", bar_height_px=32, rate=rate, origin=reader.origin(), options=options, part=Part()
        ) as writer:
            for _ in range(samples):
                writer.write(np.broadcast_to(red, (32, 160, 3)).copy())
            writer.finish(50)
    flags = "scale=flags=accurate_rnd+full_chroma_int"
    shown = np.frombuffer(
        ffmpeg("-i", tmp_path / "o.mp4", "-vf", f"{flags},format=rgb24,crop=160:16:0:128", "-f", "rawvideo", "-"),
        np.uint8,
    )
    assert np.abs(shown.reshape(-1, 3).mean(axis=0) - red).max() <= 2.5


def test_ten_bits_stay_ten_bits(tmp_path):
    ten = ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le")
    source = make_film(tmp_path / "in.mkv", *ten, source=FILMS["gradients"])
    tagged = tag(source, tmp_path / "out.mkv", options=RenderOptions())
    assert frames_of(tmp_path / "out.mkv")[0].format.name == "yuv420p10le"
    assert tagged.notes == ()
    assert picture_psnr(source, tmp_path / "out.mkv", peak=1023) >= 42


def test_full_colour_resolution_is_kept(tmp_path):
    full = ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    source = make_film(tmp_path / "in.mkv", *full)
    tagged = tag(source, tmp_path / "out.mp4", options=RenderOptions(crf=0))
    assert frames_of(tmp_path / "out.mp4")[0].format.name == "yuv444p"
    assert tagged.notes == ()
    assert picture_psnr(source, tmp_path / "out.mp4") == float("inf")


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sample_aspect_is_kept(tmp_path, suffix):
    source = make_film(tmp_path / "in.mp4", "-vf", "setsar=16/11", "-c:v", "libx264", "-preset", "ultrafast")
    tag(source, tmp_path / f"out{suffix}")
    assert probe(tmp_path / f"out{suffix}").sample_aspect == Fraction(16, 11)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_film_comes_out_upright(tmp_path, degrees):
    upright = make_film(tmp_path / "upright.mp4", *LOSSLESS)
    turned = tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", degrees, "-i", upright, "-c", "copy", turned)
    shown = tmp_path / "shown.mkv"  # as ffmpeg itself turns it
    ffmpeg("-i", turned, *LOSSLESS, shown)
    tag(turned, tmp_path / "out.mp4", options=RenderOptions(crf=4))
    info = probe(tmp_path / "out.mp4")
    assert probe(turned).rotation == (360 - degrees) % 360
    assert info.rotation == 0
    assert (info.width, info.height) == (probe(shown).width, probe(shown).height + BAR_HEIGHT)
    assert picture_psnr(shown, tmp_path / "out.mp4") >= 42


@pytest.mark.parametrize("size", ["161x121", "160x121", "161x120", "159x91"])
def test_odd_sizes_gain_one_black_line(tmp_path, size):
    source = make_film(tmp_path / "in.mkv", "-c:v", "ffv1", "-pix_fmt", "yuv420p", source=f"testsrc=s={size}:r=25:d=1")
    tag(source, tmp_path / "out.mp4", options=RenderOptions())
    width, height = map(int, size.split("x"))
    after = frames_of(tmp_path / "out.mp4")[0]
    assert (after.width, after.height) == (width + width % 2, height + height % 2 + BAR_HEIGHT)
    assert picture_psnr(source, tmp_path / "out.mp4") >= 40


def test_what_the_encoder_cannot_keep_is_said(tmp_path):
    deep = ("-c:v", "ffv1", "-pix_fmt", "yuv444p10le")
    source = make_film(tmp_path / "in.mkv", *deep)
    tagged = tag(source, tmp_path / "out.mp4", options=RenderOptions(encoder="mpeg4"))
    assert any("10 bits become 8" in note for note in tagged.notes)
    clear = make_film(tmp_path / "clear.mkv", "-c:v", "ffv1", "-pix_fmt", "yuva420p")
    assert any("transparency" in note for note in tag(clear, tmp_path / "out2.mp4").notes)


@pytest.mark.parametrize(("encoder", "stored"), [("prores_ks", "yuv422p10le"), ("libx264rgb", "gbrp")])
def test_encoders_without_4_2_0_keep_the_picture(tmp_path, encoder, stored):
    source = make_film(tmp_path / "in.mkv", *LOSSLESS, source=FILMS["gradients"])
    tagged = tag(source, tmp_path / "out.mkv", options=RenderOptions(encoder=encoder))
    assert tagged.notes == ()
    assert frames_of(tmp_path / "out.mkv")[0].format.name == stored
    assert psnr(rgb_of(source), rgb_of(tmp_path / "out.mkv")[:, :180]) >= 35


def rgb_of(path):
    return np.stack([frame.to_ndarray(format="rgb24") for frame in frames_of(path)])


@pytest.mark.parametrize(
    ("arguments", "suffix", "said"), [(("-c:v", "ffv1", "-pix_fmt", "bgr0"), ".mkv", True), ((), ".gif", False)]
)
def test_rgb_is_said_to_lose_colour_resolution_and_a_palette_is_not(tmp_path, arguments, suffix, said):
    source = make_film(tmp_path / f"in{suffix}", *arguments)
    notes = tag(source, tmp_path / "out.mp4").notes
    assert any("colour is stored at lower resolution" in note for note in notes) == said
