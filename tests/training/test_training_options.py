import dataclasses
import json
import shlex
from pathlib import Path

import pytest
from training_recipes import small_options

from vidtag.cli.train import train
from vidtag.errors import InputError, OptionError
from vidtag.training.mix import FrameMix
from vidtag.training.mixing import parse_mix_settings
from vidtag.training.options import TrainingOptions
from vidtag.training.optionsfile import options_of, plain_options
from vidtag.training.spoken import _SPOKEN, spoken_options


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"frames": -1},
        {"held_out": 0.9},
        {"frozen_blocks": 14},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"input_size": (8, 48)},
        {"seed": -1},
        {"early_stop": -1},
        {"save_seconds": -1.0},
        {"precision": "float8"},
        {"balance": "fair"},
        {"licence": "two\nlines"},
        {"origin": ""},
        {"note": "\x1b[31m"},
    ],
)
def test_options_are_checked(wrong):
    with pytest.raises(OptionError, match=next(iter(wrong)).replace("_", " ")):
        small_options(**wrong)


def test_stages_need_blocks_and_rounds():
    with pytest.raises(OptionError, match="a stage is 1 to 13 blocks and 1 or more rounds"):
        small_options(stages=((2, 0),))
    with pytest.raises(OptionError, match="cnn2 has no backbone"):
        small_options(network="cnn2", arguments={}, stages=((1, 1),))


def test_settings_of_the_mix_are_checked_before_any_picture_is_read():
    with pytest.raises(OptionError, match="shares of frames"):
        small_options(set_mix={"scene": (2.0,)})


def test_what_is_not_given_is_what_suits_the_network():
    classic = TrainingOptions.for_network(pictures=(), output=Path("o"), network="cnn2", epochs=None)
    assert (classic.epochs, classic.learning_rate, classic.input_size) == (5, 1e-3, (64, 64))
    assert TrainingOptions.for_network(pictures=(), output=Path("o"), network="cnn2", epochs=7).epochs == 7
    with pytest.raises(OptionError, match="no network is called 'cnn3'"):
        TrainingOptions.for_network(pictures=(), output=Path("o"), network="cnn3")


def test_options_come_back_from_a_file(tmp_path):
    given = small_options(
        pictures=(Path("a"), Path("b.csv")),
        dev=Path("d"),
        mix=FrameMix(turn=5.0),
        set_mix={"scene": (0.2,), "scale": (0.3, 0.5)},
        stages=((2, 3), (1, 1)),
        boxes=(Path("boxes.csv"),),
        runs=tmp_path,
    )
    read = options_of(json.loads(json.dumps(plain_options(given))), tmp_path / "run.json")
    for field in dataclasses.fields(TrainingOptions):
        value = getattr(given, field.name)
        if isinstance(value, Path):
            value = value.absolute()
        elif isinstance(value, tuple):
            value = tuple(part.absolute() if isinstance(part, Path) else part for part in value)
        assert getattr(read, field.name) == value, field.name


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"network": "cnn2", "arguments": {}, "optimizer": "adam"},
        {"stages": ((2, 3), (1, 1)), "set_mix": {"scene": (0.2,), "scale": (0.3, 0.5)}, "learning_rate": 2e-05},
        {"input_size": (96, 128), "early_stop": 2, "precision": "mixed_bfloat16", "seed": 7, "held_out": 0.25},
    ],
)
def test_what_a_card_says_repeats_a_training(given):
    options = small_options(**given)
    words = shlex.split(spoken_options(options))
    context = train.make_context("train", ["-o", "o", *words])
    said = {name: context.params[name] for name in {field.name for field in dataclasses.fields(options)} & {*_SPOKEN}}
    said["set_mix"] = parse_mix_settings(said["set_mix"])
    assert TrainingOptions.for_network(pictures=options.pictures, output=options.output, **said) == options


def test_a_card_names_every_option_that_changes_what_is_learned():
    files = {"pictures", "output", "cast", "strangers", "boxes", "intervals", "dev", "backbone", "from_model", "runs"}
    talk = {"note", "licence", "origin", "overwrite", "workers", "save_seconds"}
    assert {field.name for field in dataclasses.fields(TrainingOptions)} == {*_SPOKEN, *files, *talk} | {
        "mix",
        "weight_decay",
    }


@pytest.mark.parametrize(
    "change", [{"epochs": "many"}, {"colour": 1}, {"mix": {"walls": 1}}, {"pictures": 3}, {"epochs": 0}]
)
def test_a_file_of_other_options_is_refused(tmp_path, change):
    with pytest.raises(InputError, match="holds no options of a training that this vidtag knows"):
        options_of(plain_options(small_options()) | change, tmp_path / "run.json")
