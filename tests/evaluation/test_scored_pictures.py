from dataclasses import replace

import cv2
import numpy as np
import pytest
from evaluation_recipes import CAST, ColourPredictor, write_picture

from vidtag.cast import Cast
from vidtag.errors import InputError, OptionError, ShapeError
from vidtag.evaluation.data import DataOptions, score_data
from vidtag.evaluation.pictures import settle_unnamed
from vidtag.evaluation.scored import ScoredSet
from vidtag.predictors.preprocessing import PREPROCESSINGS

PAD = PREPROCESSINGS["pad"]


@pytest.fixture
def pictures(tmp_path):
    write_picture(tmp_path / "red/1.png", 1, 0, 0)
    write_picture(tmp_path / "green/1.png", 0.5, 1, 0)
    write_picture(tmp_path / "_nobody/1.png", 0, 0, 0)
    return tmp_path


def score(data, predictor=None, preprocessing=PAD, **options):
    return score_data(DataOptions(data=data, **options), predictor or ColourPredictor(), preprocessing)


def test_pictures_are_scored_with_their_labels(pictures):
    read = score(pictures)
    scored = read.scored
    order = {name: row for row, name in enumerate(scored.names)}
    assert set(order) == {"red/1.png", "green/1.png", "_nobody/1.png"}
    red, green, nobody = (order[name] for name in ("red/1.png", "green/1.png", "_nobody/1.png"))
    assert scored.scores[red] == pytest.approx([1, 0, 0], abs=0.02)
    assert scored.scores[green] == pytest.approx([0.5, 1, 0], abs=0.02)
    assert scored.main[[red, green, nobody]].tolist() == [0, 1, -1]
    assert scored.labels[[red, green, nobody]].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert scored.picture(red).shape == (48, 64, 3)
    assert len(read.examples) == 3
    assert "everyone" in scored.notes[0]


def test_unnamed_ones_may_stay_unknown(pictures):
    scored = score(pictures, unnamed="unknown").scored
    assert scored.labels[scored.names.index("red/1.png")].tolist() == [1, -1, -1]
    assert not scored.notes


def test_a_table_of_labels_is_believed(pictures):
    write_picture(pictures / "both.png", 1, 1, 0)
    (pictures / "labels.csv").write_text("path,characters\nboth.png,red green\n")
    scored = score(pictures).scored
    both = scored.names.index("both.png")
    assert scored.labels[both].tolist() == [1, 1, 0]
    assert scored.main[both] == -1


def test_a_table_alone_will_do(pictures):
    table = pictures / "some.csv"
    table.write_text("path,characters\nred/1.png,red\n_nobody/1.png,\n")
    assert score(table).scored.names == ("red/1.png", "_nobody/1.png")
    table.write_text("path,character,x0,y0,x1,y1\nred/1.png,red,0,0,1,1\n")
    assert score(table).scored.names == ("red/1.png",)
    table.write_text("path,who\nred/1.png,red\n")
    with pytest.raises(InputError, match="the columns path,characters are needed, found path, who"):
        score(table)
    for text, found in (("picture,who\nred/1.png,red\n", "picture, who"), ("", "nothing")):
        table.write_text(text)
        with pytest.raises(InputError, match=rf"or clip,character,start,end,state, found {found}$"):
            score(table)


def test_the_main_one_of_several_is_whom_the_folder_is_named_after(pictures):
    (pictures / "boxes.csv").write_text("path,character,x0,y0,x1,y1,known\nred/1.png,green,0,0,0.5,0.5,red green\n")
    scored = score(pictures).scored
    red = scored.names.index("red/1.png")
    assert scored.main[red] == 0
    assert scored.labels[red].tolist() == [1, 1, 0]


