from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_recipes import SMALL, lively_arrays, noise, patches

from vidtag.analysis.fitting import fit_inside
from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError, SetupError
from vidtag.predictors.base import load_predictor
from vidtag.predictors.networks import build_network
from vidtag.predictors.preprocessing import PREPROCESSINGS, denoise, find_preprocessing, to_picture_fractions
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.records.bundlewriter import save_bundle


def make_bundle(folder, preprocessing, **arguments):
    prepare_tensorflow()
    arguments = SMALL["mobilenet-detectors"] | arguments
    network = build_network("mobilenet-detectors", (48, 64), 2, **arguments)
    return save_bundle(
        folder,
        cast=Cast.of("ada", "bob"),
        network="mobilenet-detectors",
        arguments=arguments,
        preprocessing=preprocessing,
        input_size=(48, 64),
        thresholds=np.full(2, 0.5, np.float32),
        arrays=lively_arrays(network),
        card="",
    )


def test_unknown_names_are_refused_with_the_known_ones(tmp_path):
    with pytest.raises(OptionError, match="'blur'; there are: pad, resize, crop, denoise, super-resolution"):
        find_preprocessing("blur")
    with pytest.raises(BundleError, match="model 'odd': no preprocessing is called 'blur'"):
        load_predictor(make_bundle(tmp_path / "odd", "blur"))


@pytest.mark.parametrize("name", ["pad", "resize", "crop", "super-resolution"])
def test_frames_are_not_changed_behind_the_reader(name):
    frames = noise(2, 32, 32, 3)
    assert np.array_equal(PREPROCESSINGS[name].finish(frames), frames)


def test_denoising_takes_grain_away_and_keeps_edges():
    pytest.importorskip("skimage")
    clean = np.full((32, 32, 3), 60, np.uint8)
    clean[:, 16:] = 200
    grainy = np.clip(clean + np.random.default_rng(0).normal(0, 10, (2, 32, 32, 3)), 0, 255).astype(np.uint8)
    smooth = denoise(grainy)
    assert smooth.shape == grainy.shape
    assert smooth.dtype == np.uint8
    assert np.abs(smooth.astype(int) - clean).mean() < 0.4 * np.abs(grainy.astype(int) - clean).mean()
    assert (smooth[:, :, 17].astype(int) - smooth[:, :, 14]).min() > 110
    assert np.array_equal(denoise(grainy[1:]), smooth[1:])


def test_denoising_without_scikit_image_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "skimage.restoration", None)
    with pytest.raises(SetupError, match=r"pip install 'vidtag\[denoise\]'"):
        denoise(noise(1, 32, 32, 3))


@pytest.mark.parametrize("backend", ["tensorflow", "openvino"])
def test_a_predictor_denoises_what_it_is_given(tmp_path, backend):
    pytest.importorskip("skimage")
    plain = load_predictor(make_bundle(tmp_path / "plain", "pad"), backend)
    denoising = load_predictor(make_bundle(tmp_path / "denoising", "denoise"), backend)
    pictures = patches(3, 48, 64) // 2 + noise(3, 48, 64, 3) // 2
    assert np.allclose(denoising(pictures), plain(denoise(pictures)), atol=1e-6)
    assert not np.array_equal(denoising(pictures), plain(pictures))


def test_super_resolution_is_part_of_the_network(tmp_path):
    assert PREPROCESSINGS["super-resolution"].arguments == {"super_resolution": 16}
    bundle = make_bundle(tmp_path / "sharp", "super-resolution", super_resolution=4)
    scores = [load_predictor(bundle, backend)(patches(3, 48, 64)) for backend in ("tensorflow", "openvino")]
    assert np.abs(scores[0] - scores[1]).max() <= 1e-5
    with pytest.raises(OptionError, match="super_resolution must be a whole number 1 to 64"):
        build_network("mobilenet-detectors", (48, 64), 2, super_resolution=100)


sides = st.integers(32, 400)


@given(st.tuples(sides, sides), st.tuples(sides, sides), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_places_in_the_input_become_places_in_the_picture(picture_size, input_size, point):
    place = fit_inside(picture_size[1], picture_size[0], input_size[1], input_size[0], Fraction(1))
    inside = np.array([place.left + point[0] * place.width, place.top + point[1] * place.height]) / input_size[::-1]
    found = to_picture_fractions(inside, picture_size, input_size, PREPROCESSINGS["pad"])
    assert np.allclose(found, point, atol=1e-5)
    assert np.allclose(to_picture_fractions(np.array(point), picture_size, input_size, PREPROCESSINGS["resize"]), point)


def test_places_beside_the_picture_are_moved_to_its_edge():
    beside = np.array([[[0.0, 0.0]], [[1.0, 0.5]]])
    found = to_picture_fractions(beside, (100, 100), (50, 100), PREPROCESSINGS["pad"])
    assert found.tolist() == [[[0.0, 0.0]], [[1.0, 0.5]]]
