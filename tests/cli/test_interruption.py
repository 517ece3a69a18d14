"""Ctrl-C and SIGTERM end a run at once and leave nothing; a terminal shows how far it is."""

import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from episode_recipes import make_episode, on_a_terminal, processes_of, started, vidtag_command
from media_recipes import ffmpeg

pytest_plugins = "episode_fixtures"
pytestmark = pytest.mark.usefixtures("signals_as_usual")

PATIENCE = 120  # seconds for a busy machine


@pytest.fixture(scope="module")
def long_episode(tmp_path_factory):
    """A clip of 40 minutes, to be interrupted: much longer to tag than a test waits."""
    short = make_episode(tmp_path_factory.mktemp("short") / "minute.mp4", (("red", 750), ("blue", 750)), sound=False)
    target = tmp_path_factory.mktemp("long") / "episode.mp4"
    ffmpeg("-stream_loop", 39, "-i", short, "-c", "copy", target)
    return target


def wait_for(condition, process):
    """Wait until something holds; fail if the process ends first or patience does."""
    last = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < last, "nothing happened"
        time.sleep(0.05)


def growing(folder: Path) -> bool:
    """Say whether the film is being written."""
    return any(path.stat().st_size > 1000 for path in folder.glob(".vidtag-*"))


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated"), (signal.SIGHUP, 129, "terminated")],
)
def test_a_signal_ends_everything_and_leaves_nothing(installed, long_episode, tmp_path, number, code, word):
    command = vidtag_command("annotate", long_episode, "-o", tmp_path / "out.mp4", "--scores", tmp_path / "s.npz")
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(lambda: growing(tmp_path), process)
        assert len(processes_of(long_episode.parent)) == 2  # vidtag and the ffmpeg that decodes and encodes
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (code, "")
    assert err.startswith(f"vidtag: {word}")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    assert processes_of(long_episode.parent) == []


def interrupt_pieces(long_episode, folder, begun):
    """Annotate in three pieces, interrupt it once `begun` holds, and see that nothing stays."""
    command = vidtag_command("annotate", long_episode, "-o", folder / "out.mp4", "--parallel", 3, "--rate", 1)
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(begun, process)
        assert len(processes_of(long_episode.parent)) == 4  # vidtag and three ffmpegs
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (130, "")
    assert err.startswith("vidtag: interrupted")
    assert err.count("\n") == 1
    assert list(folder.iterdir()) == []
    assert processes_of(long_episode.parent) == []


def test_a_signal_while_pieces_are_scored(installed, long_episode, tmp_path):
    interrupt_pieces(long_episode, tmp_path, lambda: len(processes_of(long_episode.parent)) == 4)


@pytest.mark.slow
def test_a_signal_while_pieces_are_encoded(installed, long_episode, tmp_path):
    interrupt_pieces(long_episode, tmp_path, lambda: growing(tmp_path))


@pytest.mark.parametrize("delay_s", [1.0, 2.5])
def test_an_early_signal_is_answered_alike(installed, long_episode, tmp_path, delay_s):
    with started(
        vidtag_command("annotate", long_episode, "-o", tmp_path / "out.mp4"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(delay_s)  # while Python starts, while TensorFlow is loaded
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in (130, -signal.SIGINT)  # before the first line of vidtag runs, Python itself answers
    assert list(tmp_path.iterdir()) == []
    assert processes_of(long_episode.parent) == []
    if process.returncode == 130:
        assert err.count("\n") == 1, err


def test_a_reader_that_goes_away_is_no_failure(installed, episode):
    with started(vidtag_command("models"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        err = process.stderr.read()
        process.wait(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")


def test_a_terminal_shows_percent_speed_and_time_left(installed, tmp_path):
    columns = 60
    film = make_episode(tmp_path / "A rather long name of an [episode] S01E01 720p.mp4", (("red", 1500),) * 2)
    code, written = on_a_terminal(vidtag_command("annotate", film, "--batch-size", 4), columns)
    assert code == 0
    assert re.search(r"\d+ %", written), written
    assert re.search(r"\d\.\d x real time", written), written
    assert re.search(r"\d:\d\d:\d\d", written), written
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written).replace("\r", "\n").split("\n")
    assert max(map(len, lines)) <= columns


def test_quiet_shows_no_progress_on_a_terminal(installed, episode):
    assert on_a_terminal(vidtag_command("annotate", episode, "-q"), 80) == (0, "")
