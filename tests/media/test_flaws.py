"""Libraries with known holes are refused, and those that are installed have none that a film could reach."""

import ast
from importlib.metadata import version
from pathlib import Path

import av
import pytest

from vidtag.media.ffmpeg import ffmpeg_version
from vidtag.media.flaws import ffmpeg_flaw, opencv_flaw
from vidtag.media.guard import CODECS

PACKAGE = Path(__file__).parents[2] / "vidtag"


@pytest.mark.parametrize(
    "text",
    [
        "ffmpeg version 7.0.2-static https://johnvansickle.com/ffmpeg/",
        "ffmpeg version n7.1-184-gdc07f98934",
        "ffmpeg version 4.4.2-0ubuntu0.22.04.1",
        "ffmpeg version 5.1.9-0+deb12u1",
        "8.0.1",
        "8.1.1",
        "2.8",
    ],
)
def test_an_ffmpeg_with_the_hole_is_told(text):
    assert ffmpeg_flaw(text).startswith("CVE-2026-8461")


@pytest.mark.parametrize(
    "text", ["ffmpeg version n9.0.2-17-g2a571b6068", "8.1.2", "8.2", "7.1.5", "6.1.6", "5.1.10", "10.0", "N-119-g12ab"]
)
def test_one_without_it_is_not(text):
    assert ffmpeg_flaw(text) == ""


def test_opencv_that_reads_hostile_pictures_badly_is_told():
    assert "CVE-2023-4863" in opencv_flaw("4.8.0.76")
    assert "CVE-2025-53644" in opencv_flaw("4.11.0.86")
    assert [opencv_flaw(text) for text in ("4.8.1.78", "4.9.0.80", "4.12.0.88", "5.0.0.93")] == [""] * 4


def test_what_is_installed_has_no_known_hole():
    assert ffmpeg_flaw(ffmpeg_version()) == ""
    assert ffmpeg_flaw(av.ffmpeg_version_info) == ""
    assert opencv_flaw(version("opencv-python")) == ""


def test_the_codec_with_the_hole_is_not_opened_anyway():
    assert "magicyuv" not in CODECS.split(",")


def test_no_film_goes_through_the_ffmpeg_of_opencv_or_moviepy():
    used = {"VideoCapture", "VideoWriter", "VideoFileClip", "AudioFileClip", "ffmpeg_parse_infos"}
    for path in PACKAGE.rglob("*.py"):
        names = {
            getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(ast.parse(path.read_text("utf-8")))
        }
        assert not names & used, path
