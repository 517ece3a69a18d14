"""Decoding once gives what decoding twice gives, to the last bit; and where it does not work out, twice it is."""

import filecmp
import os
import signal
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from episode_recipes import processes_of
from known_presence import FAST, NumberReader, nothing_left
from media_recipes import CODED_CLIPS, everything_but_pictures, luma_frames, make_film

from vidtag import pipeline, together
from vidtag.errors import DamagedError, LimitError, OutputError
from vidtag.limits import VARIABLE
from vidtag.media import samplegraph
from vidtag.media.containers import container_of
from vidtag.media.ffmpeg import ffmpeg_version
from vidtag.media.flaws import version_numbers
from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.media.stripencoder import StripEncoder
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.outputs import Outputs
from vidtag.pipeline import annotate_episode

pytest_plugins = "episode_fixtures"

SOME = {"film.mp4", "gaps.mkv", "late.ts", "sound_first.mp4", "sound_later.mkv", "long_b_frames.avi", "ntsc.webm"}
ONE_FRAME = "testsrc2=s=160x120:r=25:d=0.04"
FILMS = {
    "one_frame.mp4": ((), ONE_FRAME),
    "three_frames.mp4": ((), "testsrc2=s=160x120:r=25:d=0.12"),
    "white.mp4": ((), "color=white:s=160x120:r=25:d=3"),
    "black.mp4": ((), "color=black:s=160x120:r=25:d=3"),
    "stills.mp4": ((), "testsrc2=s=160x120:r=1/3:d=12"),
    "long_stills.mp4": ((), "testsrc2=s=160x120:r=1/100:d=200"),
    "odd.mkv": (("-c:v", "ffv1", "-pix_fmt", "yuv444p"), "testsrc2=s=161x121:r=25:d=2"),
    "ten_bits.mkv": (("-c:v", "ffv1", "-pix_fmt", "yuv420p10le"), "testsrc2=s=160x120:r=25:d=2"),
    "palette.gif": ((), "testsrc2=s=160x120:r=10:d=2"),
    "much_sound.mp4": (("-f", "lavfi", "-i", "sine=d=15"), "testsrc2=s=160x120:r=25:d=2"),
}


@pytest.fixture
def tried(monkeypatch):
    """List what became of every try to decode once."""
    real, found = together.tag_together, []

    def tag_together(*arguments):
        try:
            run = real(*arguments)
        except BaseException as error:
            found.append(type(error).__name__)
            raise
        found.append("done")
        return run

    monkeypatch.setattr(pipeline, "tag_together", tag_together)
    return found


def annotate(clip, folder, name, render=FAST, **analysis):
    outputs = Outputs(film=folder / f"{name}.mkv", scores=folder / f"{name}.npz")
    return annotate_episode(clip, outputs, analysis=AnalysisOptions(**analysis), render=render)


def same_as_apart(clip, folder, once, monkeypatch):
    """Decode twice, and compare everything with what came of decoding once."""
    monkeypatch.setattr(pipeline, "can_go_together", lambda *_: False)
    twice = annotate(clip, folder, "twice")
    assert all(filecmp.cmp(folder / f"once{end}", folder / f"twice{end}", shallow=False) for end in (".csv", ".npz"))
    assert (once.timeline, once.notes) == (twice.timeline, twice.notes)
    assert everything_but_pictures(once.output) == everything_but_pictures(twice.output)
    pairs = zip(luma_frames(once.output), luma_frames(twice.output), strict=True)
    assert all(a[0] == b[0] and np.array_equal(a[1], b[1]) for a, b in pairs)


def some_slow(names):
    return [name if name in SOME else pytest.param(name, marks=pytest.mark.slow) for name in names]


@pytest.mark.parametrize("name", some_slow(sorted(CODED_CLIPS)))
def test_coded_clips(network, tried, coded_clip, tmp_path, monkeypatch, name):
    once = annotate(coded_clip(name), tmp_path, "once")
    assert tried == ["done"]
    same_as_apart(coded_clip(name), tmp_path, once, monkeypatch)


