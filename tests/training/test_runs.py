import json
import os
import re

import pytest
from click.testing import CliRunner
from PIL import Image
from training_recipes import small_options

from vidtag.cli.runs import runs
from vidtag.errors import InputError, OutputError, UsageError
from vidtag.training.bundle import resume_bundle
from vidtag.training.runs import HISTORY, RUN, continue_run, list_runs, note_writing, read_run, start_run

HISTORIES = (
    [{"loss": 2.0, "all_f1": 0.5}, {"loss": 1.0, "all_f1": 0.7, "top1": 0.9}],
    [{"loss": 3.0, "all_f1": 0.6}, {"loss": 1.5, "all_f1": 0.4}],
)


@pytest.fixture
def folder(tmp_path):
    """Two runs: the first one finished, the other one stopped."""
    for rate, history in zip((0.01, 0.02), HISTORIES, strict=True):
        options = small_options(output=tmp_path / "shapes", runs=tmp_path / "runs", learning_rate=rate, note="why")
        run = continue_run(start_run(options), {"backend": "tensorflow"})
        run.write_history(history)
    list_runs(tmp_path / "runs", print)[0].finish({"all_f1": 0.7}, tmp_path / "shapes")
    return tmp_path / "runs"


def test_runs_are_called_after_day_and_model(folder):
    names = [run.folder.name for run in list_runs(folder, print)]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-shapes", names[0])
    assert names[1] == f"{names[0]}-2"


def test_a_run_keeps_options_environment_history_and_note(folder):
    first, second = list_runs(folder, print)
    assert (first.options.learning_rate, second.options.learning_rate) == (0.01, 0.02)
    assert [run.history() for run in (first, second)] == list(HISTORIES)
    assert [part["backend"] for part in first.parts] == ["tensorflow"]
    assert first.note == "why"
    again = continue_run(second, {"backend": "torch"})
    assert [part["backend"] for part in read_run(again.folder).parts] == ["tensorflow", "torch"]


def test_state_says_who_is_at_it(folder):
    first, second = list_runs(folder, print)
    assert (first.state, second.state) == ("finished", "stopped")
    with second.held():
        assert second.state == "running"
        with pytest.raises(OutputError, match="is being trained by another process"), second.held():
            pass
    assert second.state == "stopped"


def test_what_a_kill_left_is_removed_when_the_run_goes_on(folder):
    run = list_runs(folder, print)[1]
    (run.folder / ".vidtag-0123.safetensors").write_bytes(b"half")
    continue_run(run, {})
    assert not list(run.folder.glob(".vidtag-*"))


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 1}', '{"format": 9}'])
def test_what_is_no_run_is_refused(folder, content):
    run = list_runs(folder, print)[0]
    (run.folder / RUN).write_text(content)
    with pytest.raises(InputError, match=RUN):
        read_run(run.folder)


def test_damaged_history_and_empty_folders_are_one_line(folder, tmp_path):
    run = list_runs(folder, print)[0]
    (run.folder / HISTORY).write_text("epoch,loss\n1,many\n")
    with pytest.raises(InputError, match="is not the history of a run"):
        run.history()
    with pytest.raises(InputError, match="holds no training runs"):
        list_runs(tmp_path / "nothing", print)


