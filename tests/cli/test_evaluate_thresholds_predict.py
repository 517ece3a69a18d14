import csv
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from evaluation_recipes import CAST, ColourPredictor, colour_bundle, write_picture
from media_recipes import ffmpeg
from network_recipes import SMALL

from vidtag.cast import Cast
from vidtag.cli.main import _run
from vidtag.predictors.networks import build_network
from vidtag.predictors.tensorflow import prepare_tensorflow
from vidtag.predictors.weights import network_arrays
from vidtag.records.bundles import load_bundle
from vidtag.records.bundlewriter import save_bundle


@pytest.fixture
def model(tmp_path, monkeypatch):
    for place in ("evaluation.evaluate", "evaluation.rethreshold", "predictors.base"):
        monkeypatch.setattr(
            f"vidtag.{place}.load_predictor", lambda bundle, backend="auto", batch_size=1: ColourPredictor()
        )
    return str(colour_bundle(tmp_path / "model").folder)


@pytest.fixture
def data(tmp_path):
    for index, level in enumerate((0.4, 0.7, 0.8, 0.9)):
        write_picture(tmp_path / f"data/red/{index}.png", level, 0, 0)
        write_picture(tmp_path / f"data/green/{index}.png", 0.7 if index == 3 else 0.1, level, 0)
    (tmp_path / "data/green/broken <b>.png").write_bytes(b"")
    return str(tmp_path / "data")


def test_evaluate_prints_a_table_and_writes_a_report(model, data, tmp_path, capsys):
    assert _run(["evaluate", model, data, "-o", str(tmp_path / "out"), "--repeats", "20"]) == 0
    printed = capsys.readouterr()
    assert re.search(r"Red +4 +75\.0% +75\.0%", printed.out)
    assert re.search(r"^main character scores highest +100\.0%  \(", printed.out, re.MULTILINE)
    assert "broken <b>.png: cannot be read" in printed.err
    figures = json.loads((tmp_path / "out/figures.json").read_text())
    assert figures["characters"][0]["precision"] == 0.75
    assert figures["overall"]["macro_f1"]["interval"][0] <= figures["overall"]["macro_f1"]["value"]
    rows = list(csv.DictReader((tmp_path / "out/figures.csv").read_text().splitlines()))
    assert [row["character"] for row in rows] == ["red", "green", "blue"]
    assert (rows[0]["precision"], rows[2]["recall"]) == ("0.75", "")


def test_the_page_needs_nothing_else_and_trusts_no_name(model, data, tmp_path):
    assert _run(["evaluate", model, data, "-o", str(tmp_path / "out"), "--repeats", "5", "-q"]) == 0
    page = (tmp_path / "out/report.html").read_text()
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "broken &lt;b&gt;.png" in page
    assert "<b>.png" not in page
    for heading in ("Overall", "Each character", "Confusion", "Worst mistakes: missed", "Calibration"):
        assert f"<h2>{heading}</h2>" in page
    assert page.count("<figure>") >= 3
    assert "prefers-color-scheme: dark" in page


def test_on_films_errors_are_told_in_seconds_and_shares(model, tmp_path, capsys):
    parts = [f"color=c={colour}:s=64x48:r=8:d=2[{index}]" for index, colour in enumerate(("red", "black"))]
    graph = ";".join([*parts, "[0][1]concat=n=2[out]"])
    ffmpeg("-filter_complex", graph, "-map", "[out]", "-c:v", "ffv1", tmp_path / "film.mkv")
    table = "clip,character,start,end,state\nfilm.mkv,red,0,2.5,present\nfilm.mkv,green,3,4,present\n"
    (tmp_path / "films.csv").write_text(table)
    arguments = ["evaluate", model, str(tmp_path / "films.csv"), "-o", str(tmp_path / "out"), "--repeats", "5"]
    assert _run(arguments) == 0
    assert re.search(r"Red +2\.50 +-0\.50 +20\.0% +0\.0% +0\.50", capsys.readouterr().out)
    red, green, blue = json.loads((tmp_path / "out/figures.json").read_text())["films"]
    assert (red["reference_s"], red["found_s"], red["screen_time_error_s"]) == (2.5, 2, -0.5)
    assert (red["missed_share"], red["false_share"], red["edge_error_median_s"]) == (0.2, 0, 0.5)
    assert (green["missed_share"], green["edges_missed"], green["edge_error_median_s"]) == (1, 1, None)
    assert (blue["reference_s"], blue["missed_share"]) == (0, None)
    page = (tmp_path / "out/report.html").read_text()
    assert "<h2>On film</h2>" in page
    assert re.search(r"film\.mkv 0:02\.\d+", page)  # a mistake is shown with where it is


