"""What is read to learn from and to measure on, and what is said about what is not."""

import cv2
import numpy as np
import pytest
from media_recipes import ffmpeg
from training_recipes import small_options, write_shapes

from vidtag.errors import InputError
from vidtag.training.material import read_cast_of, read_material


def read(**changes):
    """Read the material of small options; give it and what was said."""
    lines = []
    options = small_options(**changes)
    return read_material(options, read_cast_of(options), lines.append), lines


def write_scenes(folder, seeds):
    """Write pictures that are all different."""
    folder.mkdir(parents=True)
    for seed in seeds:
        coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3)).astype(np.uint8)
        cv2.imwrite(str(folder / f"{seed}.png"), cv2.resize(coarse, (80, 60), interpolation=cv2.INTER_CUBIC))


def test_no_twin_of_a_dev_picture_is_learned_from(tmp_path):
    write_scenes(tmp_path / "pictures/bob", range(8))
    write_scenes(tmp_path / "strangers", range(20, 24))
    (tmp_path / "dev/bob").mkdir(parents=True)
    for source in ("pictures/bob/3.png", "strangers/21.png"):
        twin = cv2.imread(str(tmp_path / source))[1:-1, 1:-1] // 2 + 60
        cv2.imwrite(str(tmp_path / "dev/bob" / source[-5:]), twin)
    pictures, strangers = (tmp_path / "pictures",), (tmp_path / "strangers",)
    material, lines = read(pictures=pictures, strangers=strangers, dev=tmp_path / "dev")
    learned = {example.path.name for example in material.learning}
    assert learned == {f"{seed}.png" for seed in (0, 1, 2, 4, 5, 6, 7, 20, 22, 23)}
    assert len(material.held_out) == 2
    said = f"not learned from, as a held-out picture is nearly the same: 2, first {tmp_path / 'pictures/bob/3.png'}"
    assert said in lines


def test_boxes_that_serve_for_nothing_are_said(tmp_path):
    pictures = write_shapes(tmp_path / "pictures", (4, 4))
    write_scenes(tmp_path / "dev/disc", range(2))
    rows = "".join(
        f"{path},disc,0,0,1,1\n" for path in ("pictures/disc/0.png", "dev/disc/1.png", "pictures/dsic/1.png")
    )
    (tmp_path / "more.csv").write_text(f"path,character,x0,y0,x1,y1\n{rows}")
    _, lines = read(pictures=(pictures,), dev=tmp_path / "dev", boxes=(tmp_path / "more.csv",))
    table, lost = tmp_path / "more.csv", tmp_path / "pictures/dsic/1.png"
    assert f"boxes of 1 pictures in {table} are left out, as PICTURES lack these; first {lost}" in lines


@pytest.fixture
def clips(tmp_path):
    """A table of three clips, the shortest of which is held out; somebody is ignored in a part of it."""
    rows = "clip,character,start,end,state\n"
    for seed, (name, seconds) in enumerate({"a": 4, "b": 4, "c": 3}.items()):
        source = f"cellauto=s=64x48:rule=30:seed={seed}:r=8,trim=duration={seconds}"
        ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", tmp_path / f"{name}.mkv")
        rows += f"{name}.mkv,disc,0,{seconds},present\n{name}.mkv,square,0,1,present\n"
    (tmp_path / "clips.csv").write_text(rows + "c.mkv,square,2,3,ignore\n")
    return tmp_path / "clips.csv"


def test_frames_where_somebody_is_ignored_are_not_measured_on(clips):
    material, lines = read(pictures=(), intervals=(clips,))
    assert {example.group for example in material.held_out} == {"c.mkv"}
    assert len(material.held_out) == 4
    assert all(example.complete for example in material.held_out)
    assert "held out but not measured on, as somebody is ignored there: 2 frames" in lines


def test_it_is_said_that_nothing_can_be_held_out(clips):
    clips.write_text("clip,character,start,end,state\na.mkv,disc,0,4,present\n")
    material, lines = read(pictures=(), intervals=(clips,))
    assert list(material.held_out) == []
    assert [line for line in lines if line.startswith("nothing is held out: ") and "`vidtag evaluate`" in line]


@pytest.mark.parametrize("side", ["pictures", "dev"])
def test_pictures_of_which_none_can_be_read_are_one_line(tmp_path, side):
    pictures = write_shapes(tmp_path / "good", (3, 3))
    (tmp_path / "bad/disc").mkdir(parents=True)
    (tmp_path / "bad/disc/1.png").write_bytes(b"nothing")
    changes = {"pictures": (pictures,), "dev": None}
    changes[side] = (tmp_path / "bad",) if side == "pictures" else tmp_path / "bad"
    with pytest.raises(InputError, match=r"^none of the 1 pictures .* can be read"):
        read(**changes)


def test_a_cast_without_pictures_is_one_line(tmp_path):
    (tmp_path / "cast.toml").write_text('[[character]]\nid = "disc"\n')
    with pytest.raises(InputError, match="there is no picture to learn from; name folders"):
        read(pictures=(), cast=tmp_path)
