"""Real films, whole: no frame lost or moved, sound and subtitles as they were. Skipped where they are not there."""

from fractions import Fraction

import av
import pytest
from media_recipes import packets, picture_clock, stream_kinds
from media_tagging import BAR_HEIGHT, tag

from vidtag.media.probe import probe


def decoded(path, kind):
    """Decode a film's first stream of a kind: frames of picture, samples of sound."""
    with av.open(str(path)) as container:
        frames = container.decode(**{kind: 0})
        return sum(1 if kind == "video" else frame.samples for frame in frames)


def packet_times(path, kind):
    """Give the seconds at which the packets of the first stream of a kind begin, from the first frame."""
    first = probe(path).first
    with av.open(str(path)) as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        return [packet.pts * packet.time_base - first for packet in container.demux(stream) if packet.size]


def moved(before, after):
    """Say by how many seconds an instant of one list is moved at most."""
    return max(abs(a - b) for a, b in zip(before, after, strict=True))


def test_thirty_seconds_of_big_buck_bunny(shared_data, tmp_path):
    source, target = shared_data / "video" / "big_buck_bunny_480p_30s.mp4", tmp_path / "out.mp4"
    tagged = tag(source, target)
    (before, last_before, _), (after, last_after, _) = picture_clock(source), picture_clock(target)
    assert tagged.notes == ()
    assert tagged.frames == len(before) == len(after) == 720
    assert before == after
    assert before[-1] + last_before - before[0] == after[-1] + last_after - after[0] == 30
    assert packets(target, "audio") == packets(source, "audio")
    assert moved(packet_times(source, "audio"), packet_times(target, "audio")) == 0
    with av.open(str(target)) as container:
        assert container.streams.audio[0].layout.name == "5.1"


@pytest.mark.slow
def test_a_minute_of_popeye(shared_data, tmp_path):
    source, target = shared_data / "popeye" / "minute_b.mkv", tmp_path / "out.mkv"
    tagged = tag(source, target)
    assert tagged.notes == ()
    assert tagged.frames == len(packets(source, "video")) == len(packets(target, "video"))
    assert packets(target, "subtitle") == packets(source, "subtitle")
    assert moved(packet_times(source, "subtitle"), packet_times(target, "subtitle")) <= Fraction(1, 1000)


@pytest.mark.slow
def test_a_webm_trailer_as_webm(shared_data, tmp_path):
    source, target = shared_data / "video" / "big_buck_bunny_trailer_360p_33s.webm", tmp_path / "out.webm"
    tagged = tag(source, target)
    assert tagged.notes == ()
    assert stream_kinds(target) == ["video vp9", "audio vorbis"]
    assert packets(target, "audio") == packets(source, "audio")
    check_trailer(source, target, tagged)


def test_a_webm_trailer_as_mp4(shared_data, tmp_path):
    source, target = shared_data / "video" / "big_buck_bunny_trailer_360p_33s.webm", tmp_path / "out.mp4"
    tagged = tag(source, target)
    assert tagged.notes == ("audio stream 1 (vorbis): encoded again as aac, mp4 cannot hold it",)
    assert stream_kinds(target) == ["video h264", "audio aac"]
    assert abs(decoded(target, "audio") - decoded(source, "audio")) <= 3 * 1024
    check_trailer(source, target, tagged)


def check_trailer(source, target, tagged):
    before, after = picture_clock(source)[0], picture_clock(target)[0]
    assert tagged.frames == len(before) == len(after) == decoded(target, "video")
    start = before[0] - after[0]
    assert moved(before, [shown + start for shown in after]) <= Fraction(1, 1000)
    info = probe(target)
    assert (info.width, info.height) == (640, 360 + BAR_HEIGHT)


def test_frames_that_an_edit_list_hides_are_not_missed(shared_data, tmp_path):
    """The header promises 0.7 s more than any player shows: the index ends where the frames end."""
    source = shared_data / "odd" / "am_sample_edit_list_no_sync_frame_before_edit.mp4"
    assert tag(source, tmp_path / "out.mkv").frames == 68
