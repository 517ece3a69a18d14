from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vidtag.errors import OptionError
from vidtag.training.batches import batches
from vidtag.training.dataset import Example
from vidtag.training.frames import FrameSource
from vidtag.training.mix import KINDS, FrameMix, suitable_mix

COLOURS = ((220, 30, 30), (30, 220, 30), (30, 30, 220))


def examples(complete=False, width=70):
    return [
        Example.showing(Path(str(column)), np.full((100, width, 3), colour, np.uint8), (column,), 3, complete=complete)
        for column, colour in enumerate(COLOURS)
    ]


def source(mix, complete=False, strangers=(), seed=1):
    return FrameSource(examples(complete), strangers, 3, (48, 64), mix, seed)


def only(**kind):
    return FrameMix(**dict.fromkeys(KINDS, 0.0) | kind)


def seen(frame):
    """Which of the three plain colours cover some of the frame, by the strongest channel."""
    strong = frame.astype(int) - np.sort(frame.astype(int), axis=2)[..., 1:2]
    return {column for column in range(3) if (strong[..., column] > 60).mean() > 0.01}


@pytest.mark.parametrize("kind", ["whole", "small", "beside", "scene"])
def test_labels_name_who_is_in_the_frame(kind):
    drawn = source(only(**{kind: 1.0}), strangers=[np.full((50, 60, 3), 128, np.uint8)])
    missed = 0
    for index in range(60):
        drawn_frame = drawn.draw(0, index)
        frame, labels = drawn_frame.picture, drawn_frame.labels
        assert frame.shape == (48, 64, 3)
        assert frame.dtype == np.uint8
        assert set(np.unique(labels)) <= ({-1.0, 0.0, 1.0} if kind == "scene" else {-1.0, 1.0})
        missed += not set(np.flatnonzero(labels == 1)) <= seen(frame)
    assert missed <= 3  # a strong blur or compression of a small picture may hide a colour


def test_nobody_is_surely_absent_from_frames_of_nobody():
    drawn = source(only(nobody=1.0))
    assert not any(drawn.draw(0, index).labels.any() for index in range(30))


def test_complete_labels_make_the_others_surely_absent():
    labels = source(only(whole=1.0), complete=True).draw(0, 0).labels
    assert sorted(labels.tolist()) == [0.0, 0.0, 1.0]


def test_a_frame_depends_on_seed_epoch_and_index_only():
    one, same, other = source(FrameMix()), source(FrameMix()), source(FrameMix(), seed=2)
    later = [one.draw(3, index).picture for index in (9, 2, 5)]
    assert all(
        np.array_equal(same.draw(3, index).picture, frame) for index, frame in zip((9, 2, 5), later, strict=True)
    )
    assert not np.array_equal(other.draw(3, 9).picture, later[0])
    assert not np.array_equal(one.draw(4, 9).picture, later[0])


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_come_in_order_whatever_draws_them(workers):
    drawn = source(FrameMix())
    got = list(batches(drawn, 2, range(4), batch_size=8, grid=(3, 4), workers=workers))
    assert [batch.pictures.shape for batch in got] == [(8, 48, 64, 3)] * 4
    assert [batch.places.shape for batch in got] == [(8, 3, 4, 3)] * 4
    frame = drawn.draw(2, 25)
    assert np.array_equal(got[3].pictures[1], frame.picture)
    assert np.array_equal(got[3].labels[1], frame.labels)
    assert np.array_equal(got[3].places[1], frame.places((3, 4)))
    (last,) = batches(drawn, 2, range(3, 4), batch_size=8, workers=workers)
    assert last.places is None
    assert np.array_equal(last.pictures, got[3].pictures)


def test_someone_rare_is_drawn_more_often_than_the_pictures_say():
    many = [examples()[0]] * 99 + [examples()[1]]
    drawn = FrameSource(many, [], 3, (48, 64), only(whole=1.0), 1)
    rare = sum(drawn.draw(0, index).labels[1] == 1 for index in range(300))
    assert 12 <= rare <= 60  # 1 in 100 pictures, 1 in 11 draws


def test_shares_must_add_up():
    with pytest.raises(OptionError, match="add up to 1"):
        FrameMix(whole=0.5)


def test_labelled_scenes_are_mostly_used_whole_and_in_their_own_light():
    mix = suitable_mix(examples(complete=True))
    assert mix.whole > 0.8
    drawn = [source(mix, complete=True).draw(0, index) for index in range(40)]
    shades = [frame.picture[24, 32].max() for frame in drawn if frame.labels.sum() == 1]
    assert np.median(np.abs(np.array(shades, int) - 220)) < 12
    assert suitable_mix(examples()) == FrameMix()


