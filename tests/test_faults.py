"""Faults in the middle of annotating: one line with the right exit code, nothing left, earlier outputs as they were."""

import errno
import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from episode_recipes import processes_of

from vidtag.limits import VARIABLE
from vidtag.media import ffmpeg as ffmpeg_module
from vidtag.media.ffmpeg import Ffmpeg, ffmpeg_path, ffmpeg_version
from vidtag.media.reader import SampleReader
from vidtag.media.samplegraph import sample_arguments
from vidtag.media.stripencoder import StripEncoder
from vidtag.records.bundles import load_bundle
from vidtag.scoring import Run

pytest_plugins = "episode_fixtures"

NAMES = ("o.csv", "o.mp4", "o.npz")


@pytest.fixture
def annotate(vidtag, episode, tmp_path):
    """Annotate the episode into `out/`, where earlier outputs are; gives the result."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text("earlier")

    def run(*options):
        into = ("-o", folder / "o.mp4", "--scores", folder / "o.npz", "--overwrite", "-q")
        return vidtag("annotate", episode, *into, *options)

    return run


def refused(result, code, words, folder):
    """Check for one line, the exit code, and earlier outputs as they were."""
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith("vidtag: ")
    assert result.err.count("\n") == 1
    assert words in result.err
    assert {path.name: path.read_text() for path in folder.iterdir()} == dict.fromkeys(NAMES, "earlier")
    assert processes_of(folder) == []


def once_in_the_middle(monkeypatch, do):
    """Call something when the second batch has been scored; gives the pass of the network."""
    real = Run.flags

    def flags(self):
        for number, batch in enumerate(real(self)):
            if number == 1:
                do(self)
            yield batch

    monkeypatch.setattr(Run, "flags", flags)


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_failing_fsync(annotate, tmp_path, monkeypatch, code, number):
    real, calls = os.fsync, []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) == number:
            raise OSError(code, os.strerror(code))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    refused(annotate(), 6, os.strerror(code), tmp_path / "out")


@pytest.mark.parametrize("name", ["o.npz", "o.csv", "o.mp4"])
def test_a_failing_rename(annotate, tmp_path, monkeypatch, name):
    real = Path.replace

    def replace(self, target):
        if target.name == name and "out" in target.parts and self.suffix == target.suffix:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    refused(annotate(), 6, f"{name} cannot be written (Read-only file system)", tmp_path / "out")


@pytest.mark.parametrize("writer", ["write_csv", "write_scores"])
def test_a_failing_write(annotate, tmp_path, monkeypatch, writer):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(f"vidtag.pipeline.{writer}", fail)
    refused(annotate(), 6, "No space left on device", tmp_path / "out")


def test_a_folder_that_vanishes(annotate, tmp_path, monkeypatch):
    """With all that is in it; it does not come back."""
    once_in_the_middle(monkeypatch, lambda run: shutil.rmtree(tmp_path / "out"))
    result = annotate("--batch-size", "4")
    assert (result.code, result.err.count("\n")) == (6, 1)
    assert "No such file" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["episode.mp4"]


@pytest.fixture
def apart(monkeypatch):
    """Let samples and film be decoded by an ffmpeg each."""
    monkeypatch.setattr("vidtag.pipeline.can_go_together", lambda *_: False)


@pytest.fixture
def slow_reader(apart, monkeypatch):
    """Let films be read at the speed at which they are shown, so that a signal finds the reader at work."""
    monkeypatch.setattr("vidtag.media.giver.sample_arguments", lambda *a, **o: ["-re", *sample_arguments(*a, **o)])


@pytest.mark.usefixtures("slow_reader")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_reader_that_is_ended_is_not_a_damaged_film(annotate, tmp_path, monkeypatch, number):
    real = SampleReader.__init__

    def init(self, *arguments, **options):
        real(self, *arguments, **options)
        self.first_tick()
        os.kill(self._ffmpeg._process.pid, number)

    monkeypatch.setattr(SampleReader, "__init__", init)
    refused(annotate(), 1, f"ended from outside ({number.name})", tmp_path / "out")
    refused(annotate("--keep-going"), 1, f"ended from outside ({number.name})", tmp_path / "out")


@pytest.mark.usefixtures("apart")
def test_a_reader_that_is_ended_while_it_opens_the_film(annotate, tmp_path, monkeypatch):
    """ffmpeg then says that the film is broken, which has been opened before."""

    def cannot_open(*arguments, **options):
        words = sample_arguments(*arguments, **options)
        place = words.index("-format_whitelist")
        return [*words[: place + 1], "gif", *words[place + 2 :]]

    monkeypatch.setattr("vidtag.media.giver.sample_arguments", cannot_open)
    refused(annotate(), 1, "ended from outside (or the file has changed)", tmp_path / "out")


@pytest.mark.usefixtures("slow_reader")
def test_a_reader_that_crashes_is_a_damaged_film(annotate, tmp_path, monkeypatch):
    real = SampleReader.__init__

    def init(self, *arguments, **options):
        real(self, *arguments, **options)
        os.kill(self._ffmpeg._process.pid, signal.SIGSEGV)

    monkeypatch.setattr(SampleReader, "__init__", init)
    refused(annotate(), 5, "is damaged", tmp_path / "out")


def test_a_writer_that_is_ended(annotate, tmp_path, monkeypatch):
    real = StripEncoder.__init__

    def init(self, *arguments, **options):
        real(self, *arguments, **options)
        os.kill(self._ffmpeg._process.pid, signal.SIGKILL)

    monkeypatch.setattr(StripEncoder, "__init__", init)
    refused(annotate(), 6, "ended from outside (SIGKILL)", tmp_path / "out")


@pytest.fixture
def without_memory_of_ffmpeg(monkeypatch):
    """Forget what was found out about ffmpeg, before and behind the test."""
    found = (ffmpeg_path, ffmpeg_version)
    for function in found:
        function.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    for function in found:
        function.cache_clear()


@pytest.mark.parametrize("options", [(), ("--keep-going",)], ids=["while scored", "when scored"])
def test_an_encoder_that_stops_reading(without_memory_of_ffmpeg, annotate, tmp_path, options):
    """Nor does it write or calculate: it holds the pipe open, as one does whose disk no longer answers."""
    fake = tmp_path / "ffmpeg"
    fake.write_text(f'#!/bin/sh\ncase "$*" in *pipe:0*) exec sleep 600 ;; esac\nexec "{ffmpeg_path()}" "$@"\n')
    fake.chmod(0o755)
    ffmpeg_path.cache_clear()
    without_memory_of_ffmpeg.setenv("IMAGEIO_FFMPEG_EXE", str(fake))
    without_memory_of_ffmpeg.setenv(VARIABLE, "stall=1")
    refused(annotate(*options), 6, "could not be written: no progress for 1 s", tmp_path / "out")


def test_a_missing_ffmpeg(without_memory_of_ffmpeg, annotate, tmp_path):
    without_memory_of_ffmpeg.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nowhere"))
    refused(annotate(), 1, "nowhere", tmp_path / "out")


@pytest.mark.parametrize("tie", [True, False], ids=["tied", "not tied"])
def test_an_ffmpeg_that_goes_in_the_middle(annotate, tmp_path, monkeypatch, tie):
    real = Ffmpeg.__init__

    def init(self, arguments, **options):
        if options.get("stdin"):  # the one that writes
            monkeypatch.setattr(ffmpeg_module, "ffmpeg_path", lambda: str(tmp_path / "nowhere"))
        real(self, arguments, **options)

    if not tie:
        monkeypatch.setattr(ffmpeg_module, "_tie", tuple)
    monkeypatch.setattr(Ffmpeg, "__init__", init)
    refused(annotate(), 1, "nowhere", tmp_path / "out")


def test_a_model_that_changes_under_the_run(annotate, installed, tmp_path, monkeypatch):
    shutil.copytree(installed / "colours", tmp_path / "mine")

    def change(folder):
        found = load_bundle(Path(folder))
        weights = bytearray(found.weights.read_bytes())
        weights[-1] ^= 1
        found.weights.write_bytes(weights)
        return found

    monkeypatch.setattr("vidtag.pipeline.find_bundle", change)
    refused(annotate("--model", tmp_path / "mine"), 3, "was changed", tmp_path / "out")


@pytest.mark.parametrize("step_s", [-1e6, 1e6])
def test_a_clock_that_jumps(annotate, tmp_path, monkeypatch, step_s):
    """Back or on by days with every look at it: the run ends as ever, with the same screen times."""
    assert annotate().code == 0
    before = (tmp_path / "out/o.csv").read_bytes()
    real, looks = time.time, []

    def jumping():
        looks.append(None)
        return real() + step_s * len(looks)

    monkeypatch.setattr(time, "time", jumping)
    assert annotate().code == 0
    assert (tmp_path / "out/o.csv").read_bytes() == before


def test_an_output_that_another_run_writes(annotate, episode, tmp_path, vidtag, monkeypatch):
    said = []

    def second(_):
        monkeypatch.undo()
        said.append(vidtag("annotate", episode, "-o", tmp_path / "out/o.mp4", "--overwrite"))

    monkeypatch.setenv("VIDTAG_MODELS", os.environ["VIDTAG_MODELS"])
    once_in_the_middle(monkeypatch, second)
    assert annotate("--batch-size", "4").code == 0
    assert said[0].code == 7
    assert "another run" in said[0].err
    assert np.load(tmp_path / "out/o.npz", allow_pickle=False)["values"].shape == (26, 3)
