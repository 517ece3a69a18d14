"""The film of our own: drawn the same everywhere, and its truth is what the pictures show."""

import csv
import subprocess
import sys
import tomllib
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidtag.cast import Cast, Character

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
sys.path.insert(0, str(ROOT / "scripts"))

from cartoon.canvas import HEIGHT, WIDTH, Canvas  # noqa: E402
from cartoon.characters import IDS  # noqa: E402
from cartoon.film import SHOTS, cuts, draw_frame, seconds  # noqa: E402
from cartoon.random_shots import choose_cast, random_picture  # noqa: E402
from cartoon.truth import head_shares, present  # noqa: E402

FRAME = Fraction(1001, 24000)  # seconds
FINE = 3  # the slow definition looks at pixels a third as wide
MARGIN = 700  # units around the picture in which the slow definition still sees heads


def make(*arguments: object) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "make-samples", *map(str, arguments)], check=True)


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    """(frames, cast) bool, as shipped."""
    return np.array([[row[identity] == "1" for identity in IDS] for row in rows("lantern-lane.truth.csv")])


class Witness(Canvas):
    """A canvas that keeps every shape in drawing order: the polygons, the line's thickness, whose head it is."""

    def __init__(self) -> None:
        super().__init__(detail=1)
        self.shapes: list[tuple[list[np.ndarray], int, str | None]] = []

    def _own(self, place, thickness):
        super()._own(place, thickness)
        self.shapes.append(([place], thickness, self._head))

    def sheet(self, outer, holes, colour):
        super().sheet(outer, holes, colour)
        self.shapes.append(([self._place(points) for points in (outer, *holes)], 0, None))

    def visible_share(self, identity: str) -> float:
        """Paint a head alone in fine pixels and take away, shape by shape, all that is drawn later."""
        whole = np.zeros(((HEIGHT + 2 * MARGIN) * FINE, (WIDTH + 2 * MARGIN) * FINE), np.uint8)
        seen = whole.copy()
        for places, thickness, head in self.shapes:
            grids = [np.rint((place + MARGIN) * FINE).astype(np.int32) for place in places]
            for target in (whole, seen) if head == identity else (seen,):
                value = int(head == identity)
                if thickness:
                    cv2.polylines(target, grids, False, value, thickness * FINE)
                else:
                    cv2.fillPoly(target, grids, value)
        inside = seen[MARGIN * FINE : (MARGIN + HEIGHT) * FINE, MARGIN * FINE : (MARGIN + WIDTH) * FINE]
        return float(inside.sum() / whole.sum())


def shot_of(frame: int) -> tuple[int, float]:
    """Give the shot's index and the seconds since its cut."""
    index = int(np.searchsorted(cuts(), frame, side="right")) - 1
    return index, float(seconds(frame - cuts()[index]))


# Behind the counter, entering at the edge, at windows, in the bush, during the pan, behind the chimney, the party.
@pytest.mark.parametrize("frame", [171, 379, 516, 690, 893, 1009, 1243, 1700])
def test_truth_is_the_visible_share_of_each_head(frame, truth):
    index, t = shot_of(frame)
    canvas = Witness()
    SHOTS[index].draw(canvas, t)
    bright = SHOTS[index].brightness(t) >= 0.35
    for column, identity in enumerate(IDS):
        share = canvas.visible_share(identity) if identity in canvas.heads else 0.0
        assert head_shares(canvas).get(identity, 0.0) == pytest.approx(share, abs=0.04)
        if abs(share - 0.4) > 0.05:
            assert truth[frame, column] == (share >= 0.4 and bright), identity


def test_a_head_at_the_edge_counts_by_its_area():
    for inside, expected in ((30, False), (50, True)):
        canvas = Canvas(detail=1)
        with canvas.head("wick"):
            canvas.box(inside - 100, 100, 100, 50, (0, 0, 0))
        assert head_shares(canvas)["wick"] == pytest.approx(inside / 100, abs=0.02)
        assert (present(canvas) == {"wick"}) == expected
        assert present(canvas, brightness=0.34) == set()


def test_frames_are_the_same_in_every_process(tmp_path, truth):
    first, last = 378, 380
    for name in ("one", "two"):
        make("--frames", first, last, tmp_path / name)
    files = sorted((tmp_path / "one").iterdir())
    assert [file.name for file in files] == [f"frame-{number:05d}.png" for number in range(first, last + 1)]
    for number, file in enumerate(files, start=first):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
        frame = draw_frame(number)
        assert np.array_equal(cv2.imread(str(file))[:, :, ::-1], frame.image)
        assert frame.present == {identity for identity, there in zip(IDS, truth[number], strict=True) if there}


