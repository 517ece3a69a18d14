import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.analysis.fitting import Placement
from vidtag.training.cutouts import cut_plain_ground
from vidtag.training.pieces import Canvas, Piece, mark_cells


def piece(height=40, width=60, boxes=((0, 0.2, 0.25, 0.6, 0.75),), labels=(1.0, -1.0)):
    """A grey picture whose boxes are painted white."""
    picture = np.full((height, width, 3), 90, np.uint8)
    for _, left, top, right, bottom in boxes:
        picture[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = 255
    return Piece(picture, np.array(labels, np.float32), np.array(boxes, np.float32).reshape(-1, 5))


def white_share(shown: Piece) -> list[float]:
    """How much of each box is white."""
    height, width = shown.picture.shape[:2]
    scaled = (shown.boxes[:, 1:] * [width, height, width, height]).round().astype(int)
    return [float((shown.picture[top:bottom, left:right] > 180).mean()) for left, top, right, bottom in scaled]


def test_boxes_follow_mirror_crop_and_turn():
    shown = piece()
    assert white_share(shown) == [1.0]
    assert white_share(shown.mirrored()) == [1.0]
    assert white_share(shown.cropped(Placement(40, 30, 5, 5))) == [1.0]
    assert white_share(shown.mirrored().cropped(Placement(30, 20, 20, 12))) == [1.0]
    turned = shown.turned(90)
    assert turned.picture.shape == (60, 40, 3)
    assert white_share(turned)[0] > 0.9


@given(st.floats(-20, 20))
def test_turning_makes_the_corners_see_through_and_keeps_all_of_the_picture(degrees):
    turned = piece().turned(degrees)
    assert turned.opacity.shape == turned.picture.shape[:2]
    assert (turned.opacity > 127).sum() == pytest.approx(40 * 60, rel=0.06)


def test_somebody_cut_off_is_not_said_to_be_there():
    cut = piece().cropped(Placement(18, 40, 42, 0))
    assert cut.labels.tolist() == [-1.0, -1.0]
    assert len(cut.boxes) == 0


def canvas(**kwargs):
    return Canvas(np.zeros((40, 80, 3), np.uint8), 2, **kwargs)


def test_a_canvas_gathers_labels_and_boxes():
    drawn = canvas()
    drawn.paste(piece(), Placement(40, 40, 0, 0))
    drawn.paste(piece(labels=(0.0, 1.0), boxes=()), Placement(40, 40, 40, 0))
    assert drawn.labels().tolist() == [1.0, 1.0]
    boxes = {int(row[0]): row[1:].tolist() for row in drawn.boxes()}
    assert boxes[0] == pytest.approx([0.0, 0.0, 0.4, 1.0])  # half a box more on every side, inside the piece
    assert boxes[1] == pytest.approx([0.5, 0.0, 1.0, 1.0])


def test_what_is_unsaid_of_one_piece_is_unsaid_of_the_frame():
    drawn = canvas()
    drawn.paste(piece(labels=(1.0, 0.0)), Placement(40, 40, 0, 0))
    assert drawn.labels().tolist() == [1.0, 0.0]
    drawn.paste(piece(labels=(0.0, -1.0), boxes=()), Placement(40, 40, 40, 0))
    assert drawn.labels().tolist() == [1.0, -1.0]
    assert canvas().labels().tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("covered", "labels"), [(20, [1.0, 1.0]), (30, [0.0, 1.0])])
def test_labels_follow_what_stays_visible(covered, labels):
    drawn = canvas(least_visible=0.4)
    drawn.paste(piece(labels=(1.0, 0.0)), Placement(40, 40, 0, 0))
    drawn.paste(piece(labels=(0.0, 1.0), boxes=()), Placement(covered, 40, 0, 0))
    assert drawn.labels().tolist() == labels


def test_a_cut_out_covers_only_where_it_is_solid():
    opacity = np.zeros((40, 40), np.uint8)
    opacity[:, :20] = 255
    drawn = canvas()
    drawn.paste(
        Piece(np.full((40, 40, 3), 200, np.uint8), np.ones(2, np.float32), np.zeros((0, 5)), opacity),
        Placement(40, 40, 0, 0),
    )
    assert drawn.frame[20, 10].tolist() == [200] * 3
    assert not drawn.frame[20, 30].any()
    assert drawn.overlap(Placement(40, 40, 0, 0)) == pytest.approx(0.5)


def test_cells_that_touch_a_box_are_marked_and_all_where_nothing_is_known():
    marks = mark_cells(np.array([[0, 0.3, 0.1, 0.6, 0.4]], np.float32), 2, (2, 4))
    assert marks[..., 0].tolist() == [[0, 1, 1, 0], [0, 0, 0, 0]]
    assert marks[..., 1].all()


@pytest.mark.parametrize("ground", [(255, 255, 255), (40, 90, 160)])
def test_a_plain_ground_is_cut_away(ground):
    picture = np.full((80, 60, 3), ground, np.uint8)
    picture[20:70, 15:45] = (200, 60, 40)
    opacity = cut_plain_ground(picture)
    assert (opacity[25:65, 20:40] == 255).all()
    assert not opacity[:18].any()
    assert not opacity[:, :13].any()


def test_a_scene_has_no_plain_ground():
    scene = np.random.default_rng(0).integers(0, 256, (80, 60, 3)).astype(np.uint8)
    assert cut_plain_ground(scene) is None
    assert cut_plain_ground(np.full((80, 60, 3), 7, np.uint8)) is None