@pytest.mark.parametrize("name", FILMS)
def test_short_and_odd_films(installed, tried, tmp_path, monkeypatch, name):
    arguments, source = FILMS[name]
    clip = make_film(tmp_path / name, *arguments, source=source)
    once = annotate(clip, tmp_path, "once")
    assert tried == ["done"]
    same_as_apart(clip, tmp_path, once, monkeypatch)


@pytest.mark.parametrize("pause_s", [0.02, 0.3])
def test_a_network_that_takes_its_time(installed, tried, coded_clip, tmp_path, monkeypatch, pause_s):
    """ffmpeg has then read the whole film, or as much as it can, before a strip comes."""

    class Slow(NumberReader):
        def __call__(self, pictures):
            time.sleep(pause_s)
            return super().__call__(pictures)

    def load(bundle, *_):
        time.sleep(2 * pause_s)
        return Slow(bundle)

    monkeypatch.setattr("vidtag.pipeline.load_predictor", load)
    annotate(coded_clip("film.mp4"), tmp_path, "once")
    assert tried == ["done"]


def test_what_an_encoder_prints_is_no_complaint_about_the_film(network, tried, coded_clip, tmp_path, monkeypatch):
    """SVT-AV1 prints what it is and does, whatever ffmpeg's log level."""

    def look_through_the_film(_):
        raise AssertionError

    monkeypatch.setattr(SampleReader, "_broken_stretches", look_through_the_film)
    done = annotate(coded_clip("film.mp4"), tmp_path, "o", RenderOptions(encoder="libsvtav1", preset="12"))
    assert (tried, done.notes) == (["done"], ())


def test_the_ffmpeg_that_is_here_has_been_tried():
    """When this fails: see that all tests of this file pass with the new one, also on a busy machine, and add it."""
    assert version_numbers(ffmpeg_version())[0] in together.TRIED


def can(clip, analysis=None, render=FAST, **description):
    info = replace(probe(clip), **description)
    return together.can_go_together(info, container_of(clip.with_suffix(".mp4")), analysis or AnalysisOptions(), render)


def test_which_films_are_decoded_once(installed, coded_clip, monkeypatch):
    clip = coded_clip("film.mp4")
    assert can(clip)
    assert can(clip, width=1920, height=1080, rate=Fraction(24))
    assert not can(clip, width=3840, height=2160, rate=Fraction(24))
    assert not can(clip, width=1920, height=1080, rate=Fraction(60))
    assert not can(clip, width=1920, height=1080, rate=Fraction(24), pixel_format="yuv420p10le")
    assert not can(clip, AnalysisOptions(rate=Fraction(1, 4)), width=1280, height=720)
    assert not can(clip, AnalysisOptions(start=Fraction(1)))
    assert can(clip, AnalysisOptions(rate=Fraction(3)))
    assert not can(clip, AnalysisOptions(rate=Fraction(2)))
    assert not can(clip, AnalysisOptions(end=Fraction(1)))
    assert not can(clip, AnalysisOptions(backend="tensorflow"))
    monkeypatch.setattr(together, "choose_encoder", lambda *_: "h264_nvenc")
    assert not can(clip)


@pytest.mark.parametrize("version", ["ffmpeg version 7.0.2-static", "ffmpeg version N-118000-gabcdef"])
def test_an_ffmpeg_that_has_not_been_tried(installed, coded_clip, monkeypatch, version):
    monkeypatch.setattr(together, "ffmpeg_version", lambda: version)
    assert not can(coded_clip("film.mp4"))


def test_a_film_that_does_not_begin_where_it_should(network, tried, coded_clip, tmp_path, monkeypatch):
    clip = coded_clip("film.mp4")
    told = replace(probe(clip), first=Fraction(1, 25))
    done = annotate_episode(
        clip, Outputs(film=tmp_path / "o.mkv"), analysis=AnalysisOptions(), render=FAST, described=lambda: told
    )
    assert tried == ["ApartError"]
    assert len(list(luma_frames(done.output))) == done.scores.provenance.frames
    assert [note for note in done.notes if "done again" in note and "first frame" in note]