def test_a_model_sees_pictures_as_it_is_used_to(tmp_path):
    write_picture(tmp_path / "red/1.png", 1, 0, 0)
    wide = replace(ColourPredictor(), input_size=(48, 128))
    assert score(tmp_path, wide).scored.scores[0, 0] == pytest.approx(0.5, abs=0.02)
    assert score(tmp_path, wide, PREPROCESSINGS["resize"]).scored.scores[0, 0] == pytest.approx(1, abs=0.02)


def test_pictures_that_cannot_be_used_are_named(pictures):
    (pictures / "red/2.png").write_bytes(b"no picture")
    read = score(pictures)
    assert [entry.path.name for entry in read.skipped] == ["2.png"]
    for path in (*pictures.glob("*/1.png"),):
        path.write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"none of 4 pictures can be used; the first, .*, cannot be read"):
        score(pictures)


def test_data_that_do_not_fit_are_refused(pictures, tmp_path):
    with pytest.raises(InputError, match="does not exist; expected a folder or table"):
        score(tmp_path / "none")
    with pytest.raises(OptionError, match="auto, absent, unknown, got 'maybe'"):
        score(pictures, unnamed="maybe")
    with pytest.raises(InputError, match="'red', who is not in the cast"):
        score(pictures, replace(ColourPredictor(), cast=Cast.of("blue", "green", "pink")))
    table = tmp_path / "films.csv"
    table.write_text("clip,character,start,end,state\n")
    with pytest.raises(OptionError, match="belong to a folder of pictures"):
        score(table, boxes=(table,))


LABELS = np.array([[1, -1, -1], [0, 1, -1], [0, 0, 0]], np.float32)


@pytest.mark.parametrize(
    ("unnamed", "expected"),
    [
        ("unknown", LABELS),
        ("absent", np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]])),
        ("auto", np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]])),
    ],
)
def test_what_is_not_said_is_settled(unnamed, expected):
    labels, _ = settle_unnamed(LABELS, CAST, unnamed)
    assert labels.tolist() == expected.tolist()


def test_where_pictures_of_others_say_who_is_absent_the_rest_stays_unknown():
    labels = np.array([[1, -1, -1], [-1, 1, -1], [0, 1, -1]], np.float32)
    settled, notes = settle_unnamed(labels, CAST, "auto")
    assert settled.tolist() == [[1, 0, 0], [-1, 1, 0], [0, 1, 0]]
    assert "Green, Blue" in notes[0]
    assert settle_unnamed(np.ones((2, 3), np.float32), CAST, "auto")[1] == ()


def test_lengths_must_agree():
    facts = {"cast": CAST, "thresholds": np.ones(3), "main": np.zeros(2), "units": np.zeros(2), "picture": None}
    for labels, names in ((np.zeros((2, 2)), ("a", "b")), (np.zeros((2, 3)), ("a",)), (np.zeros((0, 3)), ())):
        with pytest.raises(ShapeError, match="expected labels and scores"):
            ScoredSet(labels=labels, scores=np.zeros((2, 3)), names=names, **facts)


@pytest.fixture
def boxed(tmp_path):
    """A table of a picture whose right three quarters are green and whose left quarter is red, with both boxes."""
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, :16], picture[:, 16:] = (0, 0, 255), (0, 255, 0)
    assert cv2.imwrite(str(tmp_path / "both.png"), picture)
    rows = "both.png,red,0,0,0.25,1\nboth.png,green,0.25,0,1,1\n"
    (tmp_path / "boxes.csv").write_text("path,character,x0,y0,x1,y1\n" + rows)
    return tmp_path / "boxes.csv"


def test_for_a_model_of_boxes_whoever_stands_beside_the_box_is_not_scored(boxed):
    cut = score(boxed, None, PREPROCESSINGS["crop"], unnamed="absent").scored
    assert cut.labels.tolist() == [[-1, 1, 0]]
    assert cut.main.tolist() == [1]
    assert cut.scores[0, 0] == pytest.approx(0, abs=0.02)
    assert cut.picture(0).shape == (48, 48, 3)
    assert score(boxed, unnamed="absent").scored.labels.tolist() == [[1, 1, 0]]
