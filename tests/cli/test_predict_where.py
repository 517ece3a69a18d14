import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from vidtag.cli.predict import predict

FILM = Path(__file__).parents[2] / "samples/lantern-lane.mp4"


@pytest.fixture(scope="module")
def frame():
    """The sample film at 22 s: Madame Oolong on the left, Pip Bramble on the right."""
    film = cv2.VideoCapture(str(FILM))
    film.set(cv2.CAP_PROP_POS_MSEC, 22_000)
    read, picture = film.read()
    film.release()
    assert read
    return picture


def where(picture, folder, *more):
    cv2.imwrite(str(folder / "frame.png"), picture)
    arguments = [str(folder / "frame.png"), "--model", "lantern-lane", "--where", *more]
    return CliRunner().invoke(predict, arguments, catch_exceptions=False).stdout


def test_left_is_left_and_in_a_mirrored_picture_right(frame, tmp_path):
    (seen,) = json.loads(where(frame, tmp_path, "--json"))["pictures"]
    (mirrored,) = json.loads(where(np.ascontiguousarray(frame[:, ::-1]), tmp_path, "--json"))["pictures"]
    assert set(seen["present"]) == set(mirrored["present"]) == {"madame_oolong", "pip_bramble"}
    assert seen["where"]["madame_oolong"][0] < 0.35
    assert seen["where"]["pip_bramble"][0] > 0.65
    assert mirrored["where"]["madame_oolong"][0] > 0.65
    assert mirrored["where"]["pip_bramble"][0] < 0.35


def test_places_stand_beside_the_percentages(frame, tmp_path):
    lines = where(frame, tmp_path).splitlines()
    assert all("% across, " in line and line.endswith("% down") for line in lines[1:])
    assert len(lines) == 4
