"""The writer when something goes wrong: an error of the right kind, no child and no file left behind."""

import signal
import subprocess
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_recipes import make_film
from media_tagging import tag

from vidtag.errors import OptionError, OutputError
from vidtag.limits import VARIABLE
from vidtag.media.info import Part
from vidtag.media.probe import probe
from vidtag.media.verify import verify_film
from vidtag.media.writer import FilmWriter
from vidtag.options import RenderOptions
from vidtag.wholefile import whole_file

NOISE = "nullsrc=s=320x240:r=25:d=4,geq=random(1)*255:128:128"
STRIP = np.zeros((32, 320, 3), np.uint8)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    arguments = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", *arguments, source=NOISE)


def open_writer(film, target, options=None):
    info = probe(film)
    options = options or RenderOptions(preset="ultrafast")
    return FilmWriter(info, target, bar_height_px=32, rate=Fraction(4), origin=info.first, options=options, part=Part())


def write_all(writer, strips=16, frames=100):
    with writer:
        for _ in range(strips):
            writer.write(STRIP)
        writer.finish(frames)


@pytest.fixture
def tiny_disk(tmp_path):
    """Mount a disk of 200 KiB; skipped where that is not allowed."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    try:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", folder], capture_output=True)
    except OSError:
        pytest.skip("there is no mount here")
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk is not allowed here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_an_output_error_and_leaves_nothing(film, tiny_disk):
    with pytest.raises(OutputError, match="No space left on device"), whole_file(tiny_disk / "out.mp4") as temporary:
        write_all(open_writer(film, temporary))
    assert list(tiny_disk.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_that_is_always_full_is_an_output_error(film, tmp_path):
    (tmp_path / "out.mkv").symlink_to("/dev/full")
    with pytest.raises(OutputError, match="No space left on device"):
        write_all(open_writer(film, tmp_path / "out.mkv"))


def test_a_preset_that_the_encoder_does_not_know_is_named(film, tmp_path):
    with pytest.raises(OptionError, match="hurry"):
        write_all(open_writer(film, tmp_path / "out.mp4", RenderOptions(preset="hurry")))


def test_an_unknown_encoder_is_an_option_error(film, tmp_path):
    with pytest.raises(OptionError, match="no video encoder 'libx999'"):
        open_writer(film, tmp_path / "out.mp4", RenderOptions(encoder="libx999"))
    with pytest.raises(OptionError, match="webm cannot hold"):
        open_writer(film, tmp_path / "out.webm", RenderOptions(encoder="libx264"))


def test_frames_that_are_missing_are_noticed(film, tmp_path):
    with pytest.raises(OutputError, match=r"has 100 frames .*expected 101"):
        write_all(open_writer(film, tmp_path / "out.mp4"), frames=101)


@pytest.mark.parametrize("strips", [1, 15, 17, 40])
def test_any_number_of_strips_gives_all_frames(film, tmp_path, strips):
    """Too few: the last one stays; too many: the rest is not used. Neither hangs, adds or drops a frame."""
    write_all(open_writer(film, tmp_path / "out.mp4"), strips=strips)
    verify_film(tmp_path / "out.mp4", frames=100, size=(320, 272), streams=())


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_leaving_in_the_middle_ends_ffmpeg_and_removes_the_file(film, tmp_path, error):
    opened = []

    def fail():
        with whole_file(tmp_path / "out.mp4") as temporary, open_writer(film, temporary) as writer:
            opened.append(writer)
            writer.write(STRIP)
            raise error

    with pytest.raises(error):
        fail()
    assert opened[0]._ffmpeg._process.returncode is not None
    assert not opened[0]._feeder.is_alive()
    assert list(tmp_path.iterdir()) == []


def test_a_writer_without_any_strip_ends(film, tmp_path):
    with open_writer(film, tmp_path / "out.mp4"):
        pass


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_open_files_do_not_pile_up(film, tmp_path):
    def count():
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    tag(film, tmp_path / "first.mp4")
    before = count()
    for number in range(3):
        tag(film, tmp_path / f"{number}.mp4")
    assert count() <= before


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing stops a process here")
@pytest.mark.parametrize("strips", [4, 1000])
def test_an_encoder_that_stands_still_is_ended(film, tmp_path, monkeypatch, strips):
    monkeypatch.setenv(VARIABLE, "stall=1")
    target = tmp_path / "out.mp4"
    writer = open_writer(film, target)
    writer._ffmpeg._process.send_signal(signal.SIGSTOP)
    with pytest.raises(OutputError, match=r"could not be written: no progress for 1 s; .*VIDTAG_LIMITS=stall="):
        write_all(writer, strips)


def test_an_encoder_that_waits_for_strips_does_not_stand_still(film, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "stall=1")
    with open_writer(film, tmp_path / "out.mp4") as writer:
        writer.write(STRIP)
        time.sleep(3)
        for _ in range(15):
            writer.write(STRIP)
        writer.finish(100)
