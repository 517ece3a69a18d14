import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_recipes import SMALL, lively_arrays, patches

from vidtag.errors import OptionError
from vidtag.predictors.networks import NETWORKS, build_network, build_network_in_use
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.thinning import thinning_masks
from vidtag.predictors.weights import set_network_arrays

shapes = st.one_of(st.tuples(st.integers(1, 300)), st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 40)))


@given(st.integers(1, 5), shapes, st.floats(0, 0.9), st.booleans())
def test_masks_keep_the_mean_and_repeat_themselves(passes, shape, share, whole_maps):
    masks = thinning_masks(passes, shape, share, "dropout", whole_maps)
    assert np.array_equal(masks, thinning_masks(passes, shape, share, "dropout", whole_maps))
    assert np.broadcast_to(masks, (passes, *shape)).shape == (passes, *shape)
    assert set(np.unique(masks)) <= {np.float32(0), np.float32(1) / np.float32(1 - share)}
    if whole_maps:
        assert masks[0].size == shape[-1]


def test_masks_leave_out_the_share_and_differ_by_pass_and_name():
    masks = thinning_masks(4, (2000,), 0.3, "dropout", False)
    assert np.allclose((masks == 0).mean(axis=1), 0.3, atol=0.05)
    assert not np.array_equal(masks[0], masks[1])
    assert not np.array_equal(masks, thinning_masks(4, (2000,), 0.3, "other", False))


@pytest.mark.parametrize("name", NETWORKS)
def test_passes_are_the_mean_of_thinner_networks_whatever_the_batch(name):
    prepare_tensorflow()
    arguments = SMALL[name] | {"dropout": 0.4}
    whole = build_network(name, (48, 48), 3, **arguments)
    arrays = lively_arrays(whole)
    networks = [build_network_in_use(name, (48, 48), 3, arguments, passes) for passes in (0, 6)]
    for network in (whole, *networks):
        set_network_arrays(network, arrays)
    pictures = patches(4, 48, 48)
    plain, single, thinned = (np.asarray(network(pictures)) for network in (whole, *networks))
    assert np.array_equal(plain, single)
    assert np.abs(thinned - plain).max() > 1e-4
    assert np.allclose(np.asarray(networks[1](pictures[2:3])), thinned[2:3], atol=1e-5)


@pytest.mark.parametrize("passes", [-1, 65, 2.5, True])
def test_wrong_numbers_of_passes_are_named(passes):
    with pytest.raises(OptionError, match="passes must be a whole number 0 to 64"):
        build_network("cnn2", (48, 48), 2, passes=passes)


def test_passes_need_dropout():
    prepare_tensorflow()
    with pytest.raises(OptionError, match="passes needs a dropout above 0"):
        build_network("mobilenet-detectors", (48, 48), 2, passes=4)
    assert build_network("cnn2", (48, 48), 2, passes=4).count_params() > 0