def test_arguments_that_ffmpeg_does_not_take(network, tried, coded_clip, tmp_path, monkeypatch):
    monkeypatch.setattr(samplegraph, "_WHITE_END", "no_such_filter")
    done = annotate(coded_clip("film.mp4"), tmp_path, "o")
    assert tried == ["ApartError"]
    assert [note for note in done.notes if "done again" in note and "no_such_filter" in note]


def test_a_filter_that_fails_when_the_first_frame_comes(network, tried, coded_clip, tmp_path, monkeypatch):
    """Ffmpeg then waits for the strips before it ends, and they for it, with no limit that would end that."""
    monkeypatch.setattr(samplegraph, "_FLAGS", "area,crop=9999:9999")
    monkeypatch.setenv(VARIABLE, "stall=1e6")
    with pytest.raises(DamagedError, match="too big"):
        annotate(coded_clip("film.mp4"), tmp_path, "o")
    assert tried == ["ApartError"]
    assert nothing_left(tmp_path, coded_clip("film.mp4"))


def test_an_ffmpeg_that_reads_no_further(network, tried, coded_clip, tmp_path, monkeypatch):
    """As one would that schedules by other rules: without outputs that lag behind, the film waits for its strips."""
    real = samplegraph.samples_beside_film

    def without_lagging(*arguments, **options):
        words = real(*arguments, **options)
        graph = words.index("-filter_complex") + 1
        for given, lagging in (("samples", "[taken]{}[behind]"), ("frames", "[seen]{}[below]")):
            path = f",split[{given}]{lagging.split(']')[0]}];{lagging.format(samplegraph._ONE_LATE)}"
            assert path in words[graph]
            words[graph] = words[graph].replace(path, f"[{given}]")
        return words[: words.index("-filter_complex", graph)]

    monkeypatch.setattr(together, "samples_beside_film", without_lagging)
    monkeypatch.setenv(VARIABLE, "stall=2")
    annotate(coded_clip("film.mp4"), tmp_path, "o")
    assert tried == ["ApartError"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_ffmpeg_that_is_ended_from_outside(network, tried, coded_clip, tmp_path, monkeypatch, number):
    """Nothing says that a second try would fare better. While it opens its files it would call them broken instead."""
    real = SampleReader.__iter__

    def ended(self):
        batches = real(self)
        yield next(batches)
        os.kill(self._ffmpeg._process.pid, number)
        yield from batches

    monkeypatch.setattr(SampleReader, "__iter__", ended)
    with pytest.raises(OutputError, match=rf"ended from outside \({number.name}\)"):
        annotate(coded_clip("film.mp4"), tmp_path, "o")
    assert tried == ["OutputError"]
    assert nothing_left(tmp_path, tmp_path)


def test_an_ffmpeg_that_crashes(network, tried, coded_clip, tmp_path, monkeypatch):
    real = StripEncoder.__init__

    def crashing(self, *arguments, gives=False, **options):
        real(self, *arguments, gives=gives, **options)
        if gives:
            os.kill(self._ffmpeg._process.pid, signal.SIGSEGV)

    monkeypatch.setattr(StripEncoder, "__init__", crashing)
    annotate(coded_clip("film.mp4"), tmp_path, "o")
    assert tried == ["ApartError"]


def test_a_film_that_breaks_off(network, tried, coded_clip, tmp_path, monkeypatch):
    whole = coded_clip("film.mkv").read_bytes()
    clip = tmp_path / "broken.mkv"
    clip.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(DamagedError, match="breaks off") as once:
        annotate(clip, tmp_path, "once")
    assert tried == ["DamagedError"]
    monkeypatch.setattr(pipeline, "can_go_together", lambda *_: False)
    with pytest.raises(DamagedError) as twice:
        annotate(clip, tmp_path, "twice")
    assert str(once.value) == str(twice.value)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.mkv"]
    assert processes_of(tmp_path) == []


def test_a_film_longer_than_the_limits(network, tried, coded_clip, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "frames=20")
    with pytest.raises(LimitError, match="the limit is 20"):
        annotate(coded_clip("film.mp4"), tmp_path, "o")
    assert tried == ["LimitError"]
