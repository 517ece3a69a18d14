import csv
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/compare-ingredients"


@pytest.mark.slow
def test_a_row_for_everything_and_one_for_each_thing_left_out(tmp_path):
    random = np.random.default_rng(0)
    for name, colour in (("ada", (30, 30, 220)), ("bob", (220, 30, 30))):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for index in range(8):
            picture = random.integers(60, 120, (60, 44, 3)).astype(np.uint8)
            cv2.circle(picture, (22, 15 + 4 * index), 12, colour, -1)
            cv2.imwrite(str(tmp_path / f"pictures/{name}/{index}.png"), picture)
    small = ["--epochs", "1", "--frames", "32", "--input-size", "32x48", "--blocks", "2", "--alpha", "0.25"]
    chosen = ["--only", "nothing", "--only", "scene", "--only", "ranking"]
    command = [sys.executable, str(SCRIPT), str(tmp_path / "pictures"), "-o", str(tmp_path / "out"), *small, *chosen]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out/ingredients.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    left_out = ["nothing", "the order of characters in the loss (ranking)", "frames of the kind scene"]
    assert [row["left out"] for row in rows] == left_out
    assert all(0 <= float(row["top1"]) <= 1 for row in rows)
    assert [line.split(" | ")[0].strip("| ") for line in done.stdout.splitlines()[2:]] == left_out


def test_what_is_wrong_is_one_line_and_leaves_the_earlier_table(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/ingredients.csv").write_text("earlier")
    command = [sys.executable, str(SCRIPT), str(tmp_path / "none"), "-o", str(tmp_path / "out")]
    for more, said in (
        ((), "none does not exist"),
        (("--input-size", "big"), "HEIGHTxWIDTH such as 96x128, got 'big'"),
    ):
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
        assert said in line
        assert "Traceback" not in done.stderr
    assert (tmp_path / "out/ingredients.csv").read_text() == "earlier"
