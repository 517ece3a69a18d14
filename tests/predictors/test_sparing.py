"""A full GPU: once with half the batch, said in a line, and the same scores."""

import numpy as np
import pytest
from episode_recipes import CAST

from vidtag.errors import ExhaustedError
from vidtag.predictors import backends
from vidtag.predictors.backends import Backend
from vidtag.predictors.base import load_predictor
from vidtag.predictors.compiled import Compiled
from vidtag.records.bundles import find_bundle

pytest_plugins = "episode_fixtures"

PICTURES = np.arange(11 * 48 * 64 * 3, dtype=np.uint64).astype(np.uint8).reshape(11, 48, 64, 3)


def mean_scores(pictures):
    return np.repeat(pictures.mean(axis=(1, 2, 3), dtype=np.float32)[:, None] / 255, len(CAST), axis=1)


@pytest.fixture
def full_gpu(installed, monkeypatch):
    """A runtime whose memory holds some pictures at once; gives how many, and the batch sizes that were tried."""
    room, tried = [4], []

    def compile_for_gpu(bundle, batch_size, layer, **how):
        def run(pictures):
            tried.append(len(pictures))
            if batch_size > room[0]:
                raise ExhaustedError(f"no room for {batch_size}")
            assert len(pictures) <= batch_size
            return mean_scores(pictures)

        return Compiled("full-gpu", run)

    monkeypatch.setattr(backends, "BACKENDS", {"full": Backend(lambda: True, compile_for_gpu)})
    monkeypatch.setattr("vidtag.predictors.base.BACKENDS", backends.BACKENDS)
    return room, tried


def test_half_the_batch_is_tried_and_kept_and_said(full_gpu, caplog):
    predictor = load_predictor(find_bundle("colours"), "full", batch_size=8)
    for _ in range(2):
        assert np.array_equal(predictor(PICTURES[:8]), mean_scores(PICTURES[:8]))
    assert full_gpu[1] == [8, 4, 4, 4, 4]
    assert [record.getMessage() for record in caplog.records] == [
        "note: the memory is full with 8 pictures at once; going on with 4"
    ]


def test_it_is_tried_once(full_gpu, caplog):
    full_gpu[0][0] = 2
    with pytest.raises(ExhaustedError, match="no room for 4"):
        load_predictor(find_bundle("colours"), "full", batch_size=8)(PICTURES[:8])
    assert len(caplog.records) == 1


def test_one_picture_that_does_not_fit_is_an_error(full_gpu, caplog):
    full_gpu[0][0] = 0
    with pytest.raises(ExhaustedError, match="no room for 1"):
        load_predictor(find_bundle("colours"), "full", batch_size=1)(PICTURES[:1])
    assert caplog.records == []


def test_memory_that_fills_up_later_splits_the_batch_at_hand(full_gpu):
    full_gpu[0][0] = 8
    predictor = load_predictor(find_bundle("colours"), "full", batch_size=8)
    predictor(PICTURES[:8])
    full_gpu[0][0] = 4
    assert np.array_equal(predictor(PICTURES[:7]), mean_scores(PICTURES[:7]))
    assert full_gpu[1] == [8, 7, 4, 3]


def test_tensorflow_names_a_full_memory(installed, monkeypatch):
    from vidtag.predictors.tensorflow import compile_for_tensorflow, prepare_tensorflow

    tensorflow = prepare_tensorflow()

    def full(*_, **__):
        def score(_):
            raise tensorflow.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

        return score

    monkeypatch.setattr(tensorflow, "function", full)
    compiled = compile_for_tensorflow(find_bundle("colours"), 4, "scores")
    with pytest.raises(ExhaustedError, match=r"does not hold the network with 4 pictures at once; .*--batch-size"):
        compiled.run(PICTURES[:3])


def test_annotate_says_so_and_goes_on(full_gpu, vidtag, episode, tmp_path, caplog):
    result = vidtag("annotate", episode, "-o", tmp_path / "o.mp4", "--backend", "full", "--batch-size", 8, "-q")
    assert result.code == 0
    assert [record.getMessage() for record in caplog.records] == [
        "note: the memory is full with 8 pictures at once; going on with 4"
    ]
    full_gpu[0][0] = 16
    vidtag("annotate", episode, "-o", tmp_path / "all.mp4", "--backend", "full", "--batch-size", 8, "-q")
    assert (tmp_path / "o.csv").read_bytes() == (tmp_path / "all.csv").read_bytes()


def test_annotate_gives_up_with_one_line(full_gpu, vidtag, episode, tmp_path):
    full_gpu[0][0] = 1
    result = vidtag("annotate", episode, "-o", tmp_path / "o.mp4", "--backend", "full", "--batch-size", 8)
    assert result.code == 4
    assert result.err.splitlines()[-1] == "vidtag: no room for 4"
    assert [path.name for path in tmp_path.iterdir()] == ["episode.mp4"]
