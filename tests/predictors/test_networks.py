import numpy as np
import pytest
from network_recipes import SMALL as SMALL_ONES
from network_recipes import noise

from vidtag.errors import InputError, OptionError, ShapeError
from vidtag.predictors.networks import LOSSES, NETWORKS, NetworkKind, build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import (
    compact_arrays,
    network_arrays,
    set_network_arrays,
    start_without_backbone,
    take_over_backbone,
)

SMALL = SMALL_ONES["mobilenet-detectors"]


@pytest.fixture(scope="module", autouse=True)
def runtime():
    prepare_tensorflow()


@pytest.mark.parametrize("name", NETWORKS)
def test_scores_lie_between_0_and_1(name):
    network = build_network(name, (48, 80), 4, **SMALL_ONES[name])
    scores = np.asarray(network(noise(3, 48, 80, 3)))
    assert scores.shape == (3, 4)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    if NETWORKS[name].head == "softmax":
        assert np.allclose(scores.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_scores_are_made_of_the_logits_called_pool(name):
    import keras

    network = build_network(name, (48, 48), 3, **SMALL_ONES[name])
    both = keras.Model(network.input, [network.get_layer("pool").output, network.output])
    logits, scores = (np.asarray(part) for part in both(noise(4, 48, 48, 3)))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = shares if NETWORKS[name].head == "softmax" else 1 / (1 + np.exp(-logits))
    assert np.allclose(scores, expected, atol=1e-6)


def two_kinds():
    """Pictures that are easy to tell apart: bright on the left, or on the right."""
    pictures = noise(16, 48, 48, 3) // 4
    pictures[:8, :, :24] += 150
    pictures[8:, :, 24:] += 150
    return pictures, np.repeat(np.eye(2, dtype=np.float32), 8, axis=0)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_learns_and_comes_back_as_it_was(name):
    import keras

    kind = NETWORKS[name]
    keras.utils.set_random_seed(1)
    network = build_network(name, (48, 48), 2, **SMALL_ONES[name])
    loss = kind.loss_of(SMALL_ONES[name]).replace("-", "_")
    trained = keras.Model(network.input, network.get_layer("pool").output)
    trained.compile(keras.optimizers.Adam(1e-2), getattr(keras.losses, loss.title().replace("_", ""))(from_logits=True))
    losses = [float(trained.train_on_batch(*two_kinds())) for _ in range(12)]
    assert min(losses[-3:]) < 0.8 * losses[0]
    again = build_network(name, (48, 48), 2, **SMALL_ONES[name])
    set_network_arrays(again, network_arrays(network))
    assert np.array_equal(np.asarray(again(noise(2, 48, 48, 3))), np.asarray(network(noise(2, 48, 48, 3))))


@pytest.mark.parametrize("name", NETWORKS)
def test_defaults_say_how_to_train(name):
    kind = NETWORKS[name]
    assert kind.loss in LOSSES
    assert (kind.head == "softmax") == (kind.loss == "categorical-crossentropy")
    assert kind.epochs >= 1
    assert 0 < kind.learning_rate < 1
    assert bool(kind.backbone) == bool(kind.block_end)


def test_an_argument_names_the_loss():
    kind = NETWORKS["vgg16-detectors"]
    assert kind.loss_of({}) == "binary-crossentropy"
    assert kind.loss_of({"loss": "mean-squared-error"}) == "mean-squared-error"
    with pytest.raises(OptionError, match="loss must be one of binary-crossentropy, "):
        NetworkKind(draw=print).loss_of({"loss": "hinge"})


@pytest.mark.parametrize("name", ["cnn2", "cnn4", "cnn6"])
def test_classes_need_two_characters(name):
    with pytest.raises(OptionError, match="at least 2 characters"):
        build_network(name, (64, 64), 1)


def test_vgg16_detectors_say_where_and_keep_frozen_blocks():
    network = build_network("vgg16-detectors", (48, 64), 3, entry="block3_pool", alpha=0.1, fine_tuning=1)
    assert network.get_layer("maps").output.shape == (None, 6, 8, 3)
    learning = {layer.name for layer in network.layers if layer.trainable_weights}
    assert {name for name in learning if name.startswith("block")} == {f"block3_conv{part}" for part in (1, 2, 3)}
    assert "no ImageNet weights are given" in start_without_backbone(network)
    assert "block1_conv1" in {layer.name for layer in network.layers if layer.trainable_weights}
    assert "always" in start_without_backbone(build_network("cnn4", (32, 32), 2, **SMALL_ONES["cnn4"]))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"entry": "block6_pool"}, "entry must be one of block1_pool"),
        ({"loss": "hinge"}, "loss must be"),
        ({"detectors": 0}, "detectors"),
        ({"connected": 1.5}, "connected"),
        ({"decay": 2}, "decay"),
        ({"fine_tuning": True}, "fine_tuning"),
    ],
)
def test_wrong_arguments_of_vgg16_are_named(arguments, named):
    with pytest.raises(OptionError, match=named):
        build_network("vgg16-detectors", (48, 64), 3, **arguments)


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
    with pytest.raises(
        OptionError, match="no network is called 'resnet'; there are: cnn2, cnn4, cnn6, mobilenet-detectors"
    ):
        build_network("resnet", (48, 64), 3)
    with pytest.raises(OptionError, match=r"mobilenet-detectors, vgg16-detectors; see `vidtag combine`$"):
        build_network("ensemble", (48, 64), 3)
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


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras, while it writes weights
def test_vgg16_takes_over_weights_learned_on_blue_green_red(tmp_path):
    import keras

    whole = keras.applications.VGG16(weights=None, include_top=False, input_shape=(48, 48, 3))
    cut = keras.Model(whole.input, whole.get_layer("block2_pool").output)
    cut.save_weights(tmp_path / "vgg.weights.h5")
    network = build_network("vgg16-detectors", (48, 48), 3, entry="block2_pool", detectors=4)
    assert take_over_backbone(network, tmp_path / "vgg.weights.h5") == [
        f"block{block}_conv{part}" for block in (1, 2) for part in (1, 2)
    ]
    features = keras.Model(network.input, network.get_layer("block2_pool").output)
    pictures = noise(2, 48, 48, 3)
    expected = np.asarray(cut(keras.applications.vgg16.preprocess_input(pictures.astype(np.float32))))
    assert np.allclose(np.asarray(features(pictures)), expected, rtol=1e-4, atol=1e-3)


def test_a_backbone_that_is_none_is_refused(tmp_path):
    network = build_network("mobilenet-detectors", (64, 64), 3, **SMALL)
    (tmp_path / "text.h5").write_text("no weights")
    with pytest.raises(InputError, match=r"text\.h5 is not a Keras"):
        take_over_backbone(network, tmp_path / "text.h5")


def test_weights_of_another_backbone_are_refused(tmp_path):
    import h5py

    with h5py.File(tmp_path / "other.weights.h5", "w") as file:
        file.create_group("layers")
    for name, wanted in (("mobilenet-detectors", "MobileNetV1"), ("vgg16-detectors", "VGG16"), ("cnn2", "another")):
        network = build_network(name, (64, 64), 3, **SMALL_ONES[name])
        with pytest.raises(InputError, match=f"no layer that fits; expected {wanted}"):
            take_over_backbone(network, tmp_path / "other.weights.h5")
