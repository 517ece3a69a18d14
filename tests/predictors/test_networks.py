import numpy as np
import pytest

from vidtag.errors import InputError, OptionError, ShapeError
from vidtag.predictors.networks import NETWORKS, build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import compact_arrays, network_arrays, set_network_arrays, take_over_backbone

SMALL = {"blocks": 3, "alpha": 0.25}


@pytest.fixture(scope="module", autouse=True)
def runtime():
    prepare_tensorflow()


def noise(*shape):
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize("name", NETWORKS)
def test_scores_lie_between_0_and_1(name):
    network = build_network(name, (48, 80), 4, **SMALL)
    scores = np.asarray(network(noise(3, 48, 80, 3)))
    assert scores.shape == (3, 4)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()


def test_maps_have_a_cell_for_every_stride():
    network = build_network("mobilenet-detectors", (64, 96), 2, blocks=13, alpha=0.1, stride=16)
    assert network.get_layer("maps").output.shape == (None, 4, 6, 2)


def test_pooled_logit_is_near_the_maximum_of_the_map():
    import keras

    network = build_network("mobilenet-detectors", (64, 64), 2, **SMALL, sharpness=50.0)
    both = keras.Model(network.input, [network.get_layer("maps").output, network.get_layer("pool").output])
    maps, pooled = (np.asarray(part) for part in both(noise(2, 64, 64, 3)))
    highest = maps.max(axis=(1, 2))
    assert (pooled <= highest + 1e-5).all()
    assert (pooled >= highest - np.log(maps.shape[1] * maps.shape[2]) / 50 - 1e-5).all()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"blocks": 0}, "blocks"),
        ({"blocks": 14}, "blocks"),
        ({"alpha": float("nan")}, "alpha"),
        ({"alpha": "big"}, "alpha"),
        ({"stride": True}, "stride"),
        ({"sharpness": 0}, "sharpness"),
        ({"dropout": 1.0}, "dropout"),
        ({"depth": 3}, "depth"),
    ],
)
def test_wrong_arguments_are_named(arguments, named):
    with pytest.raises(OptionError, match=named):
        build_network("mobilenet-detectors", (48, 64), 3, **arguments)


def test_wrong_names_and_sizes_are_refused():
    with pytest.raises(OptionError, match="no network is called 'resnet'; there are: mobilenet-detectors"):
        build_network("resnet", (48, 64), 3)
    with pytest.raises(OptionError, match="input size"):
        build_network("mobilenet-detectors", (16, 64), 3)
    with pytest.raises(OptionError, match="characters"):
        build_network("mobilenet-detectors", (48, 64), 0)


def test_weights_go_from_one_network_to_another():
    first, second = (build_network("mobilenet-detectors", (48, 64), 3, **SMALL, dropout=0.1) for _ in range(2))
    arrays = network_arrays(first)
    assert "conv_pw_3_bn/moving_variance" in arrays
    set_network_arrays(second, arrays)
    pictures = noise(2, 48, 64, 3)
    assert np.array_equal(np.asarray(first(pictures)), np.asarray(second(pictures)))


def test_weights_that_do_not_fit_are_refused():
    network = build_network("mobilenet-detectors", (48, 64), 3, **SMALL)
    arrays = network_arrays(network)
    with pytest.raises(ShapeError, match="maps/bias is missing"):
        set_network_arrays(network, {name: array for name, array in arrays.items() if name != "maps/bias"})
    with pytest.raises(ShapeError, match="extra is not part of it"):
        set_network_arrays(network, arrays | {"extra": np.zeros(1)})
    with pytest.raises(ShapeError, match=r"maps/bias is \(4,\), expected \(3,\)"):
        set_network_arrays(network, arrays | {"maps/bias": np.zeros(4)})
    with pytest.raises(ShapeError, match="not finite"):
        set_network_arrays(network, arrays | {"maps/bias": np.array([0, np.nan, 0], np.float32)})
    with pytest.raises(ShapeError, match="not finite floats"):
        set_network_arrays(network, arrays | {"maps/bias": np.zeros(3, np.int64)})


def test_compact_arrays_are_close():
    arrays = {"kernel": np.array([[0.1, -3.3]], np.float32), "huge": np.array([[1e6]], np.float32), "bias": np.ones(2)}
    compact = compact_arrays(arrays)
    assert [compact[name].dtype for name in arrays] == [np.float16, np.float32, np.float32]
    assert all(np.allclose(compact[name], array, rtol=1e-3) for name, array in arrays.items())


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras, while it writes weights
def test_backbone_fills_the_layers_of_the_same_name(tmp_path):
    import keras

    whole = keras.applications.MobileNet(weights=None, include_top=False, input_shape=(64, 64, 3))
    cut = keras.Model(whole.input, whole.get_layer("conv_pw_4_relu").output)
    rng = np.random.default_rng(0)
    cut.set_weights([rng.uniform(0.1, 1.0, weight.shape) for weight in cut.get_weights()])
    cut.save_weights(tmp_path / "backbone.weights.h5")
    network = build_network("mobilenet-detectors", (64, 64), 3, blocks=4)
    assert len(take_over_backbone(network, tmp_path / "backbone.weights.h5")) == 2 + 4 * 4
    features = keras.Model(network.input, network.get_layer("conv_pw_4_relu").output)
    pictures = noise(2, 64, 64, 3)
    expected = np.asarray(cut(pictures / np.float32(127.5) - 1))
    assert np.allclose(np.asarray(features(pictures)), expected, atol=1e-4)


def test_a_backbone_that_is_none_is_refused(tmp_path):
    network = build_network("mobilenet-detectors", (64, 64), 3, **SMALL)
    (tmp_path / "text.h5").write_text("no weights")
    with pytest.raises(InputError, match=r"text\.h5 is not a Keras"):
        take_over_backbone(network, tmp_path / "text.h5")
