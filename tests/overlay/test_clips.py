"""The bar as a MoviePy clip follows the timeline, and leaves the picture as it was."""

from fractions import Fraction

import numpy as np
import pytest
from moviepy import AudioClip, ColorClip, VideoClip

from vidtag.cast import Cast
from vidtag.errors import ShapeError
from vidtag.overlay.bar import Bar
from vidtag.overlay.clips import bar_clip, tagged_clip
from vidtag.timeline import Interval, Presence, Timeline

CAST = Cast.of("homer", "marge", "bart")
END = Fraction(5)


def presence(*spans):
    return Presence.of((Interval(Fraction(start), Fraction(end)) for start, end in spans), END)


TIMELINE = Timeline(CAST, (presence((1, 3)), presence(("9/4", 4), ("9/2", 5)), presence()), END)


def test_the_bar_follows_the_timeline():
    clip, bar = bar_clip(CAST, TIMELINE, 320, 180), Bar(CAST, 320, 180)
    assert clip.duration == 5
    assert tuple(clip.size) == bar.size
    for eighth in range(40):
        seconds = Fraction(eighth, 8)
        assert np.array_equal(clip.get_frame(float(seconds)), bar.draw(TIMELINE.present_at(seconds)))


def test_edges_hold_for_frame_times_that_were_added_up():
    clip = bar_clip(CAST, TIMELINE, 320, 180)
    times = np.cumsum(np.full(40, 0.1))  # 0.1 is no binary fraction: the sums drift around the edges
    assert any(float(seconds) != round(float(seconds), 3) for seconds in times)
    for tenth, seconds in enumerate(times, start=1):
        assert np.array_equal(clip.get_frame(seconds), clip.get_frame(tenth / 10))


def test_nobody_is_lit_in_an_empty_timeline_and_past_the_end():
    empty = Timeline(CAST, (presence(), presence(), presence()), END)
    dark = Bar(CAST, 320, 180).draw(np.zeros(3, bool))
    assert np.array_equal(bar_clip(CAST, empty, 320, 180).get_frame(0), dark)
    assert np.array_equal(bar_clip(CAST, TIMELINE, 320, 180).get_frame(7), dark)


def test_another_cast_is_refused():
    with pytest.raises(ShapeError, match="another cast"):
        bar_clip(Cast.of("moe"), TIMELINE, 320, 180)


@pytest.mark.parametrize("style", ["icons", "icons+names"])
def test_a_tagged_clip_is_the_picture_with_the_bar_under_it(style):
    def noise(seconds):
        return np.random.default_rng(round(seconds * 25)).integers(0, 256, (180, 320, 3), np.uint8)

    picture = VideoClip(noise, duration=4.5).with_fps(24000 / 1001)
    picture = picture.with_audio(AudioClip(np.sin, duration=4.5, fps=8000))
    tagged, bar = tagged_clip(picture, CAST, TIMELINE, style), bar_clip(CAST, TIMELINE, 320, 180, style)
    assert tuple(tagged.size) == (320, 180 + bar.size[1])
    assert (tagged.duration, tagged.fps, tagged.mask) == (4.5, 24000 / 1001, None)
    assert tagged.audio.duration == 4.5
    assert tagged.audio.get_frame(0.3) == picture.audio.get_frame(0.3)
    for seconds in (0.0, 1.0, 2.5, 4.48):
        frame = tagged.get_frame(seconds)
        assert np.array_equal(frame[:180], noise(seconds))
        assert np.array_equal(frame[180:], bar.get_frame(seconds))


def test_a_picture_longer_than_the_timeline_and_one_without_end():
    longer = tagged_clip(ColorClip((320, 180), (9, 9, 9), duration=8).with_fps(2), CAST, TIMELINE)
    assert longer.duration == 8
    assert longer.get_frame(7.5)[:180].max() == 9
    endless = tagged_clip(ColorClip((320, 180), (9, 9, 9)), CAST, TIMELINE)
    assert (endless.duration, endless.fps, endless.audio) == (5, None, None)