def test_names_that_are_no_text_are_reported(model, data, tmp_path, capsys):
    odd = Path(os.fsdecode(os.fsencode(f"{data}/red/") + b"\xff.png"))
    try:
        odd.write_bytes((Path(data) / "red/3.png").read_bytes()[:-1] + b"!")
        odd.with_name(f"broken{odd.name}").write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")
    output = tmp_path / "out"
    assert _run(["evaluate", model, data, "-o", str(output), "--repeats", "5", "--json", "-q"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [entry["path"].rpartition("/")[2] for entry in printed["skipped"]] == ["broken <b>.png", "broken\ufffd.png"]
    assert json.loads((output / "figures.json").read_text()) == printed
    assert "broken\ufffd.png" in (output / "report.html").read_text()


def test_evaluate_as_json_alone(model, data, capsys):
    assert _run(["evaluate", model, data, "--json", "--repeats", "5"]) == 0
    assert json.loads(capsys.readouterr().out)["samples"] == 8


def test_a_report_is_not_replaced_unasked(model, data, tmp_path, capsys):
    arguments = ["evaluate", model, data, "-o", str(tmp_path / "out"), "--repeats", "5", "-q"]
    assert _run(arguments) == 0
    (tmp_path / "out/figures.csv").write_text("mine")
    assert _run(arguments) == 6
    assert "pass --overwrite" in capsys.readouterr().err
    assert (tmp_path / "out/figures.csv").read_text() == "mine"
    assert _run([*arguments, "--overwrite"]) == 0
    assert (tmp_path / "out/figures.csv").read_text() != "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["evaluate", "{model}", "{tmp}/none"], 3, "none does not exist; expected a folder or table of"),
        (["evaluate", "{tmp}/none", "{data}"], 3, "is not a model bundle"),
        (["evaluate", "{model}", "{data}", "--repeats", "0"], 2, "1 to 100000 repeats"),
        (["evaluate", "{model}", "{data}", "--unnamed", "perhaps"], 2, "auto, absent, unknown"),
        (["evaluate", "{model}", "{data}/red/0.png"], 3, "cannot be read as a table of labelled pictures or films"),
        (["thresholds", "{model}", "{data}", "--by", "best"], 2, "chosen by f1, accuracy"),
        (["thresholds", "{model}", "{data}", "--calibrate", "platt"], 2, "one of none, temperature, isotonic"),
        (["thresholds", "{model}", "{data}", "--only", "nobody"], 3, "'nobody' is not in the cast of model"),
        (["thresholds", "{model}", "{data}", "--plots", "{data}/red/0.png"], 6, "cannot be written"),
        (["predict", "{tmp}/none.png", "--model", "{model}"], 3, "none.png does not exist; expected a picture"),
        (["predict", "{data}", "--model", "{model}"], 3, "is a folder; expected a picture"),
        (["predict", "{data}/green/broken <b>.png", "--model", "{model}"], 3, "cannot be read"),
    ],
)
def test_what_is_wrong_is_one_line(model, data, tmp_path, capsys, arguments, code, words):
    given = [argument.format(model=model, data=data, tmp=tmp_path) for argument in arguments]
    assert _run([*given, *(["-o", str(tmp_path / "out")] if given[0] == "evaluate" else [])]) == code
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_thresholds_are_shown_and_written(model, data, tmp_path, capsys):
    assert _run(["thresholds", model, data, "--by", "f1", "--plots", str(tmp_path / "plots")]) == 0
    printed = capsys.readouterr()
    assert re.search(r"Red +0\.300 +0\.\d{3}", printed.out)
    assert "no example" in printed.out
    assert "by f1 on 8 samples of data" in printed.err
    assert load_bundle(tmp_path / "model").chosen == "by f1 on 8 samples of data"
    assert {path.name for path in (tmp_path / "plots").iterdir()} >= {"thresholds.png", "gaps.png"}


def test_only_the_named_one_gets_another_threshold(model, data, tmp_path):
    before = load_bundle(tmp_path / "model")
    named = before.cast.ids[1]
    assert _run(["thresholds", model, data, "--by", "fixed=0.77", "--only", named, "-q"]) == 0
    after = load_bundle(tmp_path / "model")
    assert after.thresholds[1] == np.float32(0.77)
    assert np.array_equal(np.delete(after.thresholds, 1), np.delete(before.thresholds, 1))
    assert after.chosen == f"by fixed=0.77 on 8 samples of data for {named}, the others as before"


