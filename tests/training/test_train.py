import csv
import resource
import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from media_recipes import ffmpeg
from PIL import Image
from training_recipes import SHORT, SIZE, SMALL, draw_shape, write_shapes

from vidtag.cli.main import _run
from vidtag.cli.train import train
from vidtag.errors import InputError, OutputError
from vidtag.predictors.base import load_predictor
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.records.bundles import load_bundle, read_weights
from vidtag.training.learner import Learner
from vidtag.training.placing import place_picture
from vidtag.training.runs import list_runs


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = write_shapes(tmp_path_factory.mktemp("made") / "pictures")
    (folder / "disc/broken.png").write_bytes(b"nothing")
    return folder


def _eager(wanted):
    prepare_tensorflow().config.run_functions_eagerly(wanted)


@pytest.fixture(scope="module", autouse=True)
def _eagerly():
    """Run each operation by itself where there are few steps: making graphs would take longer."""
    _eager(True)
    yield
    _eager(False)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """Runs are kept in the folder where one is."""
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    """Train in this process; errors are raised."""
    return CliRunner().invoke(train, [str(argument) for argument in arguments], catch_exceptions=False)


def refused(capfd, *arguments):
    """Run the command line; give its exit code and the one line that it says after what training reports."""
    code = _run(["train", *(str(argument) for argument in arguments), "-q"])
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return code, lines[0]


@pytest.fixture(scope="module")
def trained(pictures, tmp_path_factory):
    target = tmp_path_factory.mktemp("models") / "shapes"
    long = ("--epochs", 3, "--frames", 480, "--learning-rate", 0.01)
    kept = ("--runs", target.parent / "runs", "--note", "first of all")
    _eager(False)
    done = run(pictures, "-o", target, *SMALL, *long, *kept, "--licence", "CC0")
    _eager(True)
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
    assert "start from random weights" in done.stderr
    assert "epoch 3/3" in done.stderr


def test_a_finished_model_was_tried_in_8_bits_and_runs_in_what_was_said(trained):
    done, bundle = trained
    said = [line for line in done.stderr.splitlines() if "in 8 bits" in line]
    assert len(said) == 1
    assert said[0].endswith(f"the model runs in {bundle.precision}")


def test_card_says_how_it_was_made(trained):
    card = (trained[1].folder / "MODEL_CARD.md").read_text("utf-8")
    assert "random weights, seed 1" in card
    assert "CC0" in card
    assert "Limits" in card
    assert "`--set blocks=2 --set alpha=0.25 --set stride=8 --input-size 32x48 --epochs 3 --frames 480" in card


def test_bundle_tells_new_pictures_apart(trained):
    predictor, random = load_predictor(trained[1]), np.random.default_rng(99)
    frames = np.stack([place_picture(draw_shape(("disc", "square")[index % 2], random), SIZE) for index in range(40)])
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
    done = run(pictures, "-o", tmp_path / "finer", "--from-model", trained[1].folder, *SMALL, *SHORT)
    assert "all layers start from the model shapes" in done.stderr
    first, second = (read_weights(bundle) for bundle in (trained[1], load_bundle(tmp_path / "finer")))
    near = [np.abs(first[name].astype(float) - second[name]).mean() for name in first if name.endswith("kernel")]
    assert 0 < max(near) < 0.01


def test_a_start_of_another_network_is_refused(trained, pictures, tmp_path):
    with pytest.raises(InputError, match="the model shapes is of another network: "):
        run(pictures, "-o", tmp_path / "model", "--from-model", trained[1].folder, "--input-size", "32x48")


