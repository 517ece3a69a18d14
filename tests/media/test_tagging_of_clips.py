"""The tagged film on coded clips: no frame lost, added or moved, and every bar on exactly the right frames."""

from fractions import Fraction

import pytest
from media_recipes import BLOCK, CHANGES, CODED_CLIPS, HEIGHT, luma_frames, make_changing_clip, picture_clock, read_code
from media_tagging import tag, wrong_bars

from vidtag.media.info import Part
from vidtag.options import RenderOptions

FOUR = Fraction(4)
SHORT_CLIPS = sorted(name for name in CODED_CLIPS if not name.startswith("long"))


def suffix_for(name):
    """Take every container in turn; what came as webm goes to webm and further."""
    return {".mp4": ".mp4", ".mkv": ".mkv", ".webm": ".webm", ".avi": ".mkv", ".ts": ".mp4"}["." + name.split(".")[1]]


def check_film(source, target, tagged, rate, frames):
    """Compare a tagged film with the frames `frames` (a slice) of its source."""
    times, _, tick = picture_clock(source)
    written, _, written_tick = picture_clock(target)
    numbers = list(range(len(times)))[frames]
    times = times[frames]
    assert tagged.frames == len(written) == len(times)
    assert [read_code(picture[:HEIGHT], BLOCK) for _, picture in luma_frames(target)] == numbers
    assert wrong_bars(target, tagged.begin, rate, times) == []
    moved = [abs((a - times[0]) - (b - written[0])) for a, b in zip(times, written, strict=True)]
    assert max(moved) <= max(tick, written_tick)


@pytest.mark.parametrize("name", SHORT_CLIPS)
def test_bar_changes_on_the_right_frame_and_frames_keep_their_times(coded_clip, tmp_path, name):
    target = tmp_path / f"tagged{suffix_for(name)}"
    check_film(coded_clip(name), target, tag(coded_clip(name), target), FOUR, slice(None))


@pytest.mark.parametrize("rate", ["5/2", "24000/1001", "7"])
@pytest.mark.parametrize("name", ["film.mp4", "three.avi", "one.avi", "gaps.mkv", "late.ts", "sound_first.mp4"])
def test_other_rates(coded_clip, tmp_path, name, rate):
    tagged = tag(coded_clip(name), tmp_path / "tagged.mp4", rate=Fraction(rate))
    check_film(coded_clip(name), tmp_path / "tagged.mp4", tagged, Fraction(rate), slice(None))


@pytest.mark.parametrize("name", ["ntsc.webm", "jitter.webm"])
def test_webm_to_mp4_and_matroska(coded_clip, tmp_path, name):
    for target in (tmp_path / "tagged.mp4", tmp_path / "tagged.mkv"):
        check_film(coded_clip(name), target, tag(coded_clip(name), target), FOUR, slice(None))


@pytest.mark.parametrize("name", ["long.mp4", "long.mkv", "long.ts", "long.webm", "long.avi"])
@pytest.mark.parametrize(
    ("start", "end"), [("1.5", "2.75"), ("15.5", "17"), ("0", "1"), ("25", None), ("15.51", "15.99")]
)
def test_a_part_is_cut_to_the_frame(coded_clip, tmp_path, name, start, end):
    part = Part(Fraction(start), end and Fraction(end))
    target = tmp_path / f"tagged{suffix_for(name)}"
    tagged = tag(coded_clip(name), target, part=part)
    times = picture_clock(coded_clip(name))[0]
    inside = [n for n, t in enumerate(times) if part.start <= t - times[0] and (not end or t - times[0] < part.end)]
    check_film(coded_clip(name), target, tagged, FOUR, slice(inside[0], inside[-1] + 1))


@pytest.mark.parametrize(("start", "end"), [("0", "2"), ("1.5", "2.75"), ("15.5", "17"), ("25", None), ("0", None)])
def test_a_part_counts_from_the_first_frame_where_the_file_gives_no_times(coded_clip, tmp_path, start, end):
    part, target = Part(Fraction(start), end and Fraction(end)), tmp_path / "tagged.mkv"
    tagged = tag(coded_clip("long_b_frames.avi"), target, part=part)
    times = [Fraction(1001 * number, 24000) for number in range(700)]
    inside = [number for number, t in enumerate(times) if part.start <= t and (not end or t < part.end)]
    assert tagged.frames == len(inside)
    assert [read_code(picture[:HEIGHT], BLOCK) for _, picture in luma_frames(target)] == inside
    assert wrong_bars(target, part.start, FOUR, [times[number] for number in inside]) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_recording_that_changes_in_the_middle_keeps_its_bar(tmp_path, change):
    source, target = make_changing_clip(tmp_path / "recording.ts", change), tmp_path / "tagged.mkv"
    tagged = tag(source, target)
    times = picture_clock(source)[0]
    assert wrong_bars(target, tagged.begin, FOUR, times) == []
    assert [read_code(picture[:HEIGHT], BLOCK) for _, picture in luma_frames(target)] == [*range(60), *range(60)]


@pytest.mark.parametrize(("encoder", "suffix"), [("libx265", ".mp4"), ("libsvtav1", ".mkv"), ("mpeg4", ".mp4")])
def test_other_encoders(coded_clip, tmp_path, encoder, suffix):
    target = tmp_path / f"tagged{suffix}"
    preset = {"libx265": "ultrafast", "libsvtav1": "12"}.get(encoder)
    tagged = tag(coded_clip("film.mp4"), target, options=RenderOptions(encoder=encoder, preset=preset))
    check_film(coded_clip("film.mp4"), target, tagged, FOUR, slice(None))