def test_a_dry_run_changes_nothing(model, data, tmp_path, capsys):
    before = (tmp_path / "model/bundle.toml").read_bytes()
    assert _run(["thresholds", model, data, "--dry-run", "--calibrate", "temperature"]) == 0
    assert "would be written" in capsys.readouterr().err
    assert (tmp_path / "model/bundle.toml").read_bytes() == before


def test_predict_names_those_above_their_threshold(model, data, capsys):
    assert _run(["predict", f"{data}/red/3.png", f"{data}/red/0.png", "--model", model]) == 0
    first, second = re.split(r"\n(?=\S)", capsys.readouterr().out.strip())
    assert first.startswith(f"{data}/red/3.png: Red")
    assert re.search(r"\* Red +(89|90)\.\d%", first)
    assert second.startswith(f"{data}/red/0.png: nobody")
    assert "*" not in second


def test_predict_shows_the_likeliest_three_or_all(model, data, monkeypatch, capsys):
    cast = Cast.of("red", "green", "blue", "grey", "pink")

    class FivePredictor(ColourPredictor):
        def __call__(self, pictures):
            return np.hstack([super().__call__(pictures), np.float32([[0.3, 0.2]] * len(pictures))])

    five = FivePredictor(cast=cast, thresholds=np.full(5, 0.5, np.float32))
    monkeypatch.setattr("vidtag.predictors.base.load_predictor", lambda bundle, backend="auto", batch_size=1: five)
    picture = f"{data}/red/3.png"
    shown = {}
    for option in ((), ("--all",)):
        assert _run(["predict", picture, "--model", model, *option]) == 0
        shown[option] = re.findall(r"^  [* ] (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert shown[()] == ["Red", "Grey", "Pink"]
    assert shown[("--all",)][:3] == ["Red", "Grey", "Pink"]
    assert sorted(shown[("--all",)]) == sorted(cast.names)


def test_a_network_of_shares_says_nobody_where_no_share_reaches_its_threshold(data, tmp_path, capsys):
    shares = np.array([0.5, 0.3, 0.2], np.float32)
    prepare_tensorflow()
    arguments = SMALL["cnn2"]
    arrays = network_arrays(build_network("cnn2", (32, 32), 3, **arguments))
    last = {name: array for name, array in arrays.items() if name.startswith("pool/")}
    assert {array.ndim for array in last.values()} == {1, 2}
    arrays |= {name: np.log(shares) if array.ndim == 1 else 0 * array for name, array in last.items()}
    facts = {"network": "cnn2", "arguments": arguments, "input_size": (32, 32), "cast": CAST, "arrays": arrays}
    for highest, said in ((0.45, "Red"), (0.55, "nobody")):
        thresholds = np.array([highest, 0.4, 0.4], np.float32)
        model = save_bundle(tmp_path / said, thresholds=thresholds, card="", **facts).folder
        assert _run(["predict", f"{data}/red/0.png", "--model", str(model)]) == 0
        first, *rows = capsys.readouterr().out.splitlines()
        assert first.endswith(f"/red/0.png: {said}")
        assert re.search(r"Red +50\.0%", rows[0])


def test_predict_as_json(model, data, capsys):
    assert _run(["predict", f"{data}/green/3.png", "--model", model, "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["pictures"]
    assert entry["present"] == ["red", "green"]
    assert entry["scores"]["blue"] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_predict_goes_on_past_pictures_that_cannot_be_used(model, data, capsys, option):
    bad = [f"{data}/none.png", f"{data}/green/broken <b>.png"]
    assert _run(["predict", bad[0], f"{data}/red/3.png", bad[1], "--model", model, *option]) == 3
    printed = capsys.readouterr()
    assert f"{data}/red/3.png" in printed.out
    assert not any(name in printed.out for name in bad)
    assert printed.err.count("\n") == 1
    assert (
        f"2 of 3 pictures cannot be used: {bad[0]} does not exist; expected a picture; {bad[1]} cannot" in printed.err
    )


def test_measuring_imports_no_plots_before_it_draws():
    import subprocess
    import sys

    code = (
        "import sys, vidtag.cli.evaluate, vidtag.cli.thresholds, vidtag.cli.predict, vidtag.evaluation.plots;"
        "print(sorted({'matplotlib', 'tensorflow', 'keras'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