def test_another_cast_takes_over_all_but_the_characters(trained, pictures, tmp_path):
    (tmp_path / "cast.toml").write_text('[[character]]\nid = "square"\n[[character]]\nid = "disc"\n')
    start = ["--from-model", trained[1].folder, "--cast", tmp_path]
    done = run(pictures, "-o", tmp_path / "turned", *start, *SMALL, *SHORT, "--learning-rate", "1e-9")
    kept = {name: array.astype(np.float32) for name, array in read_weights(trained[1]).items()}
    taken = {name: array.astype(np.float32) for name, array in read_weights(load_bundle(tmp_path / "turned")).items()}
    assert f"{len(kept) - 2} of {len(kept)} weights start from the model shapes of another cast" in done.stderr
    same = {name for name in kept if name.endswith("kernel") and np.allclose(kept[name], taken[name], atol=1e-3)}
    assert same == {name for name in kept if name.endswith("kernel")} - {"maps/kernel"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--input-size", "big"], "HEIGHTxWIDTH"),
        (["--set", "blocks"], "NAME=VALUE"),
        (["--set", "blocks=many"], "blocks must be a whole number 1 to 13, got 'many'"),
        (["--set", "loss=none"], "loss must be one of"),
        (["--epochs", "few"], "not a valid integer"),
        (["--stage", "all:1"], "BLOCKS:EPOCHS"),
        (["--network", "vgg17"], "no network is called 'vgg17'"),
        (["--preprocessing", "magic"], "no preprocessing is called 'magic'"),
        (["--optimizer", "sgd"], "optimizer must be one of adamw, adam, rmsprop"),
        (["--licence", "two\nlines"], "licence must be one printable line"),
        (["--resume", "runs"], "cannot stand beside --resume"),
    ],
)
def test_wrong_options_are_usage_errors(pictures, tmp_path, arguments, said, capfd):
    code, line = refused(capfd, pictures, "-o", tmp_path / "model", *arguments)
    assert code == 2
    assert said in line


def test_quiet_says_nothing(pictures, tmp_path):
    done = run(pictures, "-o", tmp_path / "model", *SMALL, *SHORT, "-q")
    assert (done.exit_code, done.output) == (0, "")


