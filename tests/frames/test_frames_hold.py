"""What is held does not grow with the film, and an interrupted run leaves nothing: processes of their own."""

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from episode_recipes import processes_of, started, vidtag_command
from media_recipes import ffmpeg

LIMIT_KIB = 12 * 1024

# Takes one frame a shot and the most different ones, and prints how many and the peak of resident memory in KiB.
CHILD = """
import json, re, sys
from fractions import Fraction
from pathlib import Path
from vidtag.frames.extract import extract_frames
from vidtag.frames.options import FrameOptions

film, folder = Path(sys.argv[1]), Path(sys.argv[2])
shots = extract_frames([film], folder / "shots", FrameOptions(every=None, distinct=True))
few = extract_frames([film], folder / "few", FrameOptions(every=Fraction(1, 2), different=5))
peak = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(json.dumps([len(shots.rows), len(few.rows), int(peak)]))
"""


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("loop") / "clip.mkv"
    source = ("-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=10")
    ffmpeg(*source, "-c:v", "mpeg4", "-q:v", "5", "-g", "10", path)
    return path


def peak_kib(clip, minutes, folder):
    folder.mkdir()
    ffmpeg("-stream_loop", 6 * minutes - 1, "-i", clip, "-c", "copy", folder / "film.mkv")
    command = [sys.executable, "-c", CHILD, str(folder / "film.mkv"), str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert result.returncode == 0, result.stderr
    shots, few, peak = json.loads(result.stdout)
    assert shots >= 1
    assert few == 5
    return peak


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_ten_minutes_take_no_more_memory_than_one(clip, tmp_path):
    short, long = peak_kib(clip, 1, tmp_path / "short"), peak_kib(clip, 10, tmp_path / "long")
    print(f"peak memory: {short} KiB for 1 minute, {long} KiB for 10 minutes")
    assert long - short < LIMIT_KIB


@contextmanager
def taking_frames(clip, folder):
    """Begin to take frames of a long film into `out`; gives the process when there are some."""
    ffmpeg("-stream_loop", 300, "-i", clip, "-c", "copy", folder / "film.mkv")
    command = vidtag_command("frames", folder / "film.mkv", "-o", folder / "out", "--every", "0.1")
    with started(command, stderr=subprocess.PIPE) as process:
        while len(list(folder.glob("out/.vidtag-*/*.jpg"))) < 3:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        yield process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(clip, tmp_path, request, number):
    before = {
        each: signal.signal(each, signal.SIG_DFL) for each in (signal.SIGINT, signal.SIGTERM)
    }  # whatever nohup did
    request.addfinalizer(lambda: [signal.signal(each, handler) for each, handler in before.items()])
    with taking_frames(clip, tmp_path) as process:
        process.send_signal(number)
        said = process.communicate()[1]
    assert process.returncode == 128 + number
    assert re.fullmatch(r"vidtag: (interrupted|terminated); no unfinished file is left behind\n", said)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mkv"]
    assert not processes_of(tmp_path)


def test_the_next_run_removes_what_a_killed_one_left(clip, tmp_path):
    with taking_frames(clip, tmp_path) as process:
        process.kill()
        process.communicate()
    assert [path.name[:8] for path in (tmp_path / "out").iterdir()] == [".vidtag-"]
    again = vidtag_command("frames", clip, "-o", tmp_path / "out", "--every", "5")
    subprocess.run(again, check=True, capture_output=True)
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".csv", ".jpg", ".jpg"]
