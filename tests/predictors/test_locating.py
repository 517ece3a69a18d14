import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from network_recipes import SMALL, lively_arrays, patches

from vidtag.cast import Cast
from vidtag.errors import OptionError, ShapeError
from vidtag.predictors.locating import load_locator, peaks
from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.records.bundlewriter import save_bundle

maps = arrays(np.float32, st.tuples(*(st.integers(1, 5) for _ in range(4))), elements=st.floats(-9, 9, width=32))


def make_bundle(folder, name, size=(64, 96), **changed):
    prepare_tensorflow()
    network = build_network(name, size, 2, **SMALL[name])
    facts = {"cast": Cast.of("ada", "bob"), "network": name, "arguments": SMALL[name], "input_size": size, "card": ""}
    arrays = lively_arrays(network) | changed
    return save_bundle(folder, thresholds=np.full(2, 0.5, np.float32), arrays=arrays, **facts)


@given(maps)
def test_the_peak_lies_in_the_highest_cell(drawn):
    found = peaks(drawn)
    for picture, row in zip(drawn, found, strict=True):
        for column, (x, y) in enumerate(row):
            cell = picture[int(y * picture.shape[0]), int(x * picture.shape[1]), column]
            assert cell == picture[..., column].max()


@pytest.mark.parametrize("backend", ["tensorflow", "openvino"])
def test_a_bright_patch_is_found_where_it_is(tmp_path, backend):
    kernel = np.ones((1, 1, 32, 2), np.float32)
    bundle = make_bundle(tmp_path / "any", "mobilenet-detectors", **{"maps/kernel": kernel})
    locate = load_locator(bundle, backend)
    pictures = np.full((2, 64, 96, 3), 127, np.uint8)
    pictures[0, 8:24, 64:80] = patches(1, 16, 16)[0]
    pictures[1, 40:56, 16:32] = patches(1, 16, 16)[0]
    found = locate(pictures)
    assert found.shape == (2, 2, 2)
    assert np.abs(found[0] - (72 / 96, 16 / 64)).max() < 0.25
    assert np.abs(found[1] - (24 / 96, 48 / 64)).max() < 0.25


def test_a_network_without_maps_cannot_say(tmp_path):
    with pytest.raises(OptionError, match=r"any \(cnn2\) cannot say where"):
        load_locator(make_bundle(tmp_path / "any", "cnn2"))


def test_pictures_of_another_size_are_refused(tmp_path):
    with pytest.raises(ShapeError, match="must be"):
        load_locator(make_bundle(tmp_path / "any", "vgg16-detectors"))(patches(1, 48, 64))
