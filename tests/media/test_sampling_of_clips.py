"""The sampling rule on real files: the reader against index arithmetic on the frame times that PyAV reads."""

import signal
from fractions import Fraction

import numpy as np
import pytest
from media_recipes import (
    CHANGES,
    CODED_CLIPS,
    INPUT_SIZE,
    ffmpeg,
    make_changing_clip,
    make_film,
    picture_clock,
    read_code,
)

from vidtag.analysis.sampling import sampled_frames
from vidtag.errors import UsageError
from vidtag.media.info import MIN_SHOWN, Part
from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader

FOUR = Fraction(4)
SHORT_CLIPS = sorted(name for name in CODED_CLIPS if not name.startswith("long"))


def read_samples(path, rate=FOUR, batch_size=16, part=None):
    """Read the number of the frame in every sample, and give the reader for what else it knows."""
    with SampleReader(probe(path), input_size=INPUT_SIZE, rate=rate, batch_size=batch_size, part=part) as reader:
        batches = list(reader)
        assert all(0 < len(batch) <= batch_size for batch in batches)
        return [read_code(sample[..., 1], 16) for batch in batches for sample in batch], reader


def expected_samples(path, rate=FOUR):
    """Say by the rule which frame each slot shows, and when the film ends in seconds from its first frame."""
    times, last_shown, _ = picture_clock(path)
    seconds = [shown - times[0] for shown in times]
    end = seconds[-1] + (last_shown if last_shown >= MIN_SHOWN else 1 / probe(path).rate)
    return sampled_frames(np.array(seconds, np.float64), end, rate).tolist(), end


@pytest.mark.parametrize("name", SHORT_CLIPS)
def test_every_sample_is_the_frame_on_screen_at_the_middle_of_its_slot(coded_clip, name):
    samples, reader = read_samples(coded_clip(name))
    expected, end = expected_samples(coded_clip(name))
    assert samples == expected
    assert reader.end() == end
    assert reader.span().frames == CODED_CLIPS[name]["frames"]
    assert reader.origin() == picture_clock(coded_clip(name))[0][0]


@pytest.mark.parametrize("rate", ["5/2", "24000/1001", "7", "60"])
@pytest.mark.parametrize("name", ["film.mp4", "three.avi", "gaps.mkv", "late.ts", "sound_first.mp4"])
def test_other_rates_follow_the_same_rule(coded_clip, name, rate):
    assert read_samples(coded_clip(name), Fraction(rate))[0] == expected_samples(coded_clip(name), Fraction(rate))[0]


@pytest.mark.parametrize("batch_size", [1, 2, 7, 25, 1000])
@pytest.mark.parametrize("name", ["film.mp4", "one.webm"])
def test_samples_do_not_depend_on_the_batch_size(coded_clip, name, batch_size):
    assert read_samples(coded_clip(name), batch_size=batch_size)[0] == expected_samples(coded_clip(name))[0]


def test_a_slot_whose_middle_lies_past_the_end_shows_the_last_frame(coded_clip):
    samples, reader = read_samples(coded_clip("pal.mp4"))  # 4.04 s: the middle of slot 16 is 4.125 s
    assert (len(samples), samples[-1]) == (17, 100)
    assert reader.end() == Fraction("4.04")


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm", ".avi", ".ts"])
@pytest.mark.parametrize(("first", "last"), [(6, 11), (63, 70), (80, None)])
def test_samples_of_a_part_are_a_slice_of_the_whole(coded_clip, suffix, first, last):
    path = coded_clip(f"long{suffix}")
    part = Part(first / FOUR, last and last / FOUR)
    samples, reader = read_samples(path, batch_size=5, part=part)
    expected, end = expected_samples(path)
    assert samples == expected[first:last]
    assert reader.end() == (part.end or end)
    times = picture_clock(path)[0]
    assert reader.span().frames == sum(part.start <= t - times[0] < (part.end or end) for t in times)


@pytest.mark.parametrize(("first", "last"), [(0, 8), (6, 11), (63, 70), (80, None)])
def test_parts_where_the_file_gives_no_times(coded_clip, first, last):
    times = np.arange(700) * 1001 / 24000
    samples, reader = read_samples(coded_clip("long_b_frames.avi"), part=Part(first / FOUR, last and last / FOUR))
    assert samples == sampled_frames(times, Fraction(700 * 1001, 24000), FOUR).tolist()[first:last]
    assert reader.info.first == Fraction(2 * 1001, 24000)  # as ffmpeg counts, not PyAV


@pytest.mark.parametrize("change", CHANGES)
def test_a_recording_that_changes_in_the_middle_is_sampled_on(tmp_path, change):
    path = make_changing_clip(tmp_path / "recording.ts", change)
    samples, reader = read_samples(path)
    expected, end = expected_samples(path)
    assert samples == [number if number < 60 else number - 60 for number in expected]
    assert (reader.end(), reader.span().frames) == (end, 120)


@pytest.mark.parametrize("name", ["one.mp4", "three.ts", "gaps.webm"])
def test_a_part_begins_with_what_is_on_screen_and_lasts_to_its_end(coded_clip, name):
    """Here frames are shown longer than slots: the first slots of the part show a frame that began before it."""
    part = Part(Fraction("0.5"), Fraction("2.5"))
    samples, reader = read_samples(coded_clip(name), Fraction(8), 3, part)
    assert samples == expected_samples(coded_clip(name), Fraction(8))[0][4:20]
    assert reader.end() == part.end


def test_an_end_behind_the_film_is_the_end_of_the_film(coded_clip):
    samples, reader = read_samples(coded_clip("film.mkv"), part=Part(Fraction(5), Fraction(60)))
    expected, end = expected_samples(coded_clip("film.mkv"))
    assert samples == expected[20:]
    assert reader.end() == end


def test_the_film_behind_a_part_is_not_decoded(tmp_path):
    short = make_film(tmp_path / "short.mkv", "-c:v", "mpeg4", "-g", 25, source="testsrc2=s=160x120:r=25:d=10")
    ffmpeg("-stream_loop", 119, "-i", short, "-c", "copy", tmp_path / "long.mkv")
    reader = SampleReader(
        probe(tmp_path / "long.mkv"), input_size=(24, 32), rate=FOUR, batch_size=4, part=Part(end=Fraction(5))
    )
    with reader:
        assert [len(batch) for batch in reader] == [4] * 5
        assert (reader.end(), reader.span().frames) == (5, 125)
    assert reader._ffmpeg._process.returncode == -signal.SIGKILL  # it was in the middle of the film


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (Part(Fraction(60)), "--start 1:00.0 lies after the end"),
        (Part(Fraction("0.1"), Fraction("0.2")), "no frame of .* begins between 0:00.1 and 0:00.2"),
    ],
)
def test_a_part_without_frames_is_a_usage_error(coded_clip, part, message):
    with pytest.raises(UsageError, match=message):
        read_samples(coded_clip("one.mp4"), part=part)
