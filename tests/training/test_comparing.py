from pathlib import Path

import numpy as np
import pytest

from vidtag.errors import InputError, OptionError
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.training.comparing import ComparisonOptions, Outcome, compare_preprocessings
from vidtag.training.dataset import Example


@pytest.fixture(scope="module", autouse=True)
def runtime():
    prepare_tensorflow()


def examples(count, seed):
    """Pictures of two characters, one red and one blue, in the right half, and boxes around them."""
    random = np.random.default_rng(seed)
    made = []
    for index in range(count):
        picture = random.integers(0, 90, (40, 60, 3)).astype(np.uint8)
        picture[:, 30:, 2 * (index % 2)] += 150
        labels = np.eye(2, dtype=np.float32)[index % 2]
        boxes = np.array([[index % 2, 0.5, 0.0, 1.0, 1.0]], np.float32)
        made.append(Example(Path(f"{seed}-{index}.png"), picture, labels, boxes))
    return made


NOBODY = Example(Path("none.png"), np.zeros((40, 60, 3), np.uint8), np.zeros(2, np.float32), np.zeros((0, 5)))


def options(**changes):
    given = {"network": "cnn2", "arguments": {"width": 4, "units": 16}, "input_size": (32, 32), "epochs": 10}
    return ComparisonOptions(**given | {"batch_size": 8, "enhancer_steps": 2} | changes)


def test_each_preprocessing_is_learned_and_tested():
    said = []
    names = ("pad", "crop", "super-resolution")
    outcomes = compare_preprocessings(
        [*examples(24, 1), NOBODY], [*examples(10, 2), NOBODY], options(preprocessings=names), said.append
    )
    assert [outcome.preprocessing for outcome in outcomes] == list(names)
    assert all(outcome.confusion.sum() == 10 for outcome in outcomes)
    assert min(outcome.figures()["accuracy"] for outcome in outcomes[:2]) >= 0.8
    assert sum("dB" in line for line in said) == 1


def test_the_same_seed_gives_the_same_table():
    first, again = (
        compare_preprocessings(examples(8, 1), examples(8, 2), options(preprocessings=("pad",), epochs=1), print)[0]
        for _ in range(2)
    )
    assert np.array_equal(first.confusion, again.confusion)


def test_figures_are_those_of_the_definition():
    confusion = np.array([[3, 1, 0], [1, 1, 0], [0, 0, 0]])  # nobody of the third was held out
    figures = Outcome("pad", confusion).figures()
    assert figures["accuracy"] == pytest.approx(4 / 6)
    assert figures["precision"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert figures["recall"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert figures["f1"] == pytest.approx((3 / 4 + 1 / 2) / 2)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="pictures of single characters"):
        compare_preprocessings(examples(4, 1), [NOBODY], options(), print)
    for changes, said in (
        ({"network": "resnet"}, "no network"),
        ({"preprocessings": ("blur",)}, "no preprocessing"),
        ({"preprocessings": ()}, "nothing to compare"),
        ({"epochs": 0}, "epochs must be 1"),
        ({"enhancer_steps": 0}, "enhancer steps must be 1"),
    ):
        with pytest.raises(OptionError, match=said):
            options(**changes)
