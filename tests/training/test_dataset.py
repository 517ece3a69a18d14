import os
import zlib

import cv2
import numpy as np
import pytest

from vidtag.cast import Cast
from vidtag.errors import InputError
from vidtag.training.dataset import load_examples
from vidtag.training.listing import cast_of, list_pictures, list_strangers, list_table, unlisted_boxes


def write(path, height=40, width=60, colour=None):
    """Write a plain picture; without a colour, one of its own for every path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    colour = colour or tuple(zlib.crc32(str(path).encode()).to_bytes(4, "big")[:3])
    cv2.imwrite(str(path), np.full((height, width, 3), colour[::-1], np.uint8))
    return path


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "Ada Lovelace/1.png", colour=(10, 20, 30))
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


def test_no_kind_of_picture_is_passed_over_in_silence(folder):
    write(folder / "bob/scan.TIF", colour=(200, 100, 50))
    for name in ("moving.gif", "phone.heic", "small.avif"):
        (folder / "bob" / name).write_bytes(b"unreadable" + name.encode())
    listed = list_pictures(folder)
    examples, skipped = load_examples(listed, cast_of(listed), 100)
    assert {entry.path.name for entry in skipped} == {"moving.gif", "phone.heic", "small.avif"}
    assert next(example for example in examples if example.path.name == "scan.TIF").picture[0, 0, 0] == 200


def test_a_huge_picture_is_not_decoded(folder, monkeypatch):
    monkeypatch.setattr("vidtag.training.dataset.MOST_PIXELS", 1000)
    listed = list_pictures(folder)
    examples, skipped = load_examples(listed, cast_of(listed), 100)
    assert not examples
    assert all("huge (60x40 px" in entry.reason for entry in skipped)


def test_a_character_outside_the_cast_is_one_clear_error(folder):
    with pytest.raises(InputError, match=r"names 'bob', who is not in the cast: Ada_Lovelace"):
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


def test_a_copy_is_reported_and_adds_its_label(folder):
    (folder / "bob/copy.png").write_bytes((folder / "Ada Lovelace/1.png").read_bytes())
    listed = list_pictures(folder)
    examples, skipped = load_examples(listed, cast_of(listed), 100)
    assert [(entry.path.name, entry.reason) for entry in skipped] == [
        ("copy.png", f"is a copy of {folder / 'Ada Lovelace/1.png'}")
    ]
    assert next(example for example in examples if example.path.parent.name == "Ada Lovelace").columns == (0, 1)


def test_a_cut_out_keeps_its_opacity_and_a_solid_picture_has_none(folder):
    drawn = np.zeros((30, 20, 4), np.uint8)
    drawn[5:20, 5:15] = 255
    cv2.imwrite(str(folder / "bob/cut.png"), drawn)
    cv2.imwrite(str(folder / "bob/solid.png"), np.full((30, 20, 4), 255, np.uint8))
    listed = list_pictures(folder)
    examples, _ = load_examples(listed, cast_of(listed), 100)
    opacity = {example.path.name: example.opacity for example in examples}
    assert np.array_equal(opacity["cut.png"] > 0, drawn[..., 3] > 0)
    assert opacity["solid.png"] is None


def test_a_cut_out_of_16_bits_a_channel_is_one_too(folder):
    drawn = np.zeros((30, 20, 4), np.uint16)
    drawn[5:20, 5:15] = 50_000
    cv2.imwrite(str(folder / "bob/deep.png"), drawn)
    listed = list_pictures(folder)
    examples, _ = load_examples(listed, cast_of(listed), 100)
    deep = next(example for example in examples if example.path.name == "deep.png")
    assert np.array_equal(deep.opacity, drawn[..., 3] >> 8)
    assert np.array_equal(deep.picture, drawn[..., :3] >> 8)


def test_a_picture_in_which_nothing_is_to_be_seen_is_skipped(folder):
    cv2.imwrite(str(folder / "bob/glass.png"), np.full((30, 20, 4), (90, 60, 30, 0), np.uint8))
    listed = list_pictures(folder)
    _, skipped = load_examples(listed, cast_of(listed), 100)
    assert [(entry.path.name, entry.reason) for entry in skipped] == [("glass.png", "is transparent all over")]


def test_a_picture_that_breaks_off_is_reported_by_us_alone(folder, capfd):
    noise = np.random.default_rng(1).integers(0, 256, (40, 60, 3)).astype(np.uint8)
    (folder / "bob/half.png").write_bytes(cv2.imencode(".png", noise)[1].tobytes()[:3000])
    listed = list_pictures(folder)
    _, skipped = load_examples(listed, cast_of(listed), 100)
    assert [(entry.path.name, entry.reason) for entry in skipped] == [("half.png", "cannot be decoded")]
    assert capfd.readouterr().err == ""


def test_one_picture_in_two_sources_is_no_copy(folder):
    (folder / "some.csv").write_text("path,characters\nbob/1.jpg,bob\n")
    listed = list_pictures(folder) + list_table(folder / "some.csv")
    examples, skipped = load_examples(listed, cast_of(listed), 100)
    assert not skipped
    assert [example.complete for example in examples if example.path.parent.name == "bob"] == [True]


BOXES = "path,character,x0,y0,x1,y1,known\n"


def test_boxes_say_where_and_who_is_known(folder):
    (folder / "boxes.csv").write_text(
        BOXES + "bob/1.jpg,bob,0.1,0.2,0.5,0.9,bob Ada_Lovelace\nbob/1.jpg,unknown,0,0,1,1,\n"
    )
    listed = list_pictures(folder)
    examples, _ = load_examples(listed, cast_of(listed), 100)
    bob = next(example for example in examples if example.path.name == "1.jpg")
    assert bob.labels.tolist() == [0.0, 1.0]
    assert bob.boxes.tolist() == pytest.approx(np.array([[1, 0.1, 0.2, 0.5, 0.9], [-1, 0, 0, 1, 1]], np.float32))
    ada = next(example for example in examples if example.path.parent.name == "Ada Lovelace")
    assert ada.labels.tolist() == [1.0, -1.0]


def test_a_further_table_counts_for_pictures_of_the_folder_only(folder, tmp_path_factory):
    table = tmp_path_factory.mktemp("tables") / "more.csv"
    table.write_text(
        f"path,character,x0,y0,x1,y1\n{folder}/bob/1.jpg,Ada_Lovelace,0,0,1,1\nelsewhere.jpg,bob,0,0,1,1\n"
    )
    listed = {entry.path.name: entry for entry in list_pictures(folder, [table])}
    assert listed["1.jpg"].characters == ("bob", "Ada_Lovelace")
    assert "elsewhere.jpg" not in listed
    assert [path.name for path in unlisted_boxes(table, listed.values())] == ["elsewhere.jpg"]


def test_a_further_table_of_boxes_counts_for_the_pictures_of_a_table(folder):
    (folder / "more.csv").write_text("path,character,x0,y0,x1,y1\nscenes/2.png,unknown,0,0,1,1\n")
    listed = {entry.path.name: entry for entry in list_table(folder / "labels.csv", [folder / "more.csv"])}
    assert [box.character for box in listed["2.png"].boxes] == ["unknown"]
    assert not listed["1.png"].boxes


@pytest.mark.parametrize("corners", ["0.2,0,1.2,1", "-0.1,0,1,1", "0.5,0,0.5,1", "0.6,0,0.2,1", "nan,0,1,1"])
def test_a_box_outside_its_picture_is_one_clear_line(folder, corners):
    (folder / "boxes.csv").write_text(BOXES + f"bob/1.jpg,bob,{corners},\n")
    with pytest.raises(InputError, match=r"boxes.csv, line 2: the box .* is empty or outside its picture"):
        list_pictures(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,who,x0,y0,x1,y1\n", r"columns path,character,x0,y0,x1,y1 are needed, .* missing: character"),
        (BOXES + "bob/1.jpg,bob,a,0,1,1,\n", "line 2: a,0,1,1 are not the four numbers of a box"),
    ],
)
def test_a_wrong_table_of_boxes_is_one_clear_line(folder, text, message):
    (folder / "boxes.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        list_pictures(folder)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("bob/1.jpg", "line 2: the row ends before its characters"),
        ("bob/1.jpg,bob,Ada_Lovelace", "line 2: 'Ada_Lovelace' stands beyond the last column"),
        ("bob/1.jpg,bob;Ada_Lovelace", "line 2: character id 'bob;Ada_Lovelace' is not allowed"),
    ],
)
def test_a_row_that_would_be_misread_is_one_clear_line(folder, row, message):
    (folder / "labels.csv").write_text(f"path,characters\n{row}\n")
    with pytest.raises(InputError, match=message):
        list_pictures(folder)


def test_commas_after_the_last_cell_do_no_harm(folder):
    (folder / "labels.csv").write_text("path,characters\nbob/1.jpg,bob,,\n")
    assert [entry.characters for entry in list_table(folder / "labels.csv")] == [("bob",)]


def test_nested_folders_are_the_characters(folder):
    write(folder / "bob/season1/a.png")
    write(folder / "bob/season1/deep/b.png")
    write(folder / "bob/.thumbnails/c.png")
    write(folder / "_nobody/more/d.png")
    listed = {entry.path.relative_to(folder).as_posix(): entry for entry in list_pictures(folder)}
    assert listed["bob/season1/a.png"].characters == listed["bob/season1/deep/b.png"].characters == ("bob",)
    assert listed["_nobody/more/d.png"].complete
    assert "bob/.thumbnails/c.png" not in listed


def test_pictures_beside_labelled_ones_are_counted_and_left_out(folder):
    for name in ("bob/2.png", "bob/season1/3.png", "scenes/season1/4.png"):
        write(folder / name)
    (folder / "labels.csv").write_text("path,characters\nbob/1.jpg,bob\nscenes/season1/gone.png,bob\n")
    lines = []
    listed = [entry.path.relative_to(folder).as_posix() for entry in list_pictures(folder, report=lines.append)]
    assert sorted(listed) == ["Ada Lovelace/1.png", "_nobody/1.png", "bob/1.jpg", "scenes/season1/gone.png"]
    assert lines == [
        f"2 pictures in {folder / 'bob'} are not in labels.csv and are left out",
        f"3 pictures in {folder / 'scenes'} are not in labels.csv and are left out",
    ]


@pytest.mark.parametrize(("named", "characters"), [("bob", {("bob",)}), ("films", {("films",)})])
def test_folders_of_films_with_boxes_are_no_character(tmp_path, named, characters):
    write(tmp_path / "films/one/1.png")
    (tmp_path / "boxes.csv").write_text(BOXES + f"films/one/1.png,{named},0,0,1,1,\n")
    assert {entry.characters for entry in list_pictures(tmp_path)} == characters


def test_what_is_no_file_or_too_large_is_skipped(folder, monkeypatch):
    monkeypatch.setattr("vidtag.training.dataset.MOST_BYTES", 5000)
    os.mkfifo(folder / "pipe.png")
    (folder / "folder.png").mkdir()
    (folder / "bob/large.png").write_bytes((folder / "scenes/1.png").read_bytes() + bytes(5000))
    (folder / "labels.csv").write_text("path,characters\npipe.png,bob\nfolder.png,bob\ngone.png,bob\n")
    listed = list_pictures(folder)
    _, skipped = load_examples(listed, Cast.of("bob", "Ada_Lovelace", "scenes"), 100)
    reasons = {entry.path.name: entry.reason for entry in skipped}
    assert reasons["pipe.png"] == reasons["folder.png"] == reasons["gone.png"] == "is no file"
    assert reasons["large.png"].startswith("is too large")
