import numpy as np
import pytest
from evaluation_recipes import ColourPredictor, colour_bundle, write_picture

from vidtag.analysis.thresholdrules import ThresholdRule
from vidtag.evaluation.data import DataOptions, score_data
from vidtag.evaluation.rethreshold import KEPT, UNMET, _film_mix, choose_thresholds_for, write_thresholds
from vidtag.predictors.preprocessing import PREPROCESSINGS
from vidtag.records.bundles import load_bundle


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.setattr("vidtag.evaluation.rethreshold.load_predictor", lambda bundle, backend: ColourPredictor())
    return colour_bundle(tmp_path / "model").folder


@pytest.fixture
def data(tmp_path):
    """Red from 0.6 up, of which one picture of green has 0.65; nothing of blue."""
    for index, level in enumerate((0.6, 0.7, 0.8, 0.9)):
        write_picture(tmp_path / f"data/red/{index}.png", level, 0, 0)
        write_picture(tmp_path / f"data/green/{index}.png", 0.65 if index == 3 else 0.1, level, 0)
    return DataOptions(data=tmp_path / "data")


def choose(model, data, rule, **options):
    return choose_thresholds_for(str(model), data, ThresholdRule.parse(rule), **options)


def test_thresholds_lie_where_the_rule_says(model, data):
    red, green, blue = choose(model, data, "f1").choices
    assert 0.1 < red.after < 0.6
    assert (red.precision, red.recall) == (pytest.approx(0.8), 1)
    assert 0.02 < green.after < 0.6
    assert (blue.before, blue.after, blue.note) == (pytest.approx(0.5), pytest.approx(0.5), KEPT)
    red, *_ = choose(model, data, "precision=0.99").choices
    assert 0.64 < red.after < 0.7
    assert red.precision == 1


def test_what_is_out_of_reach_is_said(model, tmp_path):
    write_picture(tmp_path / "bad/red/1.png", 0.2, 0, 0)
    write_picture(tmp_path / "bad/green/1.png", 0.9, 0.1, 0)
    red, *_ = choose(model, DataOptions(data=tmp_path / "bad"), "precision=0.9").choices
    assert (red.note, red.precision) == (UNMET, 0.5)


def test_unknown_ones_are_not_scored(model, data, tmp_path):
    unknown = DataOptions(data=data.data, unnamed="unknown")
    assert {one.note for one in choose(model, unknown, "f1").choices} == {KEPT}


def test_nothing_is_written_before_it_is_asked_for(model, data):
    before = (model / "bundle.toml").read_bytes()
    result = choose(model, data, "f1")
    assert (model / "bundle.toml").read_bytes() == before
    write_thresholds(result)
    assert (model / "bundle.toml").read_bytes() != before


def test_the_old_thresholds_are_kept(model, data):
    old = load_bundle(model)
    for rule in ("f1", "fixed=0.9"):
        write_thresholds(choose(model, data, rule))
    new = load_bundle(model)
    assert new.thresholds == pytest.approx([0.9] * 3)
    assert new.chosen == "by fixed=0.9 on 8 samples of data"
    assert [choice.chosen for choice in new.before] == ["in training", "by f1 on 8 samples of data"]
    assert np.array_equal(new.before[0].thresholds, old.thresholds)
    assert new.sha256 == old.sha256


def test_of_many_changes_the_first_and_the_latest_are_kept(model, data):
    for step in range(22):
        write_thresholds(choose(model, data, f"fixed={(step + 1) / 100}"))
    before = load_bundle(model).before
    assert len(before) == 20
    assert before[0].chosen == "in training"
    assert before[-1].chosen == "by fixed=0.21 on 8 samples of data"


@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_thresholds_are_for_calibrated_scores(model, data, method):
    result = choose(model, data, "f1", calibrate=method)
    assert result.bundle.calibration.method == method
    raw = choose(model, data, "f1")
    assert np.allclose(result.scored.scores, result.bundle.calibration.apply(raw.scored.scores))
    assert (result.choices[0].precision, result.choices[0].recall) == (raw.choices[0].precision, raw.choices[0].recall)
    write_thresholds(result)
    kept = choose(model, data, "f1")
    assert kept.bundle.calibration == result.bundle.calibration
    assert kept.choices[0].after == pytest.approx(result.choices[0].after)
    assert choose(model, data, "f1", calibrate="none").bundle.calibration.method == "none"
    assert kept.bundle.before[-1].calibration == result.bundle.calibration


def test_for_film_a_model_of_boxes_sees_what_training_showed_it(tmp_path):
    write_picture(tmp_path / "scene.png", 1, 1, 0)
    rows = "scene.png,red,0,0,0.5,0.5\nscene.png,green,0,0,1,1\n"
    (tmp_path / "boxes.csv").write_text("path,character,x0,y0,x1,y1\n" + rows)
    preprocessing, predictor = PREPROCESSINGS["crop"], ColourPredictor()
    examples = score_data(DataOptions(data=tmp_path / "boxes.csv"), predictor, preprocessing).examples
    labels, _ = _film_mix(examples, predictor, preprocessing, seed=1)
    assert labels[0].tolist() == [0, 1, 0]


def test_for_film_frames_of_nobody_count(model, data):
    result = choose(model, data, "film")
    assert "by film=0.8 on" in result.bundle.chosen
    assert int(result.bundle.chosen.split()[3]) > 8
    assert 0.4 <= result.choices[0].after <= 0.8
