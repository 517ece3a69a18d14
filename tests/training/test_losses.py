import numpy as np
import pytest

from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.training.losses import place_loss, presence_loss


@pytest.fixture(scope="module", autouse=True)
def runtime():
    prepare_tensorflow()


LABELS = np.array([[1.0, 0.0, -1.0]], np.float32)
LOGITS = np.array([[2.0, 4.0, 4.0]], np.float32)


def test_presence_is_cross_entropy_and_forgives_what_nobody_denied():
    loss = presence_loss(ranking=0.0)
    costs = [np.log1p(np.exp(-2.0)), 4 + np.log1p(np.exp(-4.0)), 4 + np.log1p(np.exp(-4.0))]
    denied = np.maximum(LABELS, 0)
    assert np.asarray(loss(denied, LOGITS))[0] == pytest.approx(10 * np.mean(costs), rel=1e-5)
    assert np.asarray(loss(LABELS, LOGITS))[0] == pytest.approx(10 * np.sum(costs[:2]) / 3, rel=1e-5)


def test_ranking_is_the_softmax_cross_entropy_of_each_named_one_against_the_others():
    labels = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]], np.float32)
    logits = np.array([[2.0, -1.0, 1.0, 0.5], [3.0, 0.0, 0.0, 0.0]], np.float32)
    plain, ranked = (np.asarray(presence_loss(weight)(labels, logits)) for weight in (0.0, 0.7))
    others = np.exp([1.0, 0.5]).sum()
    expected = np.mean([-np.log(np.exp(x) / (np.exp(x) + others)) for x in (2.0, -1.0)])
    assert ranked - plain == pytest.approx([0.7 * expected, 0.0], rel=1e-5)


def test_a_map_pays_for_what_lies_outside_the_marked_cells():
    maps = np.zeros((2, 2, 2, 1), np.float32)
    maps[0, 0, 0, 0] = 2.0
    places = np.zeros((2, 2, 2, 1), np.float32)
    places[0, 0, 0, 0] = 1
    places[1] = 1
    e = np.exp(4.0)
    cost = np.asarray(place_loss(2.0)(places, maps))
    assert cost == pytest.approx([-np.log(e / (e + 3)), 0.0], abs=1e-5)
