"""The use cases from end to end with a network whose answers are known: every number and every bar is checked."""

import subprocess
import sys
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from episode_recipes import make_episode, processes_of
from known_presence import (
    FAST,
    PRESENCE,
    NumberReader,
    expected_run,
    intervals,
    nothing_left,
    slow_smoothing,
    wrong_bars,
)
from media_recipes import ffmpeg, film_frames, picture_clock

from vidtag.errors import DamagedError, InputError, OutputError
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.outputs import Outputs
from vidtag.pipeline import analyze_episode, annotate_episode, render_episode
from vidtag.records.scorefiles import load_scores, save_scores

pytest_plugins = "episode_fixtures"

CLIPS = [
    "film.mp4",
    "pal.mkv",
    "sixty.mp4",
    "ntsc.mkv",
    "gaps.mkv",
    "late.ts",
    "late.mkv",
    "sound_first.mp4",
    "pal.avi",
]


@pytest.mark.parametrize("name", CLIPS)
def test_timeline_and_every_bar_follow_from_the_frame_times(network, coded_clip, tmp_path, name):
    clip, target = coded_clip(name), tmp_path / "out.mkv"
    flags, seconds, end = expected_run(clip)
    done = annotate_episode(clip, Outputs(film=target), analysis=AnalysisOptions(batch_size=5), render=FAST)
    for character, presence in enumerate(done.timeline.presences):
        assert [(i.start, i.end) for i in presence] == intervals(flags[:, character], Fraction(4), end)
    assert done.timeline.end == end
    assert done.output == target
    assert wrong_bars(target, network[0].cast, flags, seconds) == 0
    assert wrong_bars(target, network[0].cast, np.roll(flags, 1, axis=0), seconds) > 0  # the measure can see an error


@pytest.mark.parametrize("rate", ["5/2", "24000/1001"])
def test_any_rate(network, coded_clip, tmp_path, rate):
    clip, target, rate = coded_clip("film.mp4"), tmp_path / "out.mp4", Fraction(rate)
    flags, seconds, end = expected_run(clip, rate)
    done = annotate_episode(clip, Outputs(film=target), analysis=AnalysisOptions(rate=rate), render=FAST)
    for character, presence in enumerate(done.timeline.presences):
        assert [(i.start, i.end) for i in presence] == intervals(flags[:, character], rate, end)
    assert wrong_bars(target, network[0].cast, flags, seconds, rate) == 0


@pytest.mark.parametrize("name", ["film.mp4", "late.mkv"])
def test_kept_scores_give_the_same_film(network, coded_clip, tmp_path, name):
    clip = coded_clip(name)
    done = annotate_episode(clip, Outputs(film=tmp_path / "one.mkv"), analysis=AnalysisOptions(), render=FAST)
    kept = load_scores(save_scores(done.scores, tmp_path / "kept.npz"))
    assert kept.provenance == done.scores.provenance
    assert np.array_equal(kept.values, done.scores.values)
    again = render_episode(clip, Outputs(film=tmp_path / "two.mkv"), kept, render=FAST)
    assert [p.intervals for p in again.timeline.presences] == [p.intervals for p in done.timeline.presences]
    pairs = zip(film_frames(tmp_path / "one.mkv"), film_frames(tmp_path / "two.mkv"), strict=True)
    assert all(a[0] == b[0] and np.array_equal(a[1], b[1]) for a, b in pairs)


@pytest.mark.parametrize("size", [1, 3, 16, 1000])
def test_scores_do_not_depend_on_batches(network, coded_clip, size):
    scores = analyze_episode(coded_clip("film.mp4"), AnalysisOptions(batch_size=size))
    whole = analyze_episode(coded_clip("film.mp4"), AnalysisOptions())
    assert np.array_equal(scores.values, whole.values)
    assert max(network[0].batches) <= size
    assert sum(network[0].batches) == len(scores.values)


def test_a_part_is_a_slice_of_the_whole(network, coded_clip):
    clip = coded_clip("film.mp4")
    whole = analyze_episode(clip, AnalysisOptions())
    part = analyze_episode(clip, AnalysisOptions(start=Fraction(1), end=Fraction(3)))
    assert np.array_equal(part.values, whole.values[4:12])
    assert np.array_equal(part.times, whole.times[4:12])


@pytest.mark.parametrize("end", ["3.7", "3.013", "3.337"])  # between two frames in every way
@pytest.mark.parametrize("name", ["film.mp4", "late.mkv", "late.ts", "pal.avi", "long.avi"])
def test_the_bar_of_a_part_is_right_and_right_again_from_its_scores(network, coded_clip, tmp_path, name, end):
    clip, start, end = coded_clip(name), Fraction("1.1"), Fraction(end)
    seconds = expected_run(clip)[1]
    middles = [float(start + (k + Fraction(1, 2)) / 4) for k in range(ceil((end - start) * 4))]
    last = sum(second < end for second in seconds) - 1
    shown = np.minimum(np.searchsorted(np.array(seconds, float), middles, side="right") - 1, last)
    flags = slow_smoothing(PRESENCE[shown])
    options = AnalysisOptions(start=start, end=end)
    done = annotate_episode(clip, Outputs(film=tmp_path / "one.mkv"), analysis=options, render=FAST)
    again = render_episode(clip, Outputs(film=tmp_path / "two.mkv"), done.scores, render=FAST)
    assert again.timeline == done.timeline
    for character, presence in enumerate(done.timeline.presences):
        expected = intervals(flags[:, character], Fraction(4), end - start)
        assert [(i.start - start, i.end - start) for i in presence] == expected
    for target in (done.output, again.output):
        assert wrong_bars(target, network[0].cast, flags, seconds, start=start) == 0


