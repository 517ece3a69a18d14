import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from vidtag.cli.train import train
from vidtag.errors import InputError, OutputError
from vidtag.predictors.base import load_predictor
from vidtag.records.bundles import load_bundle, read_weights
from vidtag.training.placing import place_picture

# Two characters that a very small network can tell apart: a red disc and a blue square.
SMALL = ["--set", "blocks=2", "--set", "alpha=0.25", "--set", "stride=8", "--input-size", "32x48", "--batch-size", "16"]


def draw(identity, random):
    picture = random.integers(60, 120, (60, 44, 3)).astype(np.uint8)
    x, y = (int(value) for value in random.integers(15, 29, 2))
    if identity == "disc":
        cv2.circle(picture, (x, y), 12, (240, 20, 20), -1)
    else:
        cv2.rectangle(picture, (x - 11, y - 11), (x + 11, y + 11), (20, 20, 240), -1)
    return picture


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder, random = tmp_path_factory.mktemp("pictures"), np.random.default_rng(0)
    for identity in ("disc", "square"):
        (folder / identity).mkdir()
        for index in range(24):
            cv2.imwrite(str(folder / identity / f"{index}.png"), draw(identity, random)[..., ::-1])
    (folder / "disc/broken.png").write_bytes(b"nothing")
    return folder


def run(*arguments):
    return CliRunner().invoke(train, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def trained(pictures, tmp_path_factory):
    target = tmp_path_factory.mktemp("models") / "shapes"
    done = run(
        pictures, "-o", target, *SMALL, "--epochs", 3, "--frames", 480, "--learning-rate", 0.01, "--licence", "CC0"
    )
    return done, load_bundle(target)


def test_pictures_become_a_bundle(trained):
    done, bundle = trained
    assert done.exit_code == 0
    assert bundle.cast.ids == ("disc", "square")
    assert bundle.licence == "CC0"
    assert bundle.arguments == {"blocks": 2, "alpha": 0.25, "stride": 8}
    assert {"top1", "pairs_f1", "nobody"} <= bundle.accuracy.keys()


def test_talk_goes_to_stderr_and_names_what_was_skipped(trained):
    done, _ = trained
    assert done.stdout == ""
    assert "broken.png: cannot be read" in done.stderr
    assert "starts from random weights" in done.stderr
    assert "epoch 3/3" in done.stderr


def test_card_says_how_it_was_made(trained):
    card = (trained[1].folder / "MODEL_CARD.md").read_text("utf-8")
    assert "random weights, seed 1" in card
    assert "CC0" in card
    assert "Limits" in card


def test_bundle_tells_new_pictures_apart(trained):
    predictor, random = load_predictor(trained[1]), np.random.default_rng(99)
    frames = np.stack([place_picture(draw(("disc", "square")[index % 2], random), (32, 48)) for index in range(40)])
    right = predictor(frames).argmax(1) == np.arange(40) % 2
    assert right.mean() >= 0.9


def test_an_existing_model_is_refused_before_anything_is_learned(trained, pictures):
    with pytest.raises(OutputError, match="--overwrite"):
        run(pictures, "-o", trained[1].folder, *SMALL)


def test_someone_in_the_cast_without_pictures_is_named(pictures, tmp_path):
    (tmp_path / "cast.toml").write_text(
        '[[character]]\nid = "disc"\n[[character]]\nid = "square"\n[[character]]\nid = "star"\n'
    )
    with pytest.raises(InputError, match="no picture to learn from for: star"):
        run(pictures, "-o", tmp_path / "model", "--cast", tmp_path, *SMALL)


def test_training_can_start_from_a_model(trained, pictures, tmp_path):
    done = run(
        pictures, "-o", tmp_path / "finer", "--from-model", trained[1].folder, *SMALL, "--epochs", 1, "--frames", 16
    )
    assert "all layers start from the model shapes" in done.stderr
    first, second = (read_weights(bundle) for bundle in (trained[1], load_bundle(tmp_path / "finer")))
    near = [np.abs(first[name].astype(float) - second[name]).mean() for name in first if name.endswith("kernel")]
    assert 0 < max(near) < 0.01


def test_a_start_of_another_network_or_cast_is_refused(trained, pictures, tmp_path):
    with pytest.raises(InputError, match="is of another network: "):
        run(pictures, "-o", tmp_path / "model", "--from-model", trained[1].folder, "--input-size", "32x48")
    (tmp_path / "cast.toml").write_text('[[character]]\nid = "square"\n[[character]]\nid = "disc"\n')
    with pytest.raises(InputError, match="knows another cast: disc, square"):
        run(pictures, "-o", tmp_path / "model", "--cast", tmp_path, "--from-model", trained[1].folder, *SMALL)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--input-size", "big"], "HEIGHTxWIDTH"),
        (["--set", "blocks"], "NAME=NUMBER"),
        (["--set", "blocks=many"], "must be a number"),
        (["--epochs", "few"], "not a valid integer"),
    ],
)
def test_wrong_options_are_usage_errors(pictures, tmp_path, arguments, said):
    done = run(pictures, "-o", tmp_path / "model", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_quiet_says_nothing(pictures, tmp_path):
    done = run(pictures, "-o", tmp_path / "model", *SMALL, "--epochs", 1, "--frames", 16, "-q")
    assert (done.exit_code, done.output) == (0, "")
