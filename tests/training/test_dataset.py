import cv2
import numpy as np
import pytest

from vidtag.cast import Cast
from vidtag.errors import InputError
from vidtag.training.dataset import cast_of, list_pictures, list_strangers, load_examples


def write(path, height=40, width=60, colour=(10, 20, 30)):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((height, width, 3), colour[::-1], np.uint8))
    return path


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "Ada Lovelace/1.png")
    write(tmp_path / "bob/1.jpg")
    write(tmp_path / "_nobody/1.png")
    write(tmp_path / "scenes/1.png")
    write(tmp_path / "scenes/2.png")
    (tmp_path / "labels.csv").write_text("path,characters\nscenes/1.png,bob Ada_Lovelace\nscenes/2.png,\n")
    return tmp_path


def test_folders_and_table_are_listed(folder):
    listed = {
        (entry.path.relative_to(folder).as_posix(), entry.characters, entry.complete) for entry in list_pictures(folder)
    }
    assert listed == {
        ("Ada Lovelace/1.png", ("Ada_Lovelace",), False),
        ("bob/1.jpg", ("bob",), False),
        ("_nobody/1.png", (), True),
        ("scenes/1.png", ("bob", "Ada_Lovelace"), True),
        ("scenes/2.png", (), True),
    }


def test_a_folder_with_a_cast_is_no_character(folder):
    write(folder / "cast/bob.png")
    (folder / "cast/cast.toml").write_text("")
    assert cast_of(list_pictures(folder)).ids == ("Ada_Lovelace", "bob")


def test_examples_hold_rgb_pictures_and_columns(folder):
    listed = list_pictures(folder)
    examples, skipped = load_examples(listed, Cast.of("bob", "Ada_Lovelace"), longest_side_px=30)
    assert not skipped
    assert [example.path for example in examples] == [entry.path for entry in listed]
    ada = next(example for example in examples if example.path.parent.name == "Ada Lovelace")
    assert ada.columns == (1,)
    assert ada.picture.shape == (20, 30, 3)
    assert ada.picture[0, 0].tolist() == [10, 20, 30]


def test_pictures_that_cannot_serve_are_reported_by_name(folder):
    write(folder / "bob/tiny.png", 8, 90)
    (folder / "bob/broken.jpg").write_bytes(b"\xff\xd8 no picture")
    (folder / "bob/half.jpg").write_bytes((folder / "bob/1.jpg").read_bytes()[:120])
    (folder / "labels.csv").write_text("path,characters\nscenes/gone.png,bob\n")
    listed = list_pictures(folder)
    examples, skipped = load_examples(listed, cast_of(listed), 100)
    assert {entry.path.name for entry in skipped} >= {"tiny.png", "broken.jpg", "gone.png"}
    assert all(entry.reason for entry in skipped)
    assert {example.path.name for example in examples} >= {"1.jpg", "1.png"}


def test_a_huge_picture_is_not_decoded(folder, monkeypatch):
    monkeypatch.setattr("vidtag.training.dataset.MOST_PIXELS", 1000)
    listed = list_pictures(folder)
    examples, skipped = load_examples(listed, cast_of(listed), 100)
    assert not examples
    assert all("huge (60x40 px" in entry.reason for entry in skipped)


def test_a_character_outside_the_cast_is_one_clear_error(folder):
    with pytest.raises(InputError, match=r"shows 'bob', who is not in the cast: Ada_Lovelace"):
        load_examples(list_pictures(folder), Cast.of("Ada_Lovelace"), 100)


def test_a_wrong_column_is_named(folder):
    (folder / "labels.csv").write_text("file,characters\nscenes/1.png,bob\n")
    with pytest.raises(InputError, match=r"columns path,characters are needed, found file, characters"):
        list_pictures(folder)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_text("x")])
def test_a_folder_without_pictures_is_refused(tmp_path, make):
    make(tmp_path / "pictures")
    with pytest.raises(InputError, match="expected"):
        list_pictures(tmp_path / "pictures")


def test_strangers_are_found_at_any_depth(folder):
    assert {entry.characters for entry in list_strangers(folder)} == {()}
    assert len(list_strangers(folder)) == 5


def test_a_cast_needs_someone(tmp_path):
    write(tmp_path / "_nobody/1.png")
    with pytest.raises(InputError, match="name no character"):
        cast_of(list_pictures(tmp_path))