def test_provenance_says_where_scores_come_from(network, coded_clip, models):
    clip = coded_clip("late.mkv")
    made_of = analyze_episode(clip, AnalysisOptions(model=str(models / "colours"))).provenance
    assert (made_of.source, made_of.size) == ("late.mkv", clip.stat().st_size)
    assert (made_of.model, made_of.backend, made_of.rate) == ("colours", "stand-in", 4)
    assert (made_of.start, made_of.to_end, made_of.frames) == (0, True, len(picture_clock(clip)[0]))
    assert made_of.origin == picture_clock(clip)[0][0]


def run_annotate(clip, folder, progress):
    annotate_episode(
        clip, Outputs(film=folder / "o.mkv"), analysis=AnalysisOptions(batch_size=4), render=FAST, progress=progress
    )


def run_analyze(clip, folder, progress):
    analyze_episode(clip, AnalysisOptions(batch_size=4), progress)


def run_render(clip, folder, progress):
    render_episode(
        clip, Outputs(film=folder / "o.mkv"), analyze_episode(clip, AnalysisOptions()), render=FAST, progress=progress
    )


@pytest.mark.parametrize("run", [run_annotate, run_analyze, run_render])
def test_progress_grows_to_the_whole(network, coded_clip, tmp_path, run):
    calls = []
    run(coded_clip("film.mp4"), tmp_path, lambda done, total: calls.append((done, total)))
    assert calls == sorted(calls)
    length = float(expected_run(coded_clip("film.mp4"))[2])
    assert all(total == pytest.approx(length, abs=0.01) for _, total in calls)
    assert calls[-1][0] == calls[-1][1]


def test_a_network_that_fails_leaves_nothing(installed, coded_clip, tmp_path, monkeypatch):
    clip = coded_clip("film.mp4")
    monkeypatch.setattr("vidtag.pipeline.load_predictor", lambda bundle, *_: NumberReader(bundle, fail_at=9))
    with pytest.raises(MemoryError):
        annotate_episode(clip, Outputs(film=tmp_path / "o.mkv"), analysis=AnalysisOptions(batch_size=2), render=FAST)
    assert nothing_left(tmp_path, clip)


def test_an_encoder_that_fails_leaves_nothing(network, coded_clip, tmp_path, monkeypatch):
    """The encoder's trial is passed over, so that the film itself fails."""
    clip = coded_clip("film.mp4")
    monkeypatch.setattr("vidtag.pipeline.choose_encoder", lambda *_: "libx264")
    monkeypatch.setattr("vidtag.media.picture.choose_encoder", lambda *_: "libx264")
    monkeypatch.setattr("vidtag.together.choose_encoder", lambda *_: "libx264")
    with pytest.raises(OutputError, match="could not be written"):
        annotate_episode(
            clip,
            Outputs(film=tmp_path / "o.mkv"),
            analysis=AnalysisOptions(),
            render=RenderOptions(preset="no-such-speed"),
        )
    assert nothing_left(tmp_path, clip)


def test_a_film_that_breaks_off_leaves_nothing(network, coded_clip, tmp_path):
    whole = coded_clip("film.mkv").read_bytes()
    short = tmp_path / "in/short.mkv"
    short.parent.mkdir()
    short.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedError, match=r"readable are 0:00\.0 to 0:0"):
        annotate_episode(short, Outputs(film=tmp_path / "in/o.mkv"), analysis=AnalysisOptions(), render=FAST)
    assert list(short.parent.iterdir()) == [short]
    assert processes_of(short) == []


def test_scores_belong_to_the_file_that_was_scored(network, coded_clip, tmp_path):
    scores = analyze_episode(coded_clip("film.mp4"), AnalysisOptions())
    with pytest.raises(InputError, match="is not the file that was scored"):
        render_episode(coded_clip("pal.mkv"), Outputs(film=tmp_path / "o.mkv"), scores, render=FAST)
    assert list(tmp_path.iterdir()) == []


_PEAK = """
import re, sys, vidtag
vidtag.annotate(sys.argv[1], sys.argv[2], preset="ultrafast")
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_film(installed, tmp_path):
    if not Path("/proc/self/status").exists():
        pytest.skip("needs Linux' /proc to read the peak of a process without its parent's")
    minute = make_episode(tmp_path / "minute.mp4", (("red", 375), ("blue", 375), ("black", 375), ("white", 375)))
    ffmpeg("-stream_loop", 19, "-i", minute, "-c", "copy", tmp_path / "twenty.mp4")
    peaks_mb = []
    for name in ("minute.mp4", "twenty.mp4"):
        command = [sys.executable, "-c", _PEAK, str(tmp_path / name), str(tmp_path / f"tagged.{name}")]
        peaks_mb.append(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    assert abs(peaks_mb[1] - peaks_mb[0]) <= 30, peaks_mb