def test_truth_carries_the_time_of_every_frame():
    for number, row in enumerate(rows("lantern-lane.truth.csv")):
        assert int(row["frame"]) == number
        assert row["time_s"] == f"{float(number * FRAME):.6f}"


def test_expected_table_follows_from_the_truth(truth):
    expected = rows("lantern-lane.expected.csv")
    assert [row["character"] for row in expected] == list(IDS)
    for row, flags in zip(expected, truth.T, strict=True):
        runs = "".join("x" if flag else " " for flag in flags).split()
        frames = np.flatnonzero(flags)
        assert row["episode"] == "lantern-lane"
        assert row["screen_time_s"] == f"{float(len(frames) * FRAME):.3f}"
        assert row["share"] == f"{len(frames) / len(flags):.4f}"
        assert int(row["appearances"]) == len(runs)
        assert row["first_s"] == f"{float(int(frames[0]) * FRAME):.3f}"
        assert row["last_s"] == f"{float(int(frames[-1] + 1) * FRAME):.3f}"
        assert row["longest_s"] == f"{float(max(map(len, runs)) * FRAME):.3f}"


def test_nobody_comes_or_goes_for_less_than_three_samples(truth):
    for flags in truth.T:
        edges = np.flatnonzero(np.diff(np.concatenate([[not flags[0]], flags, [not flags[-1]]])))
        assert np.diff(edges).min() * FRAME >= Fraction(3, 4)


def test_the_film_has_crowds_pairs_and_empty_lanes(truth):
    numbers = set(truth.sum(axis=1).tolist())
    assert {0, 1, 2, 3, 4, 6} <= numbers


def test_film_file_is_small_and_has_a_frame_for_every_row(truth):
    # In a process of its own: PyAV and OpenCV each bring their own ffmpeg.
    look = """
import av, sys
with av.open(sys.argv[1]) as film:
    video, audio = film.streams.video[0], film.streams.audio[0]
    packets = [packet for packet in film.demux(video) if packet.size]
    keys = sorted(packet.pts for packet in packets if packet.is_keyframe)
    gap = max(b - a for a, b in zip(keys, keys[1:])) * video.time_base
    times = sorted(packet.pts * video.time_base for packet in packets)
    even = all(time == number / video.average_rate for number, time in enumerate(times))
    print(video.average_rate, len(packets), gap <= 2, even, video.width, video.height, audio.channels)
"""
    film = SAMPLES / "lantern-lane.mp4"
    said = subprocess.run([sys.executable, "-c", look, film], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["24000/1001", str(len(truth)), "True", "True", "640", "360", "2"]
    assert film.stat().st_size <= 2_600_000
    assert (SAMPLES / "vidtag.toml").read_text() == 'model = "lantern-lane"\n'


def test_training_pictures_are_labelled_and_do_not_depend_on_the_process(tmp_path):
    make("--training", tmp_path, "--count", 3, "--seed", 5)
    with (tmp_path / "labels.csv").open(newline="", encoding="utf-8") as file:
        labels = list(csv.DictReader(file))
    assert [row["path"] for row in labels] == [f"frames/{number:05d}.jpg" for number in range(3)]
    for number, row in enumerate(labels):
        rng = np.random.default_rng([5, 0, number])
        again = random_picture(rng, choose_cast(rng))
        assert row["characters"].split() == list(again.ids)
        _, data = cv2.imencode(".jpg", again.image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        assert (tmp_path / row["path"]).read_bytes() == data.tobytes()
    for folder in (*IDS, "_nobody"):
        assert len(list((tmp_path / folder).glob("*.jpg"))) == 3


@pytest.mark.parametrize("seed", range(8))
def test_pictures_of_nobody_hold_none_of_the_cast(seed):
    picture = random_picture(np.random.default_rng(seed), [])
    assert picture.ids == ()
    assert picture.image.shape == (180, 320, 3)


def test_icons_make_a_cast(tmp_path):
    make("--icons", tmp_path)
    tables = tomllib.loads((tmp_path / "cast.toml").read_text(encoding="utf-8"))["character"]
    cast = Cast(
        tuple(Character(row["id"], row["name"], tuple(row["colour"]), tmp_path / row["icon"]) for row in tables)
    )
    assert cast.ids == IDS
    for character in cast:
        icon = cv2.imread(str(character.icon), cv2.IMREAD_UNCHANGED)
        assert icon.shape == (256, 256, 4)
        assert icon[[0, 0, -1, -1], [0, -1, 0, -1], 3].max() == 0
        assert (icon[..., 3] == 255).mean() > 0.6
