"""A note about a full memory reaches a user's terminal as one line, although nobody has set up any logging."""

import subprocess
import sys

LOUD = """
import numpy as np
from vidtag.cast import Cast
from vidtag.errors import ExhaustedError
from vidtag.predictors.preprocessing import find_preprocessing
from vidtag.predictors.sparing import SparingPredictor
from vidtag.predictors.tensorflow import prepare_tensorflow

prepare_tensorflow()  # it must not take over what is said

class Full:
    cast, thresholds, input_size = Cast.of("ada"), np.ones(1, np.float32), (48, 64)
    preprocessing, backend = find_preprocessing("pad"), "full"

    def __init__(self, size):
        self.size = size

    def __call__(self, pictures):
        if self.size > 2:
            raise ExhaustedError("no room")
        return np.zeros((len(pictures), 1), np.float32)

print(SparingPredictor(Full, 4)(np.zeros((4, 48, 64, 3), np.uint8)).shape)
"""


def test_it_is_one_line_on_stderr():
    done = subprocess.run([sys.executable, "-c", LOUD], capture_output=True, text=True, check=True)
    assert done.stdout == "(4, 1)\n"
    assert done.stderr == "note: the memory is full with 4 pictures at once; going on with 2\n"