def test_boxes_point_at_the_colour_that_the_labels_name():
    drawn = source(only(beside=0.5, small=0.5), strangers=[np.full((50, 60, 3), 128, np.uint8)])
    for index in range(40):
        frame = drawn.draw(0, index)
        for column, *corners in frame.boxes:
            left, top, right, bottom = (np.array(corners) * [64, 48, 64, 48]).round().astype(int)
            inside = frame.picture[top:bottom, left:right].reshape(-1, 3).mean(0)
            assert int(inside.argmax()) == int(column)
        assert {int(column) for column in frame.boxes[:, 0]} == set(np.flatnonzero(frame.labels == 1).tolist())


def test_somebody_covered_by_more_than_the_stated_share_is_not_said_to_be_there():
    drawn = source(only(scene=1.0, crowd=(0, 0, 0, 1), scale=(0.9, 1.0), least_visible=0.4))
    shown = [int((drawn.draw(0, index).labels == 1).sum()) for index in range(60)]
    assert min(shown) < 2 <= max(shown)  # large pieces cover one another, now and then nearly wholly


@pytest.mark.parametrize(("crowd", "counts"), [((1.0,), {1}), ((0, 0, 1.0), {3}), ((0.5, 0, 0.5), {1, 3})])
def test_a_scene_holds_as_many_as_the_crowd_says_apart_where_there_is_room(crowd, counts):
    drawn = source(only(scene=1.0, crowd=crowd, scale=(0.3, 0.4)))
    seen = [len(drawn.draw(0, index).boxes) for index in range(80)]
    assert set(counts) <= set(seen) <= set(range(max(counts) + 1))
    assert np.mean([number in counts for number in seen]) > 0.9


def test_characters_of_a_scene_are_as_large_as_the_scale_says():
    drawn = source(only(scene=1.0, crowd=(1.0,), scale=(0.25, 0.85)))
    heights = [box[4] - box[2] for index in range(80) for box in drawn.draw(0, index).boxes]
    assert 0.2 < min(heights) < 0.35
    assert 0.75 < max(heights) <= 0.86


def share_of_black(mix, complete=False):
    drawn = source(mix, complete=complete)
    return float(np.mean([(drawn.draw(0, index).picture.max(axis=2) < 40).mean() for index in range(40)]))


def test_stretched_pictures_fill_the_frame_and_others_stand_between_bars():
    plain = {"whole": 1.0, "zoom": 0.0, "tilt": 0.0, "jitter": 0.0, "fade": 0.0}
    assert share_of_black(only(**plain, stretch=0.0)) > 0.3  # 70x100 px in a frame of 64x48
    assert share_of_black(only(**plain, stretch=1.0)) < 0.05


def test_tilted_pictures_show_the_ground_in_their_corners():
    grounds = [np.full((48, 64, 3), 255, np.uint8)]
    plain = {"whole": 1.0, "zoom": 0.0, "stretch": 1.0, "jitter": 0.0, "fade": 0.0}
    corners = []
    for tilt in (0.0, 1.0):
        drawn = source(only(**plain, tilt=tilt), strangers=grounds)
        frames = [drawn.draw(0, index).picture for index in range(60)]
        corners.append(np.mean([seen(frame[:2, :2]) == set() for frame in frames]))
    assert corners[0] < 0.1
    assert corners[1] > 0.6


def halves(complete):
    """One picture whose left half is white and is the character's box, its right half black."""
    picture = np.zeros((96, 128, 3), np.uint8)
    picture[:, :64] = 255
    example = Example.showing(Path("half"), picture, (0,), 1, complete=complete)
    return replace(example, boxes=np.array([[0, 0.0, 0.0, 0.5, 1.0]], np.float32))


@pytest.mark.parametrize("complete", [False, True])
def test_close_ups_cut_much_off_but_never_of_what_is_completely_labelled(complete):
    mix = only(whole=1.0, zoom=1.0, tilt=0.0, stretch=0.0, jitter=0.0, fade=0.0)
    drawn = FrameSource([halves(complete)], (), 1, (48, 64), mix, seed=1)
    frames = [drawn.draw(0, index) for index in range(80)]
    white = np.array([(frame.picture.max(axis=2) > 128).mean() for frame in frames])
    assert (white.std() > 0.1) is not complete
    for frame, share in zip(frames, white, strict=True):
        assert frame.labels[0] == 1 or share < 0.3  # whoever is mostly cut off is not said to be there
