import dataclasses
import shutil

import numpy as np
import pytest
from network_recipes import SMALL, lively_arrays, patches

from vidtag.analysis.calibration import Calibration
from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError, ShapeError
from vidtag.predictors.base import load_predictor
from vidtag.predictors.combining import combine_bundles
from vidtag.predictors.ensemble import load_members
from vidtag.predictors.locating import load_locator
from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import compact_arrays
from vidtag.records.bundles import load_bundle
from vidtag.records.bundlewriter import save_bundle

WARM = Calibration(method="temperature", temperature=3.0)


def make_member(folder, network="mobilenet-detectors", size=(48, 64), **facts):
    prepare_tensorflow()
    cast = facts.pop("cast", Cast.of("ada", "bob"))
    arrays = compact_arrays(lively_arrays(build_network(network, size, len(cast), **SMALL[network])))
    thresholds = facts.pop("thresholds", np.full(len(cast), 0.4, np.float32))
    given = {"cast": cast, "network": network, "arguments": SMALL[network], "thresholds": thresholds, "card": ""}
    return save_bundle(folder, input_size=size, arrays=arrays, **given | facts)


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    folder = tmp_path_factory.mktemp("members")
    return [
        make_member(folder / "small", "cnn2", (48, 64), thresholds=np.array([0.2, 0.4], np.float32)),
        make_member(folder / "large", size=(96, 128), calibration=WARM, licence="MIT"),
    ]


@pytest.fixture(scope="module")
def ensemble(members, tmp_path_factory):
    return combine_bundles(members, tmp_path_factory.mktemp("models") / "both")


def test_an_ensemble_is_a_bundle_of_its_own(members, ensemble):
    assert ensemble.network == "ensemble"
    assert ensemble.input_size == (96, 128)
    assert ensemble.thresholds == pytest.approx([0.3, 0.4])
    assert ensemble.licence == "MIT; not stated"
    assert [member.sha256 for member in load_members(ensemble)] == [member.sha256 for member in members]
    assert "2. large: mobilenet-detectors" in (ensemble.folder / "MODEL_CARD.md").read_text()


@pytest.mark.parametrize("backend", ["tensorflow", "openvino"])
def test_its_scores_are_the_mean_of_the_calibrated_ones(members, ensemble, backend):
    pictures = patches(5, 96, 128)
    halved = pictures.reshape(5, 48, 2, 64, 2, 3).mean(axis=(2, 4)).astype(np.uint8)
    votes = [load_predictor(members[0], backend)(halved), load_predictor(members[1], backend)(pictures)]
    scores = load_predictor(ensemble, backend)(pictures)
    assert scores.dtype == np.float32
    assert np.allclose(scores, np.mean(votes, axis=0), atol=1e-5)


def test_it_takes_only_its_input_size_and_answers_nothing_with_nothing(ensemble):
    predictor = load_predictor(ensemble)
    assert predictor(np.empty((0, 96, 128, 3), np.uint8)).shape == (0, 2)
    assert predictor.backend == "openvino-cpu"
    with pytest.raises(ShapeError, match="must be"):
        predictor(patches(1, 48, 64))


def test_it_needs_nothing_but_its_folder(ensemble, members, tmp_path):
    moved = shutil.copytree(ensemble.folder, tmp_path / "moved")
    pictures = patches(2, 96, 128)
    assert np.array_equal(load_predictor(load_bundle(moved))(pictures), load_predictor(ensemble)(pictures))
    assert not set(moved.rglob("*")) & set(members[0].folder.rglob("*"))


def test_it_can_be_calibrated_again(ensemble):
    cool = dataclasses.replace(ensemble, calibration=WARM)
    pictures = patches(2, 96, 128)
    assert np.allclose(load_predictor(cool)(pictures), WARM.apply(load_predictor(ensemble)(pictures)), atol=1e-6)


def test_why_it_cannot_say_where_is_told(members, tmp_path):
    sides = [make_member(tmp_path / "first", size=(48, 64)), make_member(tmp_path / "second", "cnn2", size=(96, 128))]
    with pytest.raises(
        OptionError, match=r"its member first has maps, but of 48x64 px pictures, not of 96x128 px ones"
    ):
        load_locator(combine_bundles(sides, tmp_path / "sizes"))
    with pytest.raises(OptionError, match=r"blind \(ensemble\) cannot say where somebody is: it has no maps"):
        load_locator(combine_bundles([members[0], sides[1]], tmp_path / "blind"))


def test_it_says_where_by_its_member_with_maps(members, ensemble):
    pictures = patches(3, 96, 128)
    assert np.array_equal(load_locator(ensemble)(pictures), load_locator(members[1])(pictures))


def test_a_member_that_was_exchanged_is_refused(ensemble, tmp_path):
    moved = shutil.copytree(ensemble.folder, tmp_path / "moved")
    shutil.rmtree(moved / "members/1")
    shutil.copytree(moved / "members/2", moved / "members/1")
    with pytest.raises(BundleError, match="its member 1 is not the one"):
        load_predictor(load_bundle(moved))
    shutil.rmtree(moved / "members/1")
    with pytest.raises(BundleError, match="members/1"):
        load_predictor(load_bundle(moved))


@pytest.mark.parametrize(
    ("arguments", "said"), [({}, "must be member_1"), ({"member_2": "x"}, "must be member_1"), ({"a": 1}, "member_1")]
)
def test_odd_arguments_are_refused(ensemble, arguments, said):
    with pytest.raises(BundleError, match=said):
        load_predictor(dataclasses.replace(ensemble, arguments=arguments))


@pytest.mark.parametrize("shares", [[1.0], [0.5, 0.6], [-0.5, 1.5]])
def test_odd_shares_are_refused(members, tmp_path, shares):
    odd = save_bundle(
        tmp_path / "odd",
        cast=members[0].cast,
        network="ensemble",
        arguments={f"member_{number}": member.sha256 for number, member in enumerate(members, start=1)},
        input_size=(96, 128),
        thresholds=members[0].thresholds,
        arrays={"shares": np.array(shares, np.float32)},
        card="",
        members=members,
    )
    with pytest.raises(BundleError, match="2 shares that add up to 1"):
        load_predictor(odd)


def test_models_that_do_not_go_together_are_refused(members, ensemble, tmp_path):
    one, target = members[0], tmp_path / "none"
    other_cast = make_member(tmp_path / "cast", cast=Cast.of("ada", "eve"))
    square = make_member(tmp_path / "square", size=(64, 64))
    stretched = make_member(tmp_path / "stretched", preprocessing="resize")
    for together, said in (
        ([one], "2 to 32 models, got 1"),
        ([one, other_cast], "small and cast know different casts"),
        ([one, square], "different shapes: 48x64 and 64x64"),
        ([one, stretched], "keeps a picture's aspect"),
        ([one, ensemble], "both is an ensemble itself"),
    ):
        with pytest.raises(OptionError, match=said):
            combine_bundles(together, target)
    assert not target.exists()


def test_replacing_an_ensemble_leaves_no_old_members(members, tmp_path):
    cropped = make_member(tmp_path / "cropped", size=(96, 128), preprocessing="crop")
    combine_bundles([*members, cropped], tmp_path / "any")
    (tmp_path / "any/notes.txt").write_text("kept")
    replaced = combine_bundles([cropped, cropped], tmp_path / "any", overwrite=True)
    assert sorted(path.name for path in (tmp_path / "any/members").iterdir()) == ["1", "2"]
    assert (tmp_path / "any/notes.txt").read_text() == "kept"
    assert replaced.preprocessing == "crop"
