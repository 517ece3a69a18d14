"""Icons are read safely, resized cleanly, and told apart by their looks."""

import zlib

import cv2
import numpy as np
import pytest

from vidtag.cast import Character
from vidtag.errors import BundleError
from vidtag.overlay.icons import MAX_ICON_SIDE_PX, away_look, legible, load_icon, present_look, rounded_square


@pytest.fixture
def icon_file(tmp_path):
    """Write a picture, in OpenCV's order of channels, and give the character that has it."""

    def write(picture, name="icon.png"):
        path = tmp_path / name
        cv2.imwrite(str(path), picture)
        return Character("homer", "Homer", icon=path)

    return write


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3), (8, 8, 4)])
def test_every_kind_of_png_is_read_as_rgba(icon_file, shape, depth):
    picture = np.full(shape, np.iinfo(depth).max, depth)
    if len(shape) == 3:
        picture[..., 0] = 0  # no blue
    icon = load_icon(icon_file(picture), 8)
    assert icon.dtype == np.uint8
    assert icon.shape == (8, 8, 4)
    assert icon[3, 3].tolist() == [255, 255, 255 if len(shape) == 2 else 0, 255]


def test_grey_of_16_bits_keeps_its_brightness(icon_file):
    assert load_icon(icon_file(np.full((8, 8), 128 * 257, np.uint16)), 8)[3, 3].tolist() == [128, 128, 128, 255]


def test_jpeg_is_read(icon_file):
    icon = load_icon(icon_file(np.full((32, 32, 3), (0, 0, 255), np.uint8), "icon.jpg"), 16)
    assert icon[8, 8, 0] > 240
    assert icon[8, 8, 2] < 15


def test_a_wide_picture_is_padded_not_stretched(icon_file):
    icon = load_icon(icon_file(np.full((10, 40, 3), 200, np.uint8)), 40)
    assert (icon[15:25, :, 3] == 255).all()
    assert (icon[:15, :, 3] == 0).all()
    assert (icon[25:, :, 3] == 0).all()


@pytest.mark.parametrize("size_px", [1, 7, 32, 64, 100])
def test_hidden_colours_do_not_bleed_into_the_edge(icon_file, size_px):
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[..., 2] = 255  # red everywhere, seen or not
    picture[:, :31] = (0, 255, 0, 255)
    icon = load_icon(icon_file(picture), size_px)
    seen = icon[..., 3] > 0
    assert seen.any()
    assert icon[seen][:, :3].tolist() == [[0, 255, 0]] * int(seen.sum())


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"]
)
def test_what_is_no_picture_is_refused(tmp_path, content):
    path = tmp_path / "icon.png"
    path.write_bytes(content)
    with pytest.raises(BundleError, match=r"icon\.png"):
        load_icon(Character("homer", "Homer", icon=path), 32)


def test_missing_and_cut_off_files_are_refused(tmp_path, icon_file):
    with pytest.raises(BundleError, match=r"none\.png"):
        load_icon(Character("homer", "Homer", icon=tmp_path / "none.png"), 32)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    character = icon_file(noise)
    character.icon.write_bytes(character.icon.read_bytes()[:-4000])
    with pytest.raises(BundleError, match="truncated"):
        load_icon(character, 32)


def test_huge_pictures_are_refused_before_they_are_decoded(icon_file):
    character = icon_file(np.zeros((2, MAX_ICON_SIDE_PX + 1), np.uint8))
    with pytest.raises(BundleError, match="4097x2"):
        load_icon(character, 32)
    header = bytearray(character.icon.read_bytes())
    header[16:24] = (60_000).to_bytes(4, "big") * 2  # promises 60,000 x 60,000 px
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    character.icon.write_bytes(header)
    with pytest.raises(BundleError, match=r"icon\.png"):
        load_icon(character, 32)


def test_without_a_file_initials_stand_on_a_disc_in_the_accent_colour():
    icon = load_icon(Character("ned", "Ned Flanders", colour=(200, 150, 20)), 64)
    assert icon[0, 0, 3] == 0
    assert icon[32, 6].tolist() == [200, 150, 20, 255]
    other = load_icon(Character("ned", "Moe", colour=(200, 150, 20)), 64)
    assert not np.array_equal(icon, other)


def test_away_is_grey_and_present_is_brighter_and_framed():
    icon = load_icon(Character("ned", "Ned", colour=(230, 40, 40)), 64)
    before = icon.copy()
    away, present = away_look(icon), present_look(icon, (230, 40, 40))
    assert np.array_equal(icon, before)
    spread = away[..., :3].max(axis=2).astype(int) - away[..., :3].min(axis=2)
    assert spread.max() <= 12
    assert present[..., :3].sum() > 1.3 * away[..., :3].sum()
    assert present[32, 0, :3].tolist() == present[0, 32, :3].tolist() == list(legible((230, 40, 40)))
    assert np.array_equal(away[..., 3], present[..., 3])


@pytest.mark.parametrize("colour", [(0, 0, 0), (0, 0, 255), (60, 0, 0), (255, 255, 255), (128, 128, 128)])
def test_accents_stand_out_from_the_dark_bar(colour):
    red, green, blue = legible(colour)
    assert 0.299 * red + 0.587 * green + 0.114 * blue >= 119
    assert legible((red, green, blue)) == pytest.approx((red, green, blue), abs=1)


def test_a_rounded_square_is_full_inside_open_in_the_corners_and_symmetric():
    square = rounded_square(40, inset_px=4)
    assert square[20, 20] == 1
    assert square[0, 0] == 0
    assert square[20, 2] == 0
    assert np.allclose(square, square.T)
    assert np.allclose(square, square[::-1])