def test_a_run_keeps_what_it_was_told_and_how_it_went(trained):
    (kept,) = list_runs(trained[1].folder.parent / "runs", print)
    assert (kept.state, kept.note, kept.options.epochs) == ("finished", "first of all", 3)
    assert kept.parts[0]["backend"] == "tensorflow"
    with (kept.folder / "history.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert {"loss", "all_f1", "nobody"} <= rows[0].keys()
    with Image.open(kept.folder / "curves.png") as picture:
        assert picture.width > 400


def test_scores_are_calibrated(trained):
    assert trained[1].calibration.method == "temperature"
    assert "held out" in trained[1].chosen


NETWORKS = {
    "cnn2": ("--set", "width=4", "--set", "units=8"),
    "cnn4": ("--set", "width=4", "--set", "units=8"),
    "cnn6": ("--set", "width=4", "--set", "units=8"),
    "vgg16-detectors": ("--set", "alpha=0.05", "--set", "entry=block2_pool", "--set", "loss=mean-squared-error"),
    "mobilenet-detectors": ("--set", "blocks=2", "--set", "alpha=0.25", "--stage", "1:1"),
}


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_trains_and_reloads(pictures, tmp_path, network):
    size = ("--input-size", "48x48", "--batch-size", 16, *SHORT)
    run(pictures, "-o", tmp_path / "model", "--network", network, *NETWORKS[network], *size, "-q")
    bundle = load_bundle(tmp_path / "model")
    assert bundle.network == network
    scores = load_predictor(bundle)(np.zeros((2, 48, 48, 3), np.uint8))
    assert scores.shape == (2, 2)
    assert np.isfinite(scores).all()


def test_networks_of_one_class_a_character_need_pictures_of_one_alone(tmp_path, capfd):
    folder = write_shapes(tmp_path / "pictures", (2, 0))
    (folder / "square").rmdir()
    both = "path,characters\ndisc/0.png,disc square\ndisc/1.png,disc\n"
    (folder / "labels.csv").write_text(both)
    code, line = refused(capfd, folder, "-o", tmp_path / "model", "--network", "cnn2", "--input-size", "48x48")
    assert code == 3
    assert "learns from pictures of one character alone, and there is none of: square" in line


def test_preprocessing_is_kept_in_the_model(pictures, tmp_path):
    run(pictures, "-o", tmp_path / "model", *SMALL, *SHORT, "--preprocessing", "resize", "-q")
    assert load_bundle(tmp_path / "model").preprocessing == "resize"


def test_a_table_and_labelled_clips_are_sources_too(pictures, tmp_path):
    for name, colour in (("a", "red"), ("b", "blue")):
        ffmpeg("-f", "lavfi", "-i", f"color={colour}:s=64x48:r=8:d=2", "-pix_fmt", "yuv420p", tmp_path / f"{name}.mp4")
    table = "clip,character,start,end,state\na.mp4,disc,0,2,present\nb.mp4,square,0,2,present\n"
    (tmp_path / "clips.csv").write_text(table)
    rows = "".join(f"{pictures}/{name}/{index}.png,{name}\n" for name in ("disc", "square") for index in range(3))
    (tmp_path / "some.csv").write_text(f"path,characters\n{rows}")
    clips = ("--intervals", tmp_path / "clips.csv")
    done = run(tmp_path / "some.csv", *clips, "-o", tmp_path / "model", *SMALL, *SHORT, "--held-out", 0.02)
    assert "12 pictures to learn from, 2 held out, 2 characters" in done.stderr
    done = run(*clips, "-o", tmp_path / "films", *SMALL, *SHORT)
    assert "8 pictures to learn from, 0 held out, 2 characters" in done.stderr


def test_one_picture_of_somebody_is_enough_and_said(tmp_path):
    folder = write_shapes(tmp_path / "pictures", (4, 1))
    done = run(folder, "-o", tmp_path / "model", *SMALL, *SHORT)
    assert "only one picture to learn from, and none to measure on, for: square" in done.stderr
    assert load_bundle(tmp_path / "model").cast.ids == ("disc", "square")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("labels.csv", "picture,characters\n0.png,disc\n", "the columns path,characters are needed"),
        ("boxes.csv", "path,character,x0,y0,x1,y1\ndisc/0.png,disc,0.2,0.2,1.5,0.9\n", "outside its picture"),
        ("labels.csv", "path,characters\ndisc/0.png,disc star\n", "'star', who is not in the cast: disc, square"),
    ],
)
def test_wrong_tables_are_one_line(tmp_path, capfd, name, text, said):
    folder = write_shapes(tmp_path / "pictures", (2, 2))
    (folder / name).write_text(text)
    (tmp_path / "cast.toml").write_text('[[character]]\nid = "disc"\n[[character]]\nid = "square"\n')
    code, line = refused(capfd, folder, "-o", tmp_path / "model", "--cast", tmp_path, *SMALL)
    assert code == 3
    assert said in line
    assert not (tmp_path / "runs").exists()


def test_an_empty_folder_of_somebody_is_one_line(tmp_path, capfd):
    folder = write_shapes(tmp_path / "pictures", (2, 0))
    code, line = refused(capfd, folder, "-o", tmp_path / "model", *SMALL)
    assert code == 3
    assert "square holds no picture to learn from" in line


def test_nothing_to_learn_from_is_one_line(tmp_path, capfd):
    code, line = refused(capfd, "-o", tmp_path / "model")
    assert code == 3
    assert "the pictures name no character" in line


@pytest.fixture
def stopped(pictures, tmp_path, monkeypatch, capfd):
    """A run whose second round met a loss that is no number: its folder, its checkpoint's bytes, what was said."""
    step = Learner.step
    steps = iter(range(1))

    def fail_in_second_round(learner, batch, doubtful):
        return step(learner, batch, doubtful) if next(steps, None) is not None else float("nan")

    with monkeypatch.context() as patch:
        patch.setattr(Learner, "step", fail_in_second_round)
        arguments = (pictures, "-o", tmp_path / "model", *SMALL, "--epochs", "2", "--frames", "16")
        assert _run(["train", *map(str, arguments), "-q"]) == 2
    (kept,) = list_runs(tmp_path / "runs", print)
    return kept.folder, (kept.folder / "checkpoint.safetensors").read_bytes(), capfd.readouterr().err


