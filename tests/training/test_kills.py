"""Real processes that are stopped and killed, in the middle of a round and while they save; the runs go on."""

import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from training_recipes import SMALL, write_shapes

from vidtag.cli.main import _run
from vidtag.records.bundles import load_bundle, read_weights
from vidtag.training.checkpoints import NAME, load_checkpoint
from vidtag.training.runs import list_runs

pytestmark = pytest.mark.usefixtures("signals_as_usual")

PATIENCE = 300  # seconds for a busy machine
TOLD = (*SMALL, "--set", "dropout=0.2", "--epochs", "2", "--frames", "128", "--early-stop", "3", "--save-every", "0")

# Runs the command line, and kills the process amid the writing of its nth checkpoint, with half of it written.
KILLED_WHILE_SAVING = """
import os, pathlib, signal, sys
left, write = int(sys.argv.pop(1)), pathlib.Path.write_bytes
def write_half(path, data):
    global left
    left -= path.suffix == ".safetensors"
    if left == 0:
        write(path, data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    return write(path, data)
pathlib.Path.write_bytes = write_half
from vidtag.cli.main import main
main(sys.argv[1:])
"""


def start(folder, *arguments, begin=("-m", "vidtag")):
    return subprocess.Popen(
        [sys.executable, *begin, "train", *map(str, arguments)], cwd=folder, stderr=subprocess.PIPE, text=True
    )


def finish(process):
    """Wait for the end; give exit code and what was said."""
    said = process.communicate(timeout=PATIENCE)[1]
    return process.returncode, said


def written(folder):
    """Say when the last checkpoint of a folder's runs was written; 0 before there is one."""
    return max((path.stat().st_mtime_ns for path in folder.glob(f"runs/*/{NAME}")), default=0)


def wait_for_checkpoint(process, folder, before):
    last = time.monotonic() + PATIENCE
    while written(folder) <= before and process.poll() is None:
        assert time.monotonic() < last, "nothing was saved"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """Pictures, and the weights and the history of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("unbroken")
    pictures = write_shapes(folder / "pictures", (12, 12))
    arguments = (pictures, "-o", folder / "model", *TOLD, "--save-every", "1000", "--runs", folder / "runs")
    assert _run(["train", *map(str, arguments), "-q"]) == 0
    return pictures, read_weights(load_bundle(folder / "model")), list_runs(folder / "runs", print)[0].history()


def check_same(folder, unbroken):
    _, weights, history = unbroken
    found = read_weights(load_bundle(folder / "model"))
    assert all(np.array_equal(found[name], array) for name, array in weights.items())
    (run,) = list_runs(folder / "runs", print)
    assert run.history() == history
    assert (run.state, len(list(run.folder.glob(".vidtag-*")))) == ("finished", 0)


def test_a_run_that_is_stopped_and_killed_while_saving_ends_like_an_unbroken_one(unbroken, tmp_path, capfd):
    process = start(tmp_path, unbroken[0], "-o", tmp_path / "model", *TOLD)
    wait_for_checkpoint(process, tmp_path, 0)
    process.send_signal(signal.SIGTERM)
    code, said = finish(process)
    folder = list_runs(tmp_path / "runs", print)[0].folder
    assert code == 143
    assert said.splitlines()[-1].startswith("vidtag: stopped in round 1 after step ")
    assert said.rstrip().endswith(f"of 8; `vidtag train --resume {folder.relative_to(tmp_path)}` goes on from there")

    before = load_checkpoint(folder).progress
    killed = start(tmp_path, "--resume", begin=("-c", KILLED_WHILE_SAVING, "2"))
    assert finish(killed)[0] == -signal.SIGKILL
    after = load_checkpoint(folder).progress
    assert (after.epoch, after.step) == (before.epoch, before.step + 1)

    assert _run(["train", "--resume", str(folder)]) == 0
    assert f"going on after epoch 0 of 2, step {after.step} of 8" in capfd.readouterr().err
    check_same(tmp_path, unbroken)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_run_that_is_killed_again_and_again_ends_like_an_unbroken_one(unbroken, tmp_path, seed):
    draw, kills, said = random.Random(seed), 0, ""
    arguments = (unbroken[0], "-o", tmp_path / "model", *TOLD)
    while True:
        saving = draw.random() < 0.5 and kills < 4
        begin = ("-c", KILLED_WHILE_SAVING, str(draw.randint(1, 5))) if saving else ("-m", "vidtag")
        before = written(tmp_path)
        process = start(tmp_path, *arguments, begin=begin)
        if not saving and kills < 4:
            wait_for_checkpoint(process, tmp_path, before)
            time.sleep(draw.random() * 0.3)
            process.kill()
        code, said = finish(process)
        if code == 0:
            break
        assert code == -signal.SIGKILL, said
        kills += 1
        arguments = ("--resume",)
    assert kills
    check_same(tmp_path, unbroken)
