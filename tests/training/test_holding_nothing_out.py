from pathlib import Path

import cv2
import numpy as np

from vidtag.cast import Cast
from vidtag.training.material import read_material
from vidtag.training.options import TrainingOptions


def test_whoever_wants_learns_from_everything(tmp_path):
    random = np.random.default_rng(0)
    for index in range(12):
        (tmp_path / "ada").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / f"ada/{index}.png"), random.integers(0, 256, (40, 40, 3)).astype(np.uint8))
    for share, kept in ((0.25, 9), (0.0, 12)):
        lines = []
        given = TrainingOptions(pictures=(tmp_path,), output=Path("model"), held_out=share, input_size=(32, 48))
        material = read_material(given, Cast.of("ada"), lines.append)
        assert (len(material.learning), len(material.held_out)) == (kept, 12 - kept)
        assert any("nothing is held out" in line for line in lines) == (kept == 12)
