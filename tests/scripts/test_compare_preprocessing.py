"""The comparison of preprocessings runs from pictures to table and matrices; the pictures are our own cartoon's."""

import csv
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "compare-preprocessing"
NAMES = ("denoise", "super-resolution")


def compare(*arguments):
    command = [sys.executable, SCRIPT, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def table(path):
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    command = [sys.executable, ROOT / "scripts" / "make-samples", "--training", folder, "--count", "6"]
    subprocess.run(command, check=True)
    return folder


def test_it_writes_a_table_and_the_matrices(pictures, tmp_path):
    pytest.importorskip("skimage")
    small = ("--network", "cnn2", "--input-size", "48x64", "--epochs", 1, "--enhancer-steps", 1)
    done = compare(pictures, "-o", tmp_path / "out", *small, "--preprocessing", *NAMES)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "| preprocessing | accuracy | precision | recall | f1 |"
    assert [line.split("|")[1].strip() for line in lines[2:]] == list(NAMES)
    rows = table(tmp_path / "out/comparison.csv")
    assert rows[0] == ["preprocessing", "accuracy", "precision", "recall", "f1"]
    for name, row in zip(NAMES, rows[1:], strict=True):
        matrix = table(tmp_path / f"out/confusion-{name}.csv")
        counts = [[int(cell) for cell in line[1:]] for line in matrix[1:]]
        assert matrix[0][1:] == [line[0] for line in matrix[1:]]
        assert sum(counts[k][k] for k in range(len(counts))) / sum(map(sum, counts)) == pytest.approx(
            float(row[1]), abs=1e-4
        )
        assert cv2.imread(str(tmp_path / f"out/confusion-{name}.png")).std() > 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--preprocessing", "blur"), "no preprocessing is called 'blur'"),
        (("--input-size", "large"), "HEIGHTxWIDTH"),
    ],
)
def test_wrong_options_end_with_one_line(tmp_path, arguments, said):
    done = compare(tmp_path, "-o", tmp_path / "out", *arguments)
    assert done.returncode != 0
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