def test_a_loss_that_is_no_number_is_one_line_and_the_run_can_go_on(stopped, tmp_path, capfd):
    said = stopped[2]
    assert "the loss is nan in epoch 2, step 1, at the learning rate" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "model").exists()
    assert _run(["train", "--resume"]) == 0
    assert "going on after epoch 1 of 2" in capfd.readouterr().err
    assert load_bundle(tmp_path / "model").cast.ids == ("disc", "square")
    assert _run(["train", "--resume", str(stopped[0])]) == 2
    assert "is finished; there is nothing to go on with" in capfd.readouterr().err
    assert _run(["train", "--resume"]) == 2
    assert "all runs in runs are finished" in capfd.readouterr().err


def test_a_full_disk_is_one_line_and_leaves_the_earlier_checkpoint(stopped, capfd):
    folder, checkpoint, _ = stopped
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(checkpoint) // 2, hard))
    try:
        code, line = refused(capfd, "--resume", folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 6
    assert "checkpoint.safetensors cannot be written (File too large); make room" in line
    assert f"the earlier checkpoint is whole; then `vidtag train --resume {folder}` goes on" in line
    assert (folder / "checkpoint.safetensors").read_bytes() == checkpoint
    assert not list(folder.glob(".vidtag-*"))


def test_a_run_does_not_go_on_with_other_pictures(pictures, tmp_path, capfd, stopped):
    broken = pictures / "disc/broken.png"
    try:
        broken.write_bytes((pictures / "disc/1.png").read_bytes() + b"x")
        broken.rename(pictures / "disc/other.png")
        code, line = refused(capfd, "--resume", stopped[0])
    finally:
        (pictures / "disc/other.png").rename(broken)
        broken.write_bytes(b"nothing")
    assert code == 3
    assert "the pictures are not those that the run" in line


def test_a_kill_after_the_model_is_written_is_no_obstacle(stopped, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("vidtag.training.runs.Run.finish", _killed)
        with pytest.raises(_KilledError):
            run("--resume", stopped[0], "-q")
    assert load_bundle(tmp_path / "model").cast.ids == ("disc", "square")
    run("--resume", stopped[0], "-q")
    assert list_runs(tmp_path / "runs", print)[0].state == "finished"


class _KilledError(Exception):
    pass


def _killed(*_):
    raise _KilledError


def test_a_model_that_another_made_is_not_replaced_when_a_run_goes_on(stopped, trained, tmp_path, capfd):
    shutil.copytree(trained[1].folder, tmp_path / "model")
    code, line = refused(capfd, "--resume", stopped[0])
    assert code == 6
    assert "exists" in line


def test_curves_that_cannot_be_drawn_hide_no_error(stopped, monkeypatch, capfd):
    (stopped[0] / "history.csv").write_text("epoch,loss\n1,many\n")
    monkeypatch.setattr(Learner, "step", lambda *_: float("nan"))
    monkeypatch.setattr("vidtag.training.runs.Run.write_history", lambda *_: None)
    code, line = refused(capfd, "--resume", stopped[0])
    assert code == 2
    assert "the loss is nan" in line


def test_a_card_says_that_nothing_was_measured(pictures, tmp_path):
    clip = tmp_path / "a.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=red:s=64x48:r=8:d=2", "-pix_fmt", "yuv420p", clip)
    (tmp_path / "clips.csv").write_text("clip,character,start,end,state\na.mp4,disc,0,2,present\n")
    done = run("--intervals", tmp_path / "clips.csv", "-o", tmp_path / "model", *SMALL, *SHORT, "--early-stop", 1)
    assert "nothing is held out: " in done.stderr
    bundle = load_bundle(tmp_path / "model")
    card = (bundle.folder / "MODEL_CARD.md").read_text("utf-8")
    assert "Nobody of the cast was held out" in card
    assert "Thresholds were chosen" not in card
    assert "are calibrated" not in card
    assert "all_f1" not in bundle.accuracy
    assert bundle.thresholds.tolist() == [0.5]
    assert "not chosen" in bundle.chosen
