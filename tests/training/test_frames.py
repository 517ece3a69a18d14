from pathlib import Path

import numpy as np
import pytest

from vidtag.errors import OptionError
from vidtag.training.dataset import Example
from vidtag.training.frames import FrameMix, FrameSource, batches, suitable_mix

COLOURS = ((220, 30, 30), (30, 220, 30), (30, 30, 220))


def examples(complete=False, width=70):
    return [
        Example(Path(str(column)), np.full((100, width, 3), colour, np.uint8), (column,), complete)
        for column, colour in enumerate(COLOURS)
    ]


def source(mix, complete=False, strangers=(), seed=1):
    return FrameSource(examples(complete), strangers, 3, (48, 64), mix, seed)


def only(**kind):
    return FrameMix(**{"whole": 0, "small": 0, "beside": 0, "nobody": 0} | kind)


def seen(frame):
    """Which of the three plain colours cover some of the frame, by the strongest channel."""
    strong = frame.astype(int) - np.sort(frame.astype(int), axis=2)[..., 1:2]
    return {column for column in range(3) if (strong[..., column] > 60).mean() > 0.01}


@pytest.mark.parametrize("kind", ["whole", "small", "beside"])
def test_labels_name_who_is_in_the_frame(kind):
    drawn = source(only(**{kind: 1.0}), strangers=[np.full((50, 60, 3), 128, np.uint8)])
    missed = 0
    for index in range(60):
        frame, labels = drawn.draw(0, index)
        assert frame.shape == (48, 64, 3)
        assert frame.dtype == np.uint8
        assert set(np.unique(labels)) <= {-1.0, 1.0}
        missed += not set(np.flatnonzero(labels == 1)) <= seen(frame)
    assert missed <= 3  # a strong blur or compression of a small picture may hide a colour


def test_nobody_is_surely_absent_from_frames_of_nobody():
    drawn = source(only(nobody=1.0))
    assert not any(drawn.draw(0, index)[1].any() for index in range(30))


def test_complete_labels_make_the_others_surely_absent():
    labels = source(only(whole=1.0), complete=True).draw(0, 0)[1]
    assert sorted(labels.tolist()) == [0.0, 0.0, 1.0]


def test_a_frame_depends_on_seed_epoch_and_index_only():
    one, same, other = source(FrameMix()), source(FrameMix()), source(FrameMix(), seed=2)
    later = [one.draw(3, index)[0] for index in (9, 2, 5)]
    assert all(np.array_equal(same.draw(3, index)[0], frame) for index, frame in zip((9, 2, 5), later, strict=True))
    assert not np.array_equal(other.draw(3, 9)[0], later[0])
    assert not np.array_equal(one.draw(4, 9)[0], later[0])


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_come_in_order_whatever_draws_them(workers):
    drawn = source(FrameMix())
    got = list(batches(drawn, 2, frames=33, batch_size=8, workers=workers))
    assert [frames.shape for frames, _ in got] == [(8, 48, 64, 3)] * 4
    assert np.array_equal(got[3][0][1], drawn.draw(2, 25)[0])
    assert np.array_equal(got[3][1][1], drawn.draw(2, 25)[1])


def test_someone_rare_is_drawn_more_often_than_the_pictures_say():
    many = [examples()[0]] * 99 + [examples()[1]]
    drawn = FrameSource(many, [], 2, (48, 64), only(whole=1.0), 1)
    rare = sum(drawn.draw(0, index)[1][1] == 1 for index in range(300))
    assert 12 <= rare <= 60  # 1 in 100 pictures, 1 in 11 draws


def test_shares_must_add_up():
    with pytest.raises(OptionError, match="add up to 1"):
        FrameMix(whole=0.5)


def test_labelled_scenes_are_mostly_used_whole_and_in_their_own_light():
    mix = suitable_mix(examples(complete=True))
    assert mix.whole > 0.8
    drawn = [source(mix, complete=True).draw(0, index) for index in range(40)]
    shades = [frame[24, 32].max() for frame, labels in drawn if labels.sum() == 1]
    assert np.median(np.abs(np.array(shades, int) - 220)) < 12
    assert suitable_mix(examples()) == FrameMix()