def call(*arguments):
    done = CliRunner().invoke(runs, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout.splitlines()


def test_runs_are_listed_with_their_best_round(folder):
    header, first, second = call(folder)
    assert header.split() == [
        "run",
        "state",
        "network",
        "rounds",
        "best",
        "loss",
        "top1",
        "pairs_f1",
        "all_f1",
        "nobody",
        "note",
    ]
    assert first.split()[1:] == ["finished", "mobilenet-detectors", "2/3", "2", "1.0000", "0.9000", "0.7000", "why"]
    assert second.split()[1:] == ["stopped", "mobilenet-detectors", "2/3", "1", "3.0000", "0.6000", "why"]


def test_a_comparison_shows_what_differs_and_draws_curves(folder, tmp_path):
    names = [run.folder.name for run in list_runs(folder, print)]
    lines = call(folder, "--compare", *names, "-o", tmp_path / "curves.png")
    assert [line.split() for line in lines] == [
        names,
        ["learning_rate", "0.01", "0.02"],
        ["state", "finished", "stopped"],
        ["best", "round", "2", "1"],
        ["loss", "1.0000", "3.0000"],
        ["all_f1", "0.7000", "0.6000"],
        ["top1", "0.9000"],
    ]
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.width > 400
        assert len(set(picture.convert("RGB").getdata())) > 10
    with pytest.raises(OutputError, match="--overwrite"):
        call(folder, "-o", tmp_path / "curves.png")


def test_a_comparison_tells_what_the_runs_ran_on(folder):
    first, second = list_runs(folder, print)
    for run, keras, devices in ((first, "3.1", []), (second, "3.2", ["a GPU"])):
        continue_run(run, {"backend": "torch", "devices": devices, "packages": {"keras": keras, "numpy": "2.0"}})
    lines = [line.split() for line in call(folder, "--compare", first.folder.name, second.folder.name)]
    assert lines[2:4] == [["devices", "-", "a", "GPU"], ["keras", "3.1", "3.2"]]
    assert not {"started", "backend", "numpy"} & {line[0] for line in lines}


def test_stages_are_compared_as_they_are_given(tmp_path):
    for stages in ((), ((12, 5), (6, 3))):
        start_run(small_options(output=tmp_path / "shapes", runs=tmp_path / "runs", stages=stages))
    names = [run.folder.name for run in list_runs(tmp_path / "runs", print)]
    assert ["stages", "-", "12:5", "6:3"] in [
        line.split() for line in call(tmp_path / "runs", "--compare", *sorted(names, key=len))
    ]


def test_a_run_before_its_first_round_is_listed(folder):
    run = list_runs(folder, print)[0]
    (run.folder / HISTORY).unlink()
    assert "0/3" in call(folder)[1].split()


def test_run_file_can_be_read_by_others(folder):
    facts = json.loads((list_runs(folder, print)[0].folder / RUN).read_text("utf-8"))
    assert {"format", "started", "options", "parts", "writing"} == facts.keys()
    assert facts["options"]["learning_rate"] == 0.01


def test_a_run_that_cannot_be_read_is_named_and_the_others_are_listed(folder):
    first, second = list_runs(folder, print)
    (first.folder / RUN).write_text("{")
    lines = []
    assert list_runs(folder, lines.append) == [second]
    assert len(lines) == 1
    assert f"unreadable: {first.folder / RUN}" in lines[0]
    done = CliRunner().invoke(runs, [str(folder)], catch_exceptions=False)
    assert second.folder.name in done.stdout
    assert done.stderr.startswith("left out, as it is unreadable: ")


@pytest.mark.parametrize("parts", [["tensorflow"], [3], 3, [["a"]]])
def test_parts_that_are_none_are_refused(folder, parts):
    run = list_runs(folder, print)[0]
    facts = json.loads((run.folder / RUN).read_text("utf-8"))
    (run.folder / RUN).write_text(json.dumps(facts | {"parts": parts}))
    with pytest.raises(InputError, match="does not describe a training run"):
        read_run(run.folder)


def test_a_run_that_is_nested_too_deeply_is_refused(folder):
    run = list_runs(folder, print)[0]
    (run.folder / RUN).write_text("[" * 100_000)
    with pytest.raises(InputError, match="does not describe a training run"):
        read_run(run.folder)


def test_a_run_whose_history_is_damaged_is_named_and_the_others_are_listed(folder):
    first, second = list_runs(folder, print)
    (first.folder / HISTORY).write_text("epoch,loss\n1,many\n")
    done = CliRunner().invoke(runs, [str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == [second.folder.name]
    assert done.stderr.startswith(f"left out, as it is unreadable: {first.folder / HISTORY}")
    assert done.stderr.count("\n") == 1


def test_what_goes_on_is_stopped_and_not_running(folder, tmp_path):
    older = list_runs(folder, print)[1]
    newest = continue_run(start_run(small_options(output=tmp_path / "shapes", runs=folder)), {})
    with newest.held(), older.held(), pytest.raises(UsageError, match="finished or running"):
        resume_bundle(folder, print)
    lines = []
    with newest.held(), pytest.raises(InputError, match="p does not exist"):  # the older one's pictures
        resume_bundle(folder, lines.append)
    (folder / "broken").mkdir()
    (folder / "broken" / RUN).write_text("{")
    with pytest.raises(InputError, match="p does not exist"):
        resume_bundle(folder, lines.append)
    assert any("unreadable" in line for line in lines)


def test_paths_need_not_be_unicode(tmp_path):
    place = tmp_path / os.fsdecode(b"pictures-\xff")
    options = small_options(pictures=(place,), output=tmp_path / "model", runs=tmp_path / "runs")
    run = continue_run(start_run(options), {})
    run.finish({}, place)
    assert read_run(run.folder).options.pictures == (place,)


def test_a_run_notes_that_it_writes_its_model(folder):
    run = list_runs(folder, print)[1]
    assert not run.writing
    note_writing(run)
    assert read_run(run.folder).writing
