"""An output belongs to one run at a time, however that run ends."""

import signal
import subprocess
import sys

import pytest

from vidtag import claims
from vidtag.claims import claimed
from vidtag.errors import LockedError
from vidtag.hiddenfiles import remove_dead
from vidtag.outputs import Outputs

HOLDING = """
import sys, time
from pathlib import Path
from vidtag.claims import claimed
with claimed(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def holding_run(target):
    process = subprocess.Popen([sys.executable, "-c", HOLDING, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told(tmp_path):
    target = tmp_path / "film.mp4"
    with holding_run(target) as process:
        try:
            with (
                pytest.raises(LockedError, match=r"film\.mp4 is being written by another run") as caught,
                claimed(target),
            ):
                pass
            with claimed(tmp_path / "other.mp4"):
                pass
        finally:
            process.send_signal(signal.SIGKILL)
    assert caught.value.exit_code == 7
    with claimed(target):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_dead_run_is_removed_by_whatever_run_comes_next(tmp_path):
    with holding_run(tmp_path / "film.mp4") as process:
        remove_dead(tmp_path / "other.mp4")
        held = list(tmp_path.iterdir())
        process.send_signal(signal.SIGKILL)
    assert len(held) == 1
    remove_dead(tmp_path / "other.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_look_at_the_lock_is_no_run(tmp_path, monkeypatch):
    """A run that cleans up holds a file for an instant; who wants it waits that long."""
    real, answers = claims.try_lock, [False, False]
    monkeypatch.setattr(claims, "try_lock", lambda descriptor: answers.pop() if answers else real(descriptor))
    with claimed(tmp_path / "film.mp4"):
        assert answers == []


def test_a_lock_that_was_removed_while_it_was_opened_is_made_again(tmp_path, monkeypatch):
    real, calls = claims.try_lock, []

    def remove_first(descriptor):
        if not calls:
            next(tmp_path.iterdir()).unlink()
        calls.append(descriptor)
        return real(descriptor)

    monkeypatch.setattr(claims, "try_lock", remove_first)
    with claimed(tmp_path / "film.mp4"):
        assert len(calls) == 2
        assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("shared", ["film.mp4", "times.csv", "film.npz"])
def test_every_output_is_claimed(tmp_path, shared):
    episode = tmp_path / "episode.mp4"
    episode.touch()
    outputs = Outputs(film=tmp_path / "film.mp4", csv=tmp_path / "times.csv", scores=tmp_path / "film.npz")
    with holding_run(tmp_path / shared) as process:
        try:
            with pytest.raises(LockedError, match=shared), outputs.claimed(episode):
                pass
        finally:
            process.send_signal(signal.SIGKILL)
    with outputs.claimed(episode) as held:
        assert held.film == tmp_path / "film.mp4"
    assert [path.name for path in tmp_path.iterdir()] == ["episode.mp4"]
